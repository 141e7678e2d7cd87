import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { forAPerson, heldThere } from './delivery-state.ts'
import { type LegRow, legColumns } from './legs.ts'

/** How one way of a route stands. */
export type WayRow = {
  /** Accounts of the source of which something was decided and not sent, those aside that nobody is linked to. */
  unsent: string[]
  /** Deliveries sent and not yet seen, and when the first and the last of those calls ended. */
  inFlight: number
  firstEnded: Temporal.Instant | null
  lastEnded: Temporal.Instant | null
  /** The first of them that ended after the last look. */
  firstUnlooked: Temporal.Instant | null
  /** When silence about the last of them begins to count (domain/judge-read-back.ts). */
  settlesAt: Temporal.Instant | null
}

/** One way of a route. `sourceIsDingtalk`: links are kept from the DingTalk side. */
type Way = {
  tenant: TenantId
  route: RouteId
  source: ConnectionId
  target: ConnectionId
  sourceIsDingtalk: boolean
}

/** Decided and not sent, and nothing at the target stands in its way. */
const isUnsent = sql`(delivery.state = 'waiting' or (delivery.state = 'held' and delivery.reason not in ${heldThere}))`

/** Not sent, and there may be something to do about it: it waits, or it is held although somebody is linked by now. */
const mayMove = ({ sourceIsDingtalk }: Pick<Way, 'sourceIsDingtalk'>) => sql`
  (${isUnsent} and (delivery.state = 'waiting' or exists (
     select 1 from identity where identity.tenant_id = delivery.tenant_id and identity.route_id = delivery.route_id
        and identity.status = 'linked'
        and ${sourceIsDingtalk ? sql`identity.source_key` : sql`identity.target_key`} = punch.account_key)))`

/** A source account whose punches the way carries now, those made since then: what of it is owed is for it to say. */
export type Carried = {
  key: string
  /** Epoch seconds; null: all of them. */
  since: number | null
}

/** Sent, in doubt, and a look may settle it. */
const isLookedFor = sql`
  delivery.state = 'inDoubt' and coalesce(delivery.reason, '') not in ${forAPerson}`

/** After the last look at what was sent. Needs `leg` in the query. */
const endedSince = sql`ended_at > coalesce(leg.looked_at, '-infinity')`

/** When silence about a delivery begins to count (domain/judge-read-back.ts). */
const settles = (ask: Way) => sql`
  batch.ended_at + power(2, delivery.misses) * interval '1 millisecond' *
     (select visibility_max_ms from connection where tenant_id = ${ask.tenant} and id = ${ask.target})`

/** What was missed before is looked for once, and then when silence begins to count. */
const isWorthALook = (ask: Way & { now: Temporal.Instant }) => sql`
  (delivery.misses = 0 or batch.${endedSince} or ${settles(ask)} <= ${ask.now.toString()}::timestamptz)`

/** How this way stands, and what is kept of it: undefined before anything was tried. */
export async function readWay(
  db: Executor,
  ask: Way & { now: Temporal.Instant },
): Promise<WayRow & { leg: LegRow | undefined }> {
  const row = await rowOf(
    sql<WayRow & LegRow & { hasLeg: boolean }>`
    select leg.tenant_id is not null as "hasLeg", ${legColumns},
           array(select distinct key from (${unsentOf(ask)} and ${mayMove(ask)}) unsent) as unsent,
           sent.count::int8 as "inFlight", sent.first as "firstEnded", sent.last as "lastEnded", sent.unlooked as "firstUnlooked",
           sent.settles as "settlesAt"
      from (values (1)) as this_way
      left join leg on leg.tenant_id = ${ask.tenant} and leg.route_id = ${ask.route} and leg.source_id = ${ask.source}
     cross join lateral (
        select count(*) as count, min(ended_at) as first, max(ended_at) as last,
               min(ended_at) filter (where ${endedSince}) as unlooked, max(settles) as settles from (
          select batch.ended_at, ${settles(ask)} as settles
            from batch join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                                    and delivery.state = 'batched'
           where batch.tenant_id = ${ask.tenant} and batch.connection_id = ${ask.target} and batch.route_id = ${ask.route}
             and batch.state in ('sent', 'inDoubt') and ${isWorthALook(ask)}
          union all
          select batch.ended_at, ${settles(ask)}
            from delivery join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
           where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}
             and ${isLookedFor} and ${isWorthALook(ask)}
        ) looked_for) sent`,
    db,
  )
  const { hasLeg, unsent, inFlight, firstEnded, lastEnded, firstUnlooked, settlesAt, ...leg } = row!
  return { leg: hasLeg ? leg : undefined, unsent, inFlight, firstEnded, lastEnded, firstUnlooked, settlesAt }
}

/** What this way owes to those whose punches it carries now (journey/travellers.ts). */
export async function readOwed(db: Executor, ask: Way, carried: readonly Carried[]): Promise<Owed> {
  if (carried.length === 0) return { count: 0, oldest: null }
  const row = await rowOf(
    sql<Owed>`
    select count(*)::int8 as count, min(delivery.decided_at) as oldest
      from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
      join unnest(${columnOf(carried, ({ key }) => key)}::text[], ${columnOf(carried, ({ since }) => since)}::int8[])
           as carried(key, since) on carried.key = punch.account_key
     where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}
       and ${isUnsent} and (carried.since is null or punch.at >= to_timestamp(carried.since))`,
    db,
  )
  return row!
}

/** Deliveries decided and not sent that can be carried now, and since when the first of them waits. */
export type Owed = { count: number; oldest: Temporal.Instant | null }

const unsentOf = (ask: Way) => sql`
  select punch.account_key as key from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
   where delivery.tenant_id = ${ask.tenant} and delivery.route_id = ${ask.route} and delivery.connection_id = ${ask.target}`

/** The accounts of which something is not sent, as in `WayRow`, and those of which something was sent and not yet seen. */
export async function readOpenAccounts(db: Executor, ask: Way): Promise<string[]> {
  const rows = await rowsOf(
    sql<{ key: string }>`
    ${unsentOf(ask)} and (${isLookedFor} or ${mayMove(ask)})
    union
    select punch.account_key from batch
     cross join lateral (select punch_id from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                            and delivery.state = 'batched' offset 0) as delivery
     cross join lateral (select account_key from punch where punch.tenant_id = batch.tenant_id and punch.id = delivery.punch_id
                          offset 0) as punch
     where batch.tenant_id = ${ask.tenant} and batch.connection_id = ${ask.target} and batch.route_id = ${ask.route}
       and batch.state in ('planned', 'sending', 'sent', 'inDoubt')`,
    db,
  )
  return rows.map(({ key }) => key)
}

/** Whether anything was sent on this way, or was about to be, that is not settled. */
export async function hasUnsettled(db: Executor, ask: Way): Promise<boolean> {
  const row = await rowOf(
    sql<{ has: boolean }>`select
      exists (select 1 from batch where tenant_id = ${ask.tenant} and connection_id = ${ask.target} and route_id = ${ask.route}
                 and state in ('planned', 'sending', 'sent', 'inDoubt'))
      or exists (select 1 from delivery where tenant_id = ${ask.tenant} and connection_id = ${ask.target} and route_id = ${ask.route}
                    and state = 'inDoubt') as has`,
    db,
  )
  return row!.has
}
