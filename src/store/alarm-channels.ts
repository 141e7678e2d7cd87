import { sql } from 'kysely'
import type { AlarmLevel, ChannelKind } from '#domain/alarms/alarm.ts'
import type { ChannelHealth } from '#domain/alarms/channel.ts'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

export type ChannelRow = ChannelHealth & {
  key: string
  kind: ChannelKind
  lang: 'zh' | 'en'
  level: AlarmLevel | 'off'
  /** What setup.yaml says of it, secrets left out. */
  facts: Record<string, unknown>
  sealed: Buffer
  secretPrint: string
  since: Temporal.Instant
  acceptedAt: Temporal.Instant | null
}

export const readChannels = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<ChannelRow>`select key, kind, lang, level, facts, sealed, secret_print as "secretPrint", since,
           quiet_until as "quietUntil", failures, failure, accepted_at as "acceptedAt"
      from alarm_channel where tenant_id = ${tenant} order by key`,
    db,
  )

/** Makes or changes a channel. A changed one is tried at once. */
export const saveChannel = (
  db: Executor,
  tenant: TenantId,
  row: Pick<ChannelRow, 'key' | 'kind' | 'lang' | 'level' | 'facts' | 'sealed' | 'secretPrint'>,
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`insert into alarm_channel (tenant_id, key, kind, lang, level, facts, sealed, secret_print, since)
    values (${tenant}, ${row.key}, ${row.kind}, ${row.lang}, ${row.level}, ${JSON.stringify(row.facts)}::jsonb, ${row.sealed},
            ${row.secretPrint}, ${now.toString()}::timestamptz)
    on conflict (tenant_id, key) do update set kind = excluded.kind, lang = excluded.lang, level = excluded.level,
       facts = excluded.facts, sealed = excluded.sealed, secret_print = excluded.secret_print,
       since = case when alarm_channel.level = excluded.level then alarm_channel.since else excluded.since end,
       quiet_until = null, failures = 0, failure = null`,
    db,
  )

/** Keeps how a channel is doing. */
export const saveChannelHealth = (
  db: Executor,
  tenant: TenantId,
  key: string,
  { quietUntil, failures, failure }: ChannelHealth,
  acceptedAt: Temporal.Instant | null,
) =>
  rowsOf(
    sql`update alarm_channel set quiet_until = ${quietUntil?.toString() ?? null}::timestamptz, failures = ${failures},
           failure = ${failure}, accepted_at = coalesce(${acceptedAt?.toString() ?? null}::timestamptz, accepted_at)
     where tenant_id = ${tenant} and key = ${key}`,
    db,
  )
