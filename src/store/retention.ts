import { sql } from 'kysely'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowOf } from './database.ts'

/** How many days things are kept, by what is kept (settings CALL_LOG_DAYS, RAW_DAYS, RUN_HISTORY_DAYS, EVENT_DAYS). */
export type KeptDays = { calls: number; raws: number; runs: number; events: number }

/** What becomes of a table's rows: kept for ever, and why, or until so many days after the moment a column tells. */
export type Retention =
  | { table: string; forEver: string }
  | { table: string; days: keyof KeptDays; since: string }

/** Deleting is done in pieces, so that no statement holds others up for long. */
const rowsAtOnce = 5_000

/** Every table, so that a new one has to say what it keeps; a test holds this list against the catalogue. */
export const retention: readonly Retention[] = [
  // Time passes, and nobody needs the detail any more.
  { table: 'call_log', days: 'calls', since: 'at' },
  { table: 'raw_answer', days: 'raws', since: 'at' },
  { table: 'run', days: 'runs', since: 'finished_at' },
  { table: 'event', days: 'events', since: 'received_at' },
  { table: 'alarm', days: 'runs', since: 'resolved_at' },
  { table: 'notice', days: 'runs', since: 'at' },
  // The record.
  { table: 'punch', forEver: 'the central record; labour law asks for years' },
  { table: 'punch_revision', forEver: 'a revision is never changed or deleted' },
  { table: 'delivery', forEver: 'the ledger: without it our own writes look like news' },
  { table: 'batch', forEver: 'tells how a delivery ended' },
  { table: 'misdelivery', forEver: 'what the wrong person was given still stands there' },
  { table: 'unreadable_row', forEver: 'kept until a person has looked; one row for each wording' },
  { table: 'audit', forEver: 'who did what' },
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
  { table: 'leg_writes', forEver: 'one row for each way and day; a few hundred a year' },
  { table: 'reading', forEver: 'one row for each account of a source' },
  { table: 'lane', forEver: 'one row for each connection' },
  { table: 'token', forEver: 'one row for each connection' },
  { table: 'quota_use', forEver: 'one row for each organisation and month' },
  { table: 'address_ban', forEver: 'one row for each address and platform' },
  { table: 'alarm_watch', forEver: 'one row' },
  { table: 'call_standing', forEver: 'one row for each connection and API' },
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
    const before = ask.now.subtract({ hours: 24 * ask.days[rule.days] })
    const table = sql.table(rule.table)
    for (let count = rowsAtOnce; count === rowsAtOnce; ) {
      const row = await rowOf(
        sql<{ count: number }>`with gone as (
          delete from ${table} where ctid = any(array(
            select ctid from ${table} where tenant_id = ${tenant} and ${sql.ref(rule.since)} < ${before.toString()}::timestamptz
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
