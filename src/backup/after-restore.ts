import { sql } from 'kysely'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from '#store/database.ts'
import { audit, readTenants } from '#store/setup.ts'

/** What must outlive the data that a backup replaces, for it happened whatever the backup knows of it. */
export type Standing = { fence: number; spent: Spent[] }
type Spent = { tenant: string; corpId: string; month: string; used: number; byHand: number }

/** Read before the old data go. */
export async function readStanding(tx: Executor): Promise<Standing> {
  const row = await rowOf(sql<{ fence: number }>`select coalesce(max(fence), 0)::int8 as fence from lane`, tx)
  const spent = await rowsOf(
    sql<Spent>`select tenant.key as tenant, corp_id as "corpId", month::text as month, used, by_hand as "byHand"
      from quota_use join tenant on tenant.id = quota_use.tenant_id`,
    tx,
  )
  return { fence: Number(row!.fence), spent }
}

/**
 * Makes a restored ledger safe to go on with. It knows nothing of what was done since the backup was made:
 * - whoever held a lane then, or holds one now, has lost it;
 * - nothing is written to a platform before all that may have been written meanwhile must show (design I3): from then on
 *   the look before every write finds it;
 * - calls that were spent stay spent (I7).
 */
export async function settleRestored(
  tx: Executor,
  ask: { standing: Standing; now: Temporal.Instant; actor: string; file: string; createdAt: string },
): Promise<{ writesFrom: Temporal.Instant }> {
  const now = ask.now.toString()
  await rowsOf(
    sql`update lane set fence = greatest(fence, ${ask.standing.fence}) + 1, holder = '', lease_until = ${now}::timestamptz`,
    tx,
  )
  await rowsOf(
    sql`update connection set writes_from = ${now}::timestamptz + visibility_max_ms * interval '1 millisecond'`,
    tx,
  )
  for (const { tenant, corpId, month, used, byHand } of ask.standing.spent)
    await rowsOf(
      sql`insert into quota_use as kept (tenant_id, corp_id, month, used, by_hand)
        select id, ${corpId}, ${month}::date, ${used}::int, ${byHand}::int from tenant where key = ${tenant}
        on conflict (tenant_id, corp_id, month) do update set used = greatest(kept.used, excluded.used),
           by_hand = greatest(kept.by_hand, excluded.by_hand)`,
      tx,
    )
  for (const { id } of await readTenants(tx))
    await audit(tx, id as TenantId, {
      ...{ at: ask.now, actor: ask.actor, act: 'restore', subject: ask.file },
      details: { createdAt: ask.createdAt },
    })
  const row = await rowOf(
    sql<{ ms: number }>`select coalesce(max(visibility_max_ms), 0)::int as ms from connection`,
    tx,
  )
  return { writesFrom: ask.now.add({ milliseconds: row!.ms }) }
}
