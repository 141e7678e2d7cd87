import { sql } from 'kysely'
import type { Direction } from '#domain/direction.ts'
import type { ConnectionId, PlatformName, RouteId, TenantId } from '#domain/ids.ts'
import type { RouteScope } from '#domain/scope.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

export type SubsidiaryRow = { id: number; key: string; name: string }

export type ConnectionRow = {
  id: ConnectionId
  key: string
  subsidiaryId: number
  platform: PlatformName
  corpId: string
  /** What setup.yaml says of it, secrets left out. */
  facts: Record<string, unknown>
  sealed: Buffer
  secretPrint: string
  visibilityMaxMs: number
  /** Learned: the longest a write was seen to take until it showed; 0 before the first sighting. */
  seenDelayMs: number
  /** Learned: how often a write showed after V although a read at V had missed it. */
  lateSightings: number
  /** Learned: two punches of one slot were once shown side by side. */
  showsAll: boolean
  rosterReadAt: Temporal.Instant | null
  /** Nothing is written before: what an older ledger does not know of must show first. Null: write at once. */
  writesFrom: Temporal.Instant | null
}

export type RouteRow = {
  id: RouteId
  key: string
  dingtalkId: ConnectionId
  wecomId: ConnectionId
  direction: Direction
  since: Temporal.PlainDate
  scope: RouteScope
  pollEveryMs: number | null
  quietHours: string[]
  isPaused: boolean
  /** Set while nothing is written on it because it wrote in a circle: what was counted then. */
  brake: { pulledAt: Temporal.Instant; writes: number; punches: number } | null
  /** Watermark: everything before this instant was read, of every source that the direction names. */
  completeTo: Temporal.Instant | null
  completedAt: Temporal.Instant | null
}

