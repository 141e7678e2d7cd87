import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** What one way of a route still owes. */
export type OwedRow = {
  /** Deliveries decided and not sent, held ones whose person is linked by now among them, and since when. */
  owed: number
  owedSince: Temporal.Instant | null
  /** Deliveries sent and not yet seen, and when the first and the last of those calls ended. */
  inFlight: number
  firstEnded: Temporal.Instant | null
  lastEnded: Temporal.Instant | null
  /** The first of them that ended after the last look. */
  firstUnlooked: Temporal.Instant | null
}

/** One way of a route. `sourceIsDingtalk`: links are kept from the DingTalk side. */
type Way = {
  tenant: TenantId
  route: RouteId
  source: ConnectionId
  target: ConnectionId
  sourceIsDingtalk: boolean
}

/** Decided and not sent, of `delivery` and its `punch`: it waits, or it is held although its person is linked by now. */
const isOwed = ({ sourceIsDingtalk }: Pick<Way, 'sourceIsDingtalk'>) => sql`
  (delivery.state = 'waiting' or (delivery.state = 'held' and delivery.reason <> 'approvedSlot' and exists (
     select 1 from identity where identity.tenant_id = delivery.tenant_id and identity.route_id = delivery.route_id
        and identity.status = 'linked'
        and ${sourceIsDingtalk ? sql`identity.source_key` : sql`identity.target_key`} = punch.account_key)))`

/** Sent, in doubt, and a look may settle it. */
const isLookedFor = sql`
  delivery.state = 'inDoubt' and coalesce(delivery.reason, '') not in ('superseded', 'late-platform')`

/** `lookedAt`: when what was sent was last looked for. */
export async function readOwed(
  db: Executor,
  ask: Way & { lookedAt: Temporal.Instant | null },
): Promise<OwedRow> {
  const row = await rowOf(
    sql<OwedRow>`
    select owed.count::int8 as owed, owed.since as "owedSince", sent.count::int8 as "inFlight", sent.first as "firstEnded",
           sent.last as "lastEnded", sent.unlooked as "firstUnlooked"
      from (
        select count(*) as count, min(delivery.decided_at) as since
          from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
         where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}
           and ${isOwed(ask)}) owed,
           (
        select count(*) as count, min(ended_at) as first, max(ended_at) as last,
               min(ended_at) filter (where ended_at > coalesce(${ask.lookedAt?.toString() ?? null}::timestamptz, '-infinity')) as unlooked from (
          select batch.ended_at
            from batch join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                                    and delivery.state = 'batched'
           where batch.tenant_id = ${ask.tenant} and batch.connection_id = ${ask.target} and batch.route_id = ${ask.route}
             and batch.state in ('sent', 'inDoubt')
          union all
          select batch.ended_at
            from delivery join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
           where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}
             and ${isLookedFor}
        ) looked_for) sent`,
    db,
  )
  return row!
}

/** The accounts of the source whose deliveries are owed, or sent and not yet seen. */
export async function readOpenAccounts(db: Executor, ask: Way): Promise<string[]> {
  const rows = await rowsOf(
    sql<{ key: string }>`
    select punch.account_key as key from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
     where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}
       and (${isLookedFor} or ${isOwed(ask)})
    union
    select punch.account_key from batch
      join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id and delivery.state = 'batched'
      join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
     where batch.tenant_id = ${ask.tenant} and batch.connection_id = ${ask.target} and batch.route_id = ${ask.route}
       and batch.state <> 'verified'`,
    db,
  )
  return rows.map(({ key }) => key)
}
