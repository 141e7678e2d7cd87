import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import type { Seal } from './seal.ts'

export type CallRow = {
  connection: string
  at: Temporal.Instant
  api: string
  durationMs: number
  outcome: string
  theirCode: string
  theirText: string
  requestId: string
  cost: number
}

/** Adds finished calls to the log. */
export const saveCalls = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  calls: Omit<CallRow, 'connection'>[],
) =>
  rowsOf(
    sql`insert into call_log (tenant_id, connection_id, at, api, duration_ms, outcome, their_code, their_text, request_id, cost)
    select ${tenant}, ${connection}, r.at, r.api, r."durationMs", r.outcome, r."theirCode", r."theirText", r."requestId", r.cost
      from json_to_recordset(${JSON.stringify(calls)}::json) as r(at timestamptz, api text, "durationMs" int, outcome text,
           "theirCode" text, "theirText" text, "requestId" text, cost int)`,
    db,
  )

/** Newest first. */
export const readCalls = (db: Executor, tenant: TenantId, ask: { failedOnly: boolean; limit: number }) =>
  rowsOf(
    sql<CallRow>`
    select connection.key as connection, call_log.at, api, duration_ms as "durationMs", outcome, their_code as "theirCode",
           their_text as "theirText", request_id as "requestId", cost
      from call_log join connection on connection.tenant_id = call_log.tenant_id and connection.id = call_log.connection_id
     where call_log.tenant_id = ${tenant} and (not ${ask.failedOnly} or outcome <> 'ok')
     order by call_log.at desc, call_log.id desc limit ${ask.limit}`,
    db,
  )

/** The first call of a connection since `since` that is still in the log. */
export async function readFirstCall(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  since: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const row = await rowOf(
    sql<{ at: Temporal.Instant }>`select at from call_log
     where tenant_id = ${tenant} and connection_id = ${connection} and at >= ${since.toString()}::timestamptz order by at limit 1`,
    db,
  )
  return row?.at ?? null
}

/** When this connection called which API lately, and what came of it: a new process starts its pace from here. */
export const readRecentCalls = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  since: Temporal.Instant,
) =>
  rowsOf(
    sql<{ api: string; at: Temporal.Instant; outcome: string }>`select api, at, outcome from call_log
     where tenant_id = ${tenant} and connection_id = ${connection} and at >= ${since.toString()}::timestamptz order by at`,
    db,
  )

/**
 * Takes one metered unit unless the month's quota is used up. Durable before it returns. `isByHand`: for a run that a
 * person asked for.
 */
export async function takeQuota(
  db: Executor,
  tenant: TenantId,
  corpId: string,
  { month, quota, isByHand }: { month: Temporal.PlainDate; quota: number; isByHand: boolean },
): Promise<{ granted: boolean; used: number }> {
  const byHand = isByHand ? 1 : 0
  const row = await rowOf(
    sql<{ used: number }>`
    insert into quota_use (tenant_id, corp_id, month, used, by_hand)
    select ${tenant}, ${corpId}, ${month.toString()}::date, 1, ${byHand} where ${quota} > 0
    on conflict (tenant_id, corp_id, month) do update set used = quota_use.used + 1, by_hand = quota_use.by_hand + excluded.by_hand
     where quota_use.used < ${quota} returning used`,
    db,
  )
  return row ? { granted: true, used: row.used } : { granted: false, used: quota }
}

/** Metered calls of a month; `byHand` are among `used`. */
export async function readQuotaUse(
  db: Executor,
  tenant: TenantId,
  corpId: string,
  month: Temporal.PlainDate,
): Promise<{ used: number; byHand: number; events: number }> {
  const row = await rowOf(
    sql<{
      used: number
      byHand: number
      events: number
    }>`select used, by_hand as "byHand", events from quota_use
     where tenant_id = ${tenant} and corp_id = ${corpId} and month = ${month.toString()}::date`,
    db,
  )
  return row ?? { used: 0, byHand: 0, events: 0 }
}

type TokenRow = {
  sealed: Buffer | null
  expiresAt: Temporal.Instant | null
  refusals: number
  pausedUntil: Temporal.Instant | null
}

const readTokenRow = (db: Executor, tenant: TenantId, connection: ConnectionId, secretPrint: string) =>
  rowOf(
    sql<TokenRow>`select sealed, expires_at as "expiresAt", refusals, paused_until as "pausedUntil" from token
     where tenant_id = ${tenant} and connection_id = ${connection} and secret_print = ${secretPrint}`,
    db,
  )

/** One connection's token, shared by every process and sealed at rest. A new secret starts with a clean slate. */
export function tokenStore(
  db: Executor,
  seal: Seal,
  tenant: TenantId,
  connection: ConnectionId,
  secretPrint: string,
) {
  const ensure = () =>
    rowsOf(
      sql`insert into token (tenant_id, connection_id, secret_print) values (${tenant}, ${connection}, ${secretPrint})
      on conflict (tenant_id, connection_id) do update set secret_print = excluded.secret_print, sealed = null, expires_at = null,
         refusals = 0, paused_until = null where token.secret_print <> excluded.secret_print`,
      db,
    )
  return {
    async read() {
      const row = await readTokenRow(db, tenant, connection, secretPrint)
      return row?.sealed && row.expiresAt ? { value: seal.open(row.sealed), expiresAt: row.expiresAt } : null
    },
    async save(token: { value: string; expiresAt: Temporal.Instant }) {
      await ensure()
      await rowsOf(
        sql`update token set sealed = ${seal.seal(token.value)}, expires_at = ${token.expiresAt.toString()}::timestamptz
         where tenant_id = ${tenant} and connection_id = ${connection}`,
        db,
      )
    },
    async drop(value: string) {
      const row = await readTokenRow(db, tenant, connection, secretPrint)
      if (!row?.sealed || seal.open(row.sealed) !== value) return
      await rowsOf(
        sql`update token set sealed = null, expires_at = null
         where tenant_id = ${tenant} and connection_id = ${connection} and sealed = ${row.sealed}`,
        db,
      )
    },
    async readRefusals() {
      const row = await readTokenRow(db, tenant, connection, secretPrint)
      return { count: row?.refusals ?? 0, pausedUntil: row?.pausedUntil ?? null }
    },
    async saveRefusals(refusals: { count: number; pausedUntil: Temporal.Instant | null }) {
      await ensure()
      await rowsOf(
        sql`update token set refusals = ${refusals.count}, paused_until = ${refusals.pausedUntil?.toString() ?? null}::timestamptz
         where tenant_id = ${tenant} and connection_id = ${connection}`,
        db,
      )
    },
  }
}

/** When this API was last called, whatever came of it; null when the log knows of no call. */
export async function readLastCallAt(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  api: string,
): Promise<Temporal.Instant | null> {
  const row = await rowOf(
    sql<{ at: Temporal.Instant | null }>`select max(at) as at from call_log
      where tenant_id = ${tenant} and connection_id = ${connection} and api = ${api}`,
    db,
  )
  return row?.at ?? null
}