export type ExplicitLinkRow = {
  routeId: RouteId
  sourceKey: string
  sourceUser: string
  targetKey: string
  targetUser: string
  origin: string
}

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`

/** The tenant everything belongs to until more are added. */
export async function defaultTenant(db: Executor): Promise<TenantId> {
  const row = await rowOf(sql<{ id: TenantId }>`select id from tenant where key = 'default'`, db)
  return row!.id
}

export type TenantRow = { id: TenantId; key: string; name: string }

/** Every group of companies kept here. */
export const readTenants = (db: Executor) =>
  rowsOf(sql<TenantRow>`select id, key, name from tenant order by id`, db)

/** Makes a tenant, or finds it. */
export async function ensureTenant(db: Executor, key: string, name: string): Promise<TenantId> {
  const row = await rowOf(
    sql<{ id: TenantId }>`insert into tenant (key, name) values (${key}, ${name})
      on conflict (key) do update set name = excluded.name returning id`,
    db,
  )
  return row!.id
}

export const readSubsidiaries = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<SubsidiaryRow>`select id, key, name from subsidiary where tenant_id = ${tenant} order by key`,
    db,
  )

export const readConnections = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<ConnectionRow>`
    select id, key, subsidiary_id as "subsidiaryId", platform, corp_id as "corpId", facts, sealed, secret_print as "secretPrint",
           visibility_max_ms as "visibilityMaxMs", seen_delay_ms as "seenDelayMs", late_sightings as "lateSightings",
           shows_all as "showsAll", roster_read_at as "rosterReadAt", writes_from as "writesFrom"
      from connection where tenant_id = ${tenant} order by key`,
    db,
  )

export async function readRoutes(db: Executor, tenant: TenantId): Promise<RouteRow[]> {
  const rows = await rowsOf(
    sql<Omit<RouteRow, 'brake'> & { brakedAt: Temporal.Instant | null; brake: object | null }>`
    select id, key, dingtalk_id as "dingtalkId", wecom_id as "wecomId", direction, since, scope, poll_every_ms as "pollEveryMs",
           quiet_hours as "quietHours", is_paused as "isPaused", done.complete_to as "completeTo", done.completed_at as "completedAt",
           braked_at as "brakedAt", brake
      from route
      cross join lateral (select case direction when 'dingtalk-to-wecom' then array[dingtalk_id]
                                 when 'wecom-to-dingtalk' then array[wecom_id] else array[dingtalk_id, wecom_id] end as sources) way
      left join lateral (select min(complete_to) as complete_to, min(completed_at) as completed_at from leg
                          where leg.tenant_id = route.tenant_id and leg.route_id = route.id and leg.source_id = any(way.sources)
                         having count(complete_to) = cardinality(way.sources)) done on true
     where tenant_id = ${tenant} order by key`,
    db,
  )
  return rows.map(({ brakedAt, brake, ...route }) => ({
    ...route,
    brake: brakedAt && { writes: 0, punches: 0, ...brake, pulledAt: brakedAt },
  }))
}

/** Every organisation that has a route, in every tenant: what is planned together. */
export const readLaneNames = (db: Executor) =>
  rowsOf(
    sql<{ tenant: TenantId; connection: ConnectionId }>`
    select distinct tenant_id as tenant, dingtalk_id as connection from route order by 1, 2`,
    db,
  )

/** The lanes that this connection's punches travel. */
export const readLanesOf = (db: Executor, tenant: TenantId, connection: ConnectionId) =>
  rowsOf(
    sql<{ tenant: TenantId; connection: ConnectionId }>`
    select distinct tenant_id as tenant, dingtalk_id as connection from route
     where tenant_id = ${tenant} and (dingtalk_id = ${connection} or wecom_id = ${connection}) order by 2`,
    db,
  )

export const readExplicitLinks = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<ExplicitLinkRow>`
    select route_id as "routeId", source_key as "sourceKey", source_user as "sourceUser", target_key as "targetKey",
           target_user as "targetUser", origin
      from explicit_link where tenant_id = ${tenant} order by route_id, source_key`,
    db,
  )

export async function saveSubsidiary(
  db: Executor,
  tenant: TenantId,
  row: { key: string; name: string },
): Promise<number> {
  const saved = await rowOf(
    sql<{
      id: number
    }>`insert into subsidiary (tenant_id, key, name) values (${tenant}, ${row.key}, ${row.name})
      on conflict (tenant_id, key) do update set name = excluded.name returning id`,
    db,
  )
  return saved!.id
}

export async function saveConnection(
  db: Executor,
  tenant: TenantId,
  row: Pick<
    ConnectionRow,
    'key' | 'subsidiaryId' | 'platform' | 'corpId' | 'facts' | 'sealed' | 'secretPrint' | 'visibilityMaxMs'
  >,
): Promise<ConnectionId> {
  const saved = await rowOf(
    sql<{ id: ConnectionId }>`
    insert into connection (tenant_id, key, subsidiary_id, platform, corp_id, facts, sealed, secret_print, visibility_max_ms)
    values (${tenant}, ${row.key}, ${row.subsidiaryId}, ${row.platform}, ${row.corpId}, ${json(row.facts)}, ${row.sealed},
            ${row.secretPrint}, ${row.visibilityMaxMs})
    on conflict (tenant_id, key) do update set subsidiary_id = excluded.subsidiary_id, corp_id = excluded.corp_id,
       facts = excluded.facts, sealed = excluded.sealed, secret_print = excluded.secret_print,
       visibility_max_ms = excluded.visibility_max_ms
    returning id`,
    db,
  )
  return saved!.id
}

export async function saveRoute(
  db: Executor,
  tenant: TenantId,
  row: Pick<
    RouteRow,
    'key' | 'dingtalkId' | 'wecomId' | 'direction' | 'since' | 'scope' | 'pollEveryMs' | 'quietHours'
  >,
): Promise<RouteId> {
  const saved = await rowOf(
    sql<{ id: RouteId }>`
    insert into route (tenant_id, key, dingtalk_id, wecom_id, direction, since, scope, poll_every_ms, quiet_hours)
    values (${tenant}, ${row.key}, ${row.dingtalkId}, ${row.wecomId}, ${row.direction}, ${row.since.toString()}::date,
            ${json(row.scope)}, ${row.pollEveryMs}, ${json(row.quietHours)})
    on conflict (tenant_id, key) do update set dingtalk_id = excluded.dingtalk_id, wecom_id = excluded.wecom_id,
       direction = excluded.direction, since = excluded.since, scope = excluded.scope,
       poll_every_ms = excluded.poll_every_ms, quiet_hours = excluded.quiet_hours
    returning id`,
    db,
  )
  return saved!.id
}

/** Makes or moves an explicit link. */
export const saveExplicitLink = (
  db: Executor,
  tenant: TenantId,
  link: ExplicitLinkRow,
  at: Temporal.Instant,
) =>
  rowsOf(
    sql`insert into explicit_link (tenant_id, route_id, source_key, source_user, target_key, target_user, origin, made_at)
    values (${tenant}, ${link.routeId}, ${link.sourceKey}, ${link.sourceUser}, ${link.targetKey}, ${link.targetUser},
            ${link.origin}, ${at.toString()}::timestamptz)
    on conflict (tenant_id, route_id, source_key) do update set target_key = excluded.target_key,
       target_user = excluded.target_user, origin = excluded.origin, made_at = excluded.made_at`,
    db,
  )

export const setRoutePaused = (db: Executor, tenant: TenantId, route: RouteId, isPaused: boolean) =>
  rowsOf(sql`update route set is_paused = ${isPaused} where tenant_id = ${tenant} and id = ${route}`, db)

/** Keeps what a read-back taught about a platform. Delays and sightings only grow. */
export const saveLessons = (
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  lessons: { seenDelayMs: number; lateSightings: number; showsAll: boolean },
) =>
  rowsOf(
    sql`update connection set seen_delay_ms = greatest(seen_delay_ms, ${lessons.seenDelayMs}),
       late_sightings = late_sightings + ${lessons.lateSightings}, shows_all = shows_all or ${lessons.showsAll}
     where tenant_id = ${tenant} and id = ${connection}`,
    db,
  )

/** Writes down a human act. Details never hold secrets. */
export const audit = (
  db: Executor,
  tenant: TenantId,
  act: { at: Temporal.Instant; actor: string; act: string; subject: string; details: unknown },
) =>
  rowsOf(
    sql`insert into audit (tenant_id, at, actor, act, subject, details)
    values (${tenant}, ${act.at.toString()}::timestamptz, ${act.actor}, ${act.act}, ${act.subject}, ${json(act.details)})`,
    db,
  )
