import { sql } from 'kysely'
import type { Alarm, AlarmCode } from '#domain/alarms/alarm.ts'
import type { NoticeKind, Told, ToldAlarm } from '#domain/alarms/owed-to.ts'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** An alarm as it is kept. `id` is null until it was written for the first time. */
export type AlarmRow = ToldAlarm & { id: number | null }

type Kept = Omit<AlarmRow, 'told' | 'id'> & {
  id: number
  told: Record<string, { kind: NoticeKind; at: string }>
}

const columns = sql`id, code, key, facts, since, raised_at as "raisedAt", away_since as "awaySince", resolved_at as "resolvedAt", told`

const rowFrom = ({ told, ...alarm }: Kept): AlarmRow => ({
  ...alarm,
  told: Object.fromEntries(
    Object.entries(told).map(([channel, { kind, at }]): [string, Told] => [
      channel,
      { kind, at: Temporal.Instant.from(at) },
    ]),
  ),
})

/** Those that are open, and those that were resolved after `resolvedAfter`: a channel may not have heard of their end. */
export async function readUnsettledAlarms(
  db: Executor,
  tenant: TenantId,
  resolvedAfter: Temporal.Instant,
): Promise<AlarmRow[]> {
  const rows = await rowsOf(
    sql<Kept>`select ${columns} from alarm
     where tenant_id = ${tenant} and (resolved_at is null or resolved_at > ${resolvedAfter.toString()}::timestamptz)
     order by since, id`,
    db,
  )
  return rows.map(rowFrom)
}

/** Raised and not over. */
export async function readOpenAlarms(db: Executor, tenant: TenantId): Promise<AlarmRow[]> {
  const rows = await rowsOf(
    sql<Kept>`select ${columns} from alarm
     where tenant_id = ${tenant} and resolved_at is null and raised_at is not null order by since, id`,
    db,
  )
  return rows.map(rowFrom)
}

/** Over, the latest first. */
export async function readResolvedAlarms(db: Executor, tenant: TenantId, limit: number): Promise<AlarmRow[]> {
  const rows = await rowsOf(
    sql<Kept>`select ${columns} from alarm
     where tenant_id = ${tenant} and resolved_at is not null order by resolved_at desc, id desc limit ${limit}`,
    db,
  )
  return rows.map(rowFrom)
}

/**
 * Writes alarms as they were decided, all but what channels were told of them, and gives them with their numbers. What
 * another watcher opened meanwhile is taken over.
 */
export async function saveAlarms<A extends Alarm & { id: number | null }>(
  db: Executor,
  tenant: TenantId,
  alarms: readonly A[],
): Promise<AlarmRow[]> {
  const saved: AlarmRow[] = []
  for (const alarm of alarms) {
    const row = await rowOf(
      alarm.id === null
        ? sql<Kept>`insert into alarm (tenant_id, code, key, facts, since, raised_at, away_since, resolved_at)
            values (${tenant}, ${alarm.code}, ${alarm.key}, ${json(alarm.facts)}, ${at(alarm.since)}, ${at(alarm.raisedAt)},
                    ${at(alarm.awaySince)}, ${at(alarm.resolvedAt)})
            on conflict (tenant_id, code, key) where resolved_at is null do update set facts = excluded.facts,
               raised_at = coalesce(alarm.raised_at, excluded.raised_at), away_since = excluded.away_since
            returning ${columns}`
        : sql<Kept>`update alarm set facts = ${json(alarm.facts)}, raised_at = ${at(alarm.raisedAt)},
               away_since = ${at(alarm.awaySince)}, resolved_at = ${at(alarm.resolvedAt)}
             where tenant_id = ${tenant} and id = ${alarm.id} returning ${columns}`,
      db,
    )
    if (row) saved.push(rowFrom(row))
  }
  return saved
}

/** Forgets alarms that nobody was ever told of. */
export const dropAlarms = (db: Executor, tenant: TenantId, ids: number[]) =>
  rowsOf(sql`delete from alarm where tenant_id = ${tenant} and id = any(${ids}) and raised_at is null`, db)

