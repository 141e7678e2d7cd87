import type { QuotaUse } from '#domain/status-report.ts'
import { dayZone } from '#domain/window.ts'
import { deliveriesOf, quotaOf } from '#platforms/dingtalk/limits.ts'
import { readQuotaUse } from '#store/calls.ts'
import type { ConnectionRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** The month's meter of a DingTalk connection; of `used`, `byHand` were taken by runs that people asked for. */
export async function quotaUse(
  { clock, database, tenant }: Pick<AppParts, 'clock' | 'database' | 'tenant'>,
  connection: ConnectionRow,
): Promise<QuotaUse & { byHand: number; events: { used: number; quota: number } }> {
  const today = clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
  const month = today.with({ day: 1 })
  const edition = connection.facts['edition'] as string[]
  const { used, byHand, events } = await readQuotaUse(database.kysely, tenant, connection.corpId, month)
  return {
    connection: connection.key,
    used,
    byHand,
    quota: quotaOf(edition, today),
    events: { used: events, quota: deliveriesOf(edition, today) },
  }
}
