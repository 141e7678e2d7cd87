import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { EventHint, PlatformEvent } from '#domain/platform-event.ts'
import { columnOf } from './columns.ts'
import { type Database, type Executor, rowsOf } from './database.ts'

/** An event with what it may mean, on its way into the inbox. */
export type EventToKeep = {
  connection: ConnectionId
  event: PlatformEvent
  hints: EventHint[]
  /** Its delivery counts against the month's. */
  isMetered?: boolean
}

/** What nobody has acted upon yet: `id` settles it. */
export type OpenHints = {
  id: number
  type: string
  receivedAt: Temporal.Instant
  hints: EventHint[]
  /** Routes that have looked at what it said. */
  lookedBy: RouteId[]
}

/** How a connection's inbox stands, for those who watch over it. */
export type InboxCount = {
  connection: string
  open: number
  oldestOpenAt: Temporal.Instant | null
  latestAt: Temporal.Instant | null
}

/** The same event within this time is one event: both platforms deliver at least once. Contract 4.6 (DingTalk): ≥ 24 h. */
export const sameEventWithinHours = 24

/** Tells the same event again: the platform's number where it gives one, else its words. */
export function dedupKeyOf({ eventId, type, body }: PlatformEvent): string {
  const what = eventId === null ? ['body', type, body] : ['id', eventId]
  return createHash('sha256').update(what.join('\n')).digest('base64url')
}

/**
 * Keeps events in one durable statement, one answer for each in the order given. Whatever only says `other` needs
 * nobody's attention and is settled at once.
 */
export async function keepEvents(
  database: Database,
  tenant: TenantId,
  events: readonly EventToKeep[],
): Promise<('kept' | 'known')[]> {
  const rows = new Map<string, EventToKeep & { key: string }>()
  const names = events.map((event) => {
    const key = dedupKeyOf(event.event)
    const name = `${event.connection} ${key}`
    const isFirst = !rows.has(name)
    if (isFirst) rows.set(name, { ...event, key })
    return { name, isFirst }
  })
  // Always the same order, so that two batches of two processes never wait for each other.
  const sorted = [...rows.values()].sort((a, b) => a.connection - b.connection || (a.key < b.key ? -1 : 1))
  const metered = events.filter(({ isMetered }) => isMetered)
  const kept = await database.transaction(
    async (tx) => {
      if (metered.length > 0) await countDeliveries(tx, tenant, metered)
      return insert(tx, tenant, sorted)
    },
    { isDurable: true },
  )
  const fresh = new Set(kept.map(({ connection, key }) => `${connection} ${key}`))
  return names.map(({ name, isFirst }) => (isFirst && fresh.has(name) ? 'kept' : 'known'))
}

/** Deliveries that the platform counts, repeats included, in the month of Shanghai in which they came. */
const countDeliveries = (tx: Executor, tenant: TenantId, events: readonly EventToKeep[]) =>
  rowsOf(
    sql`
    insert into quota_use (tenant_id, corp_id, month, used, events)
    select ${tenant}, connection.corp_id, date_trunc('month', told.at at time zone 'Asia/Shanghai')::date, 0, count(*)
      from unnest(${columnOf(events, ({ connection }) => connection)}::int[],
             ${columnOf(events, ({ event }) => event.at.toString())}::timestamptz[]) as told (connection, at)
      join connection on connection.tenant_id = ${tenant} and connection.id = told.connection
     group by 2, 3 order by 2, 3
    on conflict (tenant_id, corp_id, month) do update set events = quota_use.events + excluded.events`,
    tx,
  )