/** What a message tells of: an alarm and in which sense. */
export type NoticePart = { alarm: number; kind: NoticeKind }

/** Writes a message down before it is sent; it counts against the channel's limit from now on. */
export async function beginNotice(
  db: Executor,
  tenant: TenantId,
  notice: { channel: string; at: Temporal.Instant; parts: NoticePart[] },
): Promise<number> {
  const row = await rowOf(
    sql<{ id: number }>`insert into notice (tenant_id, channel_key, at, alarms, outcome)
    values (${tenant}, ${notice.channel}, ${at(notice.at)}, ${json(notice.parts)}, 'sending') returning id`,
    db,
  )
  return row!.id
}

/** Keeps what came of a message; once it was accepted, its alarms are told. Belongs in one transaction. */
export async function endNotice(
  db: Executor,
  tenant: TenantId,
  id: number,
  end: {
    channel: string
    at: Temporal.Instant
    parts: NoticePart[]
    outcome: 'accepted' | 'throttled' | 'refused' | 'lost'
    because: string
  },
): Promise<void> {
  await rowsOf(
    sql`update notice set outcome = ${end.outcome}, because = ${end.because} where tenant_id = ${tenant} and id = ${id}`,
    db,
  )
  if (end.outcome !== 'accepted') return
  const heard = end.parts.map(({ alarm, kind }) => ({ alarm, told: { kind, at: end.at.toString() } }))
  await rowsOf(
    sql`update alarm set told = alarm.told || jsonb_build_object(${end.channel}::text, heard.told)
      from jsonb_to_recordset(${json(heard)}) as heard(alarm bigint, told jsonb)
     where alarm.tenant_id = ${tenant} and alarm.id = heard.alarm`,
    db,
  )
}

/** When a channel was last sent something, whatever came of it. */
export async function readSentAt(
  db: Executor,
  tenant: TenantId,
  channel: string,
  since: Temporal.Instant,
): Promise<Temporal.Instant[]> {
  const rows = await rowsOf(
    sql<{ at: Temporal.Instant }>`select at from notice
     where tenant_id = ${tenant} and channel_key = ${channel} and at > ${at(since)} order by at`,
    db,
  )
  return rows.map((row) => row.at)
}

/** Keeps everything a channel already knows of an alarm that was told without the database. */
export const saveTold = (db: Executor, tenant: TenantId, id: number, told: Record<string, Told>) =>
  rowsOf(
    sql`update alarm set told = ${json(
      Object.fromEntries(
        Object.entries(told).map(([channel, { kind, at }]) => [channel, { kind, at: at.toString() }]),
      ),
    )} || told where tenant_id = ${tenant} and id = ${id}`,
    db,
  )

/** Open alarms by kind. */
export const countOpenAlarms = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<{ code: AlarmCode; count: number }>`select code, count(*)::int8 as count from alarm
     where tenant_id = ${tenant} and resolved_at is null and raised_at is not null group by code order by code`,
    db,
  )

/**
 * Takes the watch: true when it is this holder's until then. Only one watches, so that nobody is told twice; whoever
 * died leaves it free when its time is over.
 */
export async function takeWatch(
  db: Executor,
  tenant: TenantId,
  watch: { holder: string; now: Temporal.Instant; until: Temporal.Instant },
): Promise<boolean> {
  const row = await rowOf(
    sql`insert into alarm_watch (tenant_id, holder, until) values (${tenant}, ${watch.holder}, ${at(watch.until)})
    on conflict (tenant_id) do update set holder = excluded.holder, until = excluded.until
     where alarm_watch.until <= ${at(watch.now)} or alarm_watch.holder = excluded.holder
    returning holder`,
    db,
  )
  return row !== undefined
}

/** Gives the watch back. */
export const leaveWatch = (db: Executor, tenant: TenantId, holder: string, now: Temporal.Instant) =>
  rowsOf(
    sql`update alarm_watch set until = ${at(now)} where tenant_id = ${tenant} and holder = ${holder}`,
    db,
  )

const at = (instant: Temporal.Instant | null) => sql`${instant?.toString() ?? null}::timestamptz`
const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`
