import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf } from './database.ts'
import { deliveryOf, effectiveState } from './delivery-state.ts'
import { rowHash } from './verdicts.ts'

/** What comparing needs of a punch in the ledger, and of its delivery on one route. `at`: epoch seconds. */
export type KnownPunch = {
  id: number
  externalId: string
  accountKey: string
  hash: string
  at: number
  isVoid: boolean
  isGone: boolean
  delivery: { state: string; reason: string | null } | null
  /** The second that its delivery fills, or would: the source may have moved the punch since. */
  fills: number | null
}

/** Where what is shown differs from the ledger, or something is still owed. */
export type Differences = {
  /**
   * Punches of the ledger that are shown otherwise, shown again or not any more, or whose delivery on the route is not
   * settled (of those that were gone before, only while it waits) or fills another second; and those that moved into the
   * window from elsewhere.
   */
  differing: KnownPunch[]
  /** Natural keys, as `naturalKey` writes them, that the ledger does not have here: of fresh punches, and of those that moved. */
  strangers: string[]
  /** All others, counted by the state of their delivery: settled, and the same row as before. */
  settled: Record<string, number>
}

/** A punch by its id at the platform and by whose it is: nobody says that two people never share an id. */
export const naturalKey = ({
  externalId,
  accountKey,
}: Pick<KnownPunch, 'externalId' | 'accountKey'>): string => `${externalId} ${accountKey}`

const known = sql`
  punch.id, punch.external_id, punch.account_key, ${rowHash} as hash, punch.at, punch.is_void, punch.gone_at is not null as is_gone,
  ${effectiveState} as state, delivery.reason, delivery.at as fills`

/** Made only of what is answered: of a quiet window that is nothing. */
const asKnownPunch = sql`json_build_object(
  'id', id, 'externalId', external_id, 'accountKey', account_key, 'hash', hash, 'at', extract(epoch from at)::int8,
  'isVoid', is_void, 'isGone', is_gone,
  'delivery', case when state is not null then json_build_object('state', state, 'reason', reason) end,
  'fills', extract(epoch from fills)::int8)`

/**
 * Lays what the source shows of these accounts in a window beside the ledger. The rows meet in the database, so that of
 * a window in which nothing has happened nothing has to be read back.
 */
export async function readDifferences(
  db: Executor,
  ask: {
    tenant: TenantId
    connection: ConnectionId
    route: RouteId
    accountKeys: string[]
    from: Temporal.Instant
    to: Temporal.Instant
    shown: { externalId: string; accountKey: string; hash: string }[]
  },
): Promise<Differences> {
  const { tenant, connection, shown } = ask
  // One index descent per account, and a full join, which can only be hashed or merged: quick whatever the planner
  // believes about a table it has not analysed yet.
  const found = await rowOf(
    sql<Differences>`
    with kept as (
      select ${known} from unnest(${ask.accountKeys}::text[]) as asked(key)
       cross join lateral (select * from punch where punch.tenant_id = ${tenant} and punch.connection_id = ${connection}
         and punch.account_key = asked.key
         and punch.at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz offset 0) as punch
       ${deliveryOf(ask.route)}),
    pair as materialized (
      select shown.id as shown_id, shown.key as shown_key, kept.*,
             coalesce(kept.hash = shown.hash and not is_gone and state in ('verified', 'alreadyThere') and fills = at, false) as is_settled
        from kept
        full join unnest(${columnOf(shown, (row) => row.externalId)}::text[], ${columnOf(shown, (row) => row.accountKey)}::text[],
                         ${columnOf(shown, (row) => row.hash)}::text[])
                  as shown(id, key, hash) on shown.id = kept.external_id and shown.key = kept.account_key),
    stranger as (select shown_id, shown_key from pair where id is null),
    moved as (
      select ${known} from stranger
       cross join lateral (select * from punch where punch.tenant_id = ${tenant} and punch.connection_id = ${connection}
         and punch.external_id = stranger.shown_id and punch.account_key = stranger.shown_key offset 0) as punch
       ${deliveryOf(ask.route)}),
    differing as (
      select ${asKnownPunch} as told from pair
       where id is not null and not is_settled and (shown_id is not null or not is_gone or state in ('held', 'waiting'))
      union all
      select ${asKnownPunch} from moved)
    select (select coalesce(json_agg(told), '[]') from differing) as differing,
           (select coalesce(json_agg(shown_id || ' ' || shown_key), '[]') from stranger) as strangers,
           (select coalesce(json_object_agg(state, count), '{}')
              from (select state, count(*) from pair where is_settled group by state) as settled) as settled`,
    db,
  )
  return found!
}
