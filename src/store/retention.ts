import { sql } from 'kysely'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowOf } from './database.ts'

/** How many days things are kept, by what is kept (settings CALL_LOG_DAYS, RAW_DAYS, RUN_HISTORY_DAYS, EVENT_DAYS). */
export type KeptDays = { calls: number; raws: number; runs: number; events: number }

/**
 * What becomes of a table's rows: kept for ever, and why, or until so many days after the moment a column tells; of
 * several columns, the first that is set.
 */
export type Retention =
  | { table: string; forEver: string }
  | { table: string; days: keyof KeptDays | number; since: string | readonly string[] }

/**
 * Days that who did what is kept: five years, a leap day included. As of 2026-11-23 the law asks that attendance records
 * supporting pay are kept two years at least, and the burden of proof is the employer's.
 * Source: 工资支付暂行规定 art. 6 (劳部发〔1994〕489号).
 */
export const auditDays = 1_827

/** Days that the writes of a way and day stay counted: the outlook asks for a few weeks, a person for last year's month. */
const countedWritesDays = 800

/** Deleting is done in pieces, so that no statement holds others up for long. */
const rowsAtOnce = 5_000

/** Every table, so that a new one has to say what it keeps; a test holds this list against the catalogue. */
export const retention: readonly Retention[] = [
  // Time passes, and nobody needs the detail any more.
  { table: 'call_log', days: 'calls', since: 'at' },
  { table: 'raw_answer', days: 'raws', since: 'at' },
  // A run whose process died was never finished: it counts from when it was last seen alive.
  { table: 'run', days: 'runs', since: ['finished_at', 'seen_alive_at'] },
  { table: 'event', days: 'events', since: 'received_at' },
  { table: 'alarm', days: 'runs', since: 'resolved_at' },
  { table: 'notice', days: 'runs', since: 'at' },
  { table: 'leg_writes', days: countedWritesDays, since: 'day' },
  { table: 'audit', days: auditDays, since: 'at' },
  // A container has another name each time it starts.
  { table: 'address_ban', days: 'calls', since: 'until' },
  // The record.
  { table: 'punch', forEver: 'the central record; labour law asks for years' },
  { table: 'punch_revision', forEver: 'a revision is never changed or deleted' },
  { table: 'delivery', forEver: 'the ledger: without it our own writes look like news' },
  { table: 'batch', forEver: 'tells how a delivery ended' },
  { table: 'misdelivery', forEver: 'what the wrong person was given still stands there' },
  { table: 'unreadable_row', forEver: 'kept until a person has looked; one row for each wording' },
  // Who is who.
  { table: 'account', forEver: 'one row for each user id' },
  { table: 'account_version', forEver: 'the history of an account' },
  { table: 'contact_import', forEver: 'one row for each read that changed something; history stands on it' },
  { table: 'identity', forEver: 'one row for each account' },
  { table: 'suggestion', forEver: 'one row for each open pair; written anew' },
  { table: 'person_account', forEver: 'one row for each account and person' },
  { table: 'person_pair', forEver: 'a person’s word' },
  { table: 'identity_act', forEver: 'a person’s word, and how to take it back' },
  { table: 'explicit_link', forEver: 'a person’s word' },
  { table: 'parted_pair', forEver: 'a person’s word' },
  { table: 'wrong_link', forEver: 'a person’s word' },
  { table: 'ended_claim', forEver: 'what was said of an earlier holder' },
  { table: 'mobile_probe', forEver: 'a question asked twice spends the platform’s patience' },
  { table: 'resolution', forEver: 'one row' },
  // Settings and standing figures: bounded by what is set up, not by time.
  { table: 'tenant', forEver: 'settings' },
  { table: 'subsidiary', forEver: 'settings' },
  { table: 'connection', forEver: 'settings' },
  { table: 'route', forEver: 'settings' },
  { table: 'alarm_channel', forEver: 'settings' },
  { table: 'leg', forEver: 'one row for each way of a route' },
  { table: 'stall', forEver: 'one row for each way and kind of step' },
  { table: 'reading', forEver: 'one row for each account of a source' },
  { table: 'lane', forEver: 'one row for each connection' },
  { table: 'token', forEver: 'one row for each connection' },
  { table: 'quota_use', forEver: 'one row for each organisation and month' },
  { table: 'alarm_watch', forEver: 'one row' },
  { table: 'call_standing', forEver: 'one row for each connection and API' },
]

/**
 * The queue's own tables, in a schema of its own (`pgboss`), which the queue itself keeps small; nothing of value stands
 * there, and no backup holds it.
 */
export const queueRetention: readonly { table: string; bound: string }[] = [
  { table: 'job', bound: 'all jobs, by queue; empty itself' },
  {
    table: 'job_common',
    bound:
      'one waiting job for each lane and second; done ones go after ten minutes, forgotten ones after two weeks',
  },
  { table: 'queue', bound: 'one row for each queue' },
  { table: 'schedule', bound: 'one row for each schedule' },
  { table: 'subscription', bound: 'never used' },
  { table: 'job_dependency', bound: 'never used' },
  { table: 'warning', bound: 'never used: warnings are logged' },
  { table: 'queue_stats', bound: 'never used' },
  { table: 'instance', bound: 'never used' },
  { table: 'bam', bound: 'one row for each migration of the queue' },
  { table: 'version', bound: 'one row' },
]

/** Deletes what is older than its days, piece by piece; gives how many rows went, by table. */
export async function forgetOld(
  db: Executor,
  tenant: TenantId,
  ask: { now: Temporal.Instant; days: KeptDays },
): Promise<Record<string, number>> {
  const gone: Record<string, number> = {}
  for (const rule of retention) {
    if ('forEver' in rule) continue
    const before = ask.now.subtract({
      hours: 24 * (typeof rule.days === 'number' ? rule.days : ask.days[rule.days]),
    })
    const table = sql.table(rule.table)
    const since = sql`coalesce(${sql.join([rule.since].flat().map((column) => sql.ref(column)))})`
    for (let count = rowsAtOnce; count === rowsAtOnce; ) {
      const row = await rowOf(
        sql<{ count: number }>`with gone as (
          delete from ${table} where ctid = any(array(
            select ctid from ${table} where tenant_id = ${tenant} and ${since} < ${before.toString()}::timestamptz
             limit ${rowsAtOnce})) returning 1)
          select count(*)::int8 as count from gone`,
        db,
      )
      count = row?.count ?? 0
      if (count > 0) gone[rule.table] = (gone[rule.table] ?? 0) + count
    }
  }
  return gone
}
