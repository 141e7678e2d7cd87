import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { PunchOrigin, SourcePunch } from '#domain/punch.ts'
import { epochSecond } from '#domain/spans.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

export type PunchRow = SourcePunch & { id: number; accountKey: string; hash: string; rawId: number }

const punchColumns = (punches: PunchRow[]) => sql`(
  select id, "externalId", "accountKey", "userId", to_timestamp(at) as at, "workDate", origin, "isVoid", "voidReason", result, device,
         address, latitude, longitude, hash, "rawId"
    from unnest(
      ${columnOf(punches, (row) => row.id)}::int8[], ${columnOf(punches, (row) => row.externalId)}::text[],
      ${columnOf(punches, (row) => row.accountKey)}::text[], ${columnOf(punches, (row) => row.userId)}::text[],
      ${columnOf(punches, (row) => epochSecond(row.at))}::int8[],
      ${columnOf(punches, (row) => row.workDate?.toString() ?? null)}::date[],
      ${columnOf(punches, (row) => row.origin)}::text[], ${columnOf(punches, (row) => row.isVoid)}::boolean[],
      ${columnOf(punches, (row) => row.voidReason)}::text[], ${columnOf(punches, (row) => row.result)}::text[],
      ${columnOf(punches, (row) => row.device)}::text[], ${columnOf(punches, (row) => row.address)}::text[],
      ${columnOf(punches, (row) => row.latitude)}::float8[], ${columnOf(punches, (row) => row.longitude)}::float8[],
      ${columnOf(punches, (row) => row.hash)}::text[], ${columnOf(punches, (row) => row.rawId)}::int8[]
    ) as given(id, "externalId", "accountKey", "userId", at, "workDate", origin, "isVoid", "voidReason", result, device, address,
               latitude, longitude, hash, "rawId")) as r`

/** Lands new punches. One that another run landed first stays as it is. */
export const insertPunches = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  punches: PunchRow[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`
    insert into punch (tenant_id, id, connection_id, external_id, account_key, user_id, at, work_date, origin, is_void, void_reason, result,
                       device, address, latitude, longitude, hash, raw_id, landed_at)
    select ${tenant}, r.id, ${connection}, r."externalId", r."accountKey", r."userId", r.at, r."workDate", r.origin, r."isVoid",
           r."voidReason", r.result, r.device, r.address, r.latitude, r.longitude, r.hash, r."rawId", ${now.toString()}::timestamptz
      from ${punchColumns(punches)}
    on conflict (tenant_id, external_id, connection_id, account_key) do nothing`,
    db,
  )

/** Gives punches a new revision. The trigger keeps the one before. */
export const revisePunches = (db: Executor, tenant: TenantId, punches: PunchRow[], now: Temporal.Instant) =>
  rowsOf(
    sql`
    update punch set account_key = r."accountKey", user_id = r."userId", at = r.at, work_date = r."workDate", origin = r.origin,
           is_void = r."isVoid", void_reason = r."voidReason", result = r.result, device = r.device, address = r.address,
           latitude = r.latitude, longitude = r.longitude, hash = r.hash, raw_id = r."rawId", landed_at = ${now.toString()}::timestamptz,
           gone_at = null
      from ${punchColumns(punches)}
     where punch.tenant_id = ${tenant} and punch.id = r.id`,
    db,
  )

/** Marks punches that the source no longer shows, or shows again. They stay in the ledger either way. */
export const markGone = (db: Executor, tenant: TenantId, ids: number[], goneAt: Temporal.Instant | null) =>
  rowsOf(
    sql`update punch set gone_at = ${goneAt?.toString() ?? null}::timestamptz where tenant_id = ${tenant} and id = any(${ids})`,
    db,
  )

/** Ids are handed out in blocks of a thousand, so landing needs no answer per row. */
export async function nextPunchBlock(db: Executor): Promise<number> {
  const row = await rowOf(sql<{ block: number }>`select nextval('punch_block') as block`, db)
  return row!.block * 1000
}

/** Keeps one raw answer, compressed, and gives its id. */
export async function saveRawAnswer(
  db: Executor,
  tenant: TenantId,
  answer: { connection: ConnectionId; api: string; at: Temporal.Instant; hash: string; body: Buffer },
): Promise<number> {
  const row = await rowOf(
    sql<{ id: number }>`insert into raw_answer (tenant_id, connection_id, api, at, hash, body)
    values (${tenant}, ${answer.connection}, ${answer.api}, ${answer.at.toString()}::timestamptz, ${answer.hash}, ${answer.body}) returning id`,
    db,
  )
  return row!.id
}

/** Keeps rows that could not be read, once each, to be shown to a person. */
export const saveUnreadableRows = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  rows: { hash: string; row: unknown; because: string }[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`insert into unreadable_row (tenant_id, connection_id, hash, row, because, first_seen_at)
    select ${tenant}, ${connection}, r.hash, r.row, r.because, ${now.toString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(hash text, row jsonb, because text)
    on conflict do nothing`,
    db,
  )

/** Everything a delivery needs to be written, from the ledger. */
export type StoredPunch = {
  id: number
  accountKey: string
  userId: string
  at: Temporal.Instant
  origin: PunchOrigin
  isVoid: boolean
  isGone: boolean
  result: string | null
  device: string | null
  address: string | null
  latitude: number | null
  longitude: number | null
  delivery: { state: string; reason: string | null } | null
}

/**
 * Punches outside the run's window whose delivery on this route is still open: held, waiting or attempted. They are looked
 * up one by one: what is open is little, and the history behind it may be years.
 */
export async function readBacklog(
  db: Executor,
  ask: {
    tenant: TenantId
    connection: ConnectionId
    route: RouteId
    from: Temporal.Instant
    to: Temporal.Instant
    accountKeys: string[]
  },
): Promise<StoredPunch[]> {
  const rows = await rowsOf(
    sql<Omit<StoredPunch, 'delivery'> & { state: string; reason: string | null }>`
    with open as (
      select punch_id, state, reason from delivery
       where tenant_id = ${ask.tenant} and route_id = ${ask.route} and state in ('held', 'waiting', 'inDoubt')
      union all
      select delivery.punch_id, batch.state, delivery.reason
        from batch join delivery on delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id and delivery.state = 'batched'
       where batch.tenant_id = ${ask.tenant} and batch.route_id = ${ask.route} and batch.state in ('sent', 'inDoubt'))
    select punch.id, punch.account_key as "accountKey", punch.user_id as "userId", punch.at, punch.origin, punch.is_void as "isVoid",
           punch.gone_at is not null as "isGone", punch.result, punch.device, punch.address, punch.latitude, punch.longitude,
           open.state, open.reason
      from open cross join lateral (select * from punch where tenant_id = ${ask.tenant} and id = open.punch_id offset 0) as punch
     where punch.connection_id = ${ask.connection} and punch.account_key = any(${ask.accountKeys})
       and not (punch.at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz)
     order by punch.account_key, punch.at`,
    db,
  )
  return rows.map(({ state, reason, ...punch }) => ({ ...punch, delivery: { state, reason } }))
}

/** These punches with everything a delivery needs. */
export async function readStored(
  db: Executor,
  tenant: TenantId,
  ids: number[],
): Promise<Omit<StoredPunch, 'delivery'>[]> {
  return rowsOf(
    sql<Omit<StoredPunch, 'delivery'>>`
    select id, account_key as "accountKey", user_id as "userId", at, origin, is_void as "isVoid", gone_at is not null as "isGone", result,
           device, address, latitude, longitude
      from punch where tenant_id = ${tenant} and id = any(${ids})`,
    db,
  )
}
