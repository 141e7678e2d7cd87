import { sql } from 'kysely'
import { monthlyCalls } from '#sandbox/limits.ts'
import type { Sandbox } from '#sandbox/sandbox.ts'
import { rowsOf } from '#store/database.ts'
import type { AppParts } from '../../app/parts.ts'

/** The month's calls were made before the story began, all but so many: the platform and our own meter both say so. */
export async function spendBefore(
  { database, tenant, clock }: AppParts,
  { world }: Sandbox,
  left: number,
): Promise<void> {
  const nowMs = clock.now().epochMilliseconds
  const used = monthlyCalls(world.origin.edition) - left
  world.ledger.spend(nowMs, used)
  const month = clock.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate().with({ day: 1 })
  await rowsOf(
    sql`insert into quota_use (tenant_id, corp_id, month, used)
      values (${tenant}, ${world.credentials.dingtalk.corpId}, ${month.toString()}::date, ${used})`,
    database.kysely,
  )
}