const insert = (tx: Executor, tenant: TenantId, rows: readonly (EventToKeep & { key: string })[]) =>
  rowsOf(
    sql<{ connection: ConnectionId; key: string }>`
    insert into event (tenant_id, connection_id, dedup_key, via, type, body, hints, received_at, handled_at)
    select ${tenant}, r.connection, r.key, r.via, r.type, r.body, r.hints, r.at, case when r.open then null else r.at end
      from unnest(${columnOf(rows, (row) => row.connection)}::int[], ${columnOf(rows, (row) => row.key)}::text[],
             ${columnOf(rows, (row) => row.event.via)}::text[], ${columnOf(rows, (row) => row.event.type)}::text[],
             ${columnOf(rows, (row) => row.event.body)}::text[],
             ${columnOf(rows, (row) => JSON.stringify(row.hints))}::jsonb[],
             ${columnOf(rows, (row) => row.event.at.toString())}::timestamptz[],
             ${columnOf(rows, (row) => row.hints.some(({ kind }) => kind !== 'other'))}::bool[])
        as r (connection, key, via, type, body, hints, at, open)
    on conflict (tenant_id, connection_id, dedup_key) do update
       set via = excluded.via, type = excluded.type, body = excluded.body, hints = excluded.hints,
           received_at = excluded.received_at, handled_at = excluded.handled_at, looked_by = excluded.looked_by
     where event.received_at < excluded.received_at - make_interval(hours => ${sameEventWithinHours}::int)
    returning connection_id as connection, dedup_key as key`,
    tx,
  )

type StoredHint =
  | Exclude<EventHint, { kind: 'punch' }>
  | { kind: 'punch'; userIds: string[]; at: string | null; day?: string }

/** What is open of one connection, oldest first; with `before`, what came in until then. */
export async function readOpenHints(
  db: Executor,
  ask: { tenant: TenantId; connection: ConnectionId; limit: number; before?: Temporal.Instant },
): Promise<OpenHints[]> {
  const rows = await rowsOf(
    sql<Omit<OpenHints, 'hints'> & { hints: StoredHint[] }>`
    select id, type, received_at as "receivedAt", hints, looked_by as "lookedBy" from event
     where tenant_id = ${ask.tenant} and connection_id = ${ask.connection} and handled_at is null
       and received_at <= ${ask.before?.toString() ?? 'infinity'}::timestamptz
     order by received_at, id limit ${ask.limit}`,
    db,
  )
  return rows.map((row) => ({ ...row, hints: row.hints.map(withInstants) }))
}

const withInstants = (hint: StoredHint): EventHint =>
  hint.kind === 'punch' ? { ...hint, at: hint.at === null ? null : Temporal.Instant.from(hint.at) } : hint

/** A sweep has covered what these events meant. */
export const settleEvents = (
  db: Executor,
  ask: { tenant: TenantId; connection: ConnectionId; ids: readonly number[]; at: Temporal.Instant },
) =>
  rowsOf(
    sql`update event set handled_at = ${ask.at.toString()}::timestamptz
     where tenant_id = ${ask.tenant} and connection_id = ${ask.connection} and handled_at is null
       and id = any(${columnOf(ask.ids, (id) => id)}::int8[])`,
    db,
  )

/** A route has looked at what these events said; others have not. */
export const noteLooked = (
  db: Executor,
  ask: { tenant: TenantId; connection: ConnectionId; ids: readonly number[]; route: RouteId },
) =>
  rowsOf(
    sql`update event set looked_by = looked_by || ${ask.route}::int
     where tenant_id = ${ask.tenant} and connection_id = ${ask.connection} and handled_at is null
       and id = any(${columnOf(ask.ids, (id) => id)}::int8[]) and not looked_by @> array[${ask.route}::int]`,
    db,
  )

/** One row for each connection, those without events included. */
export const countInbox = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<InboxCount>`
    select connection.key as connection, open.count as open, open.oldest as "oldestOpenAt", latest.at as "latestAt"
      from connection
      cross join lateral (select count(*), min(received_at) as oldest from event
             where tenant_id = connection.tenant_id and connection_id = connection.id and handled_at is null) open
      cross join lateral (select max(received_at) as at from event
             where tenant_id = connection.tenant_id and connection_id = connection.id) latest
     where connection.tenant_id = ${tenant} order by connection.key`,
    db,
  )
