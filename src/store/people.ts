import { sql } from 'kysely'
import type { Reason } from '#domain/evidence.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import type { Candidate } from '#domain/match-identity.ts'
import type { LinkStatus } from '#domain/person.ts'
import { type Executor, rowsOf } from './database.ts'

export type AccountRow = {
  connectionId: ConnectionId
  key: string
  userId: string
  name: string
  mobilePrint: string | null
  mobileTail: string | null
  jobNumber: string | null
  email: string | null
  departments: string[]
  departmentIds: string[]
  isActive: boolean
  personId: string
  goneAt: Temporal.Instant | null
}

export type IdentityRow = {
  routeId: RouteId
  sourceKey: string
  status: LinkStatus
  targetKey: string | null
  because: Reason[]
  candidates: Candidate[]
}

/** Every account ever seen on these connections; those that left have `goneAt`. */
export const readAccounts = (db: Executor, tenant: TenantId, connections: ConnectionId[]) =>
  rowsOf(
    sql<AccountRow>`
    select connection_id as "connectionId", key, user_id as "userId", name, mobile_print as "mobilePrint", mobile_tail as "mobileTail",
           job_number as "jobNumber", email, departments, department_ids as "departmentIds", is_active as "isActive",
           person_id as "personId", gone_at as "goneAt"
      from account where tenant_id = ${tenant} and connection_id = any(${connections}) order by connection_id, key`,
    db,
  )

/** Replaces a connection's roster: new accounts come, changed ones change, absent ones are marked gone, never deleted. */
export async function saveRoster(
  db: Executor,
  tenant: TenantId,
  connection: ConnectionId,
  accounts: Omit<AccountRow, 'connectionId' | 'goneAt'>[],
  now: Temporal.Instant,
): Promise<void> {
  const at = now.toString()
  const rows = JSON.stringify(accounts)
  await rowsOf(
    sql`
    insert into account (tenant_id, connection_id, key, user_id, name, mobile_print, mobile_tail, job_number, email, departments,
                         department_ids, is_active, person_id, first_seen_at)
    select ${tenant}, ${connection}, r.key, r."userId", r.name, r."mobilePrint", r."mobileTail", r."jobNumber", r.email, r.departments,
           r."departmentIds", r."isActive", r."personId", ${at}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r(key text, "userId" text, name text, "mobilePrint" text, "mobileTail" text,
           "jobNumber" text, email text, departments jsonb, "departmentIds" jsonb, "isActive" boolean, "personId" text)
    on conflict (tenant_id, connection_id, key) do update set user_id = excluded.user_id, name = excluded.name,
       mobile_print = excluded.mobile_print, mobile_tail = excluded.mobile_tail, job_number = excluded.job_number,
       email = excluded.email, departments = excluded.departments, department_ids = excluded.department_ids,
       is_active = excluded.is_active, gone_at = null
     where (account.user_id, account.name, account.mobile_print, account.job_number, account.email, account.departments,
            account.department_ids, account.is_active, account.gone_at)
        is distinct from (excluded.user_id, excluded.name, excluded.mobile_print, excluded.job_number, excluded.email,
            excluded.departments, excluded.department_ids, excluded.is_active, null::timestamptz)`,
    db,
  )
  await rowsOf(
    sql`update account set gone_at = ${at}::timestamptz
     where tenant_id = ${tenant} and connection_id = ${connection} and gone_at is null and not (key = any(${accounts.map((a) => a.key)}))`,
    db,
  )
  await rowsOf(
    sql`update connection set roster_read_at = ${at}::timestamptz where tenant_id = ${tenant} and id = ${connection}`,
    db,
  )
}

export const readIdentities = (db: Executor, tenant: TenantId, route: RouteId) =>
  rowsOf(
    sql<IdentityRow>`select route_id as "routeId", source_key as "sourceKey", status, target_key as "targetKey", because, candidates
      from identity where tenant_id = ${tenant} and route_id = ${route} order by source_key`,
    db,
  )

/** Keeps the outcome of matching; unchanged outcomes are not written again, vanished accounts keep their last one. */
export const saveIdentities = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  identities: Omit<IdentityRow, 'routeId'>[],
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`
    insert into identity (tenant_id, route_id, source_key, status, target_key, because, candidates, decided_at)
    select ${tenant}, ${route}, r."sourceKey", r.status, r."targetKey", r.because, r.candidates, ${now.toString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(identities)}::jsonb)
        as r("sourceKey" text, status text, "targetKey" text, because jsonb, candidates jsonb)
    on conflict (tenant_id, route_id, source_key) do update set status = excluded.status, target_key = excluded.target_key,
       because = excluded.because, candidates = excluded.candidates, decided_at = excluded.decided_at
     where (identity.status, identity.target_key, identity.because, identity.candidates)
        is distinct from (excluded.status, excluded.target_key, excluded.because, excluded.candidates)`,
    db,
  )

export type ProbeRow = { mobilePrint: string; foundKey: string | null; askedAt: Temporal.Instant }

/** What a platform already answered about mobiles, negatives included. */
export const readProbes = (db: Executor, tenant: TenantId, connection: ConnectionId) =>
  rowsOf(
    sql<ProbeRow>`select mobile_print as "mobilePrint", found_key as "foundKey", asked_at as "askedAt"
      from mobile_probe where tenant_id = ${tenant} and connection_id = ${connection}`,
    db,
  )

export const saveProbe = (db: Executor, tenant: TenantId, connection: ConnectionId, probe: ProbeRow) =>
  rowsOf(
    sql`insert into mobile_probe (tenant_id, connection_id, mobile_print, found_key, asked_at)
    values (${tenant}, ${connection}, ${probe.mobilePrint}, ${probe.foundKey}, ${probe.askedAt.toString()}::timestamptz)
    on conflict (tenant_id, connection_id, mobile_print) do update set found_key = excluded.found_key, asked_at = excluded.asked_at`,
    db,
  )

/** Pairs that a person has taken apart on this route. */
export const readPartedPairs = (db: Executor, tenant: TenantId, route: RouteId) =>
  rowsOf(
    sql<{
      sourceKey: string
      targetKey: string
    }>`select source_key as "sourceKey", target_key as "targetKey" from parted_pair
      where tenant_id = ${tenant} and route_id = ${route}`,
    db,
  )

export const partPair = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  sourceKey: string,
  targetKey: string,
  now: Temporal.Instant,
) =>
  rowsOf(
    sql`insert into parted_pair (tenant_id, route_id, source_key, target_key, parted_at)
      values (${tenant}, ${route}, ${sourceKey}, ${targetKey}, ${now.toString()}::timestamptz) on conflict do nothing`,
    db,
  )

export const unpartPair = (
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  sourceKey: string,
  targetKey: string,
) =>
  rowsOf(
    sql`delete from parted_pair where tenant_id = ${tenant} and route_id = ${route} and source_key = ${sourceKey} and target_key = ${targetKey}`,
    db,
  )

/** Deliveries of this account that are held for want of a link. */
export async function countHeld(
  db: Executor,
  tenant: TenantId,
  route: RouteId,
  sourceKey: string,
): Promise<number> {
  const rows = await rowsOf(
    sql<{
      count: number
    }>`select count(*)::int8 as count from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
      where delivery.tenant_id = ${tenant} and delivery.route_id = ${route} and delivery.state = 'held' and punch.account_key = ${sourceKey}`,
    db,
  )
  return rows[0]?.count ?? 0
}
