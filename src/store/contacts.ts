import { sql } from 'kysely'
import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { GoneBecause, RosterChangeKind, RosterStep } from '#domain/roster-changes.ts'
import { type AccountRow, holderColumns, holderRecord } from './account-row.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

export type ContactImport = {
  id: number
  connectionId: ConnectionId
  at: Temporal.Instant
  actor: string
  /** Accounts the platform listed. */
  listed: number
  counts: Partial<Record<RosterChangeKind, number>>
  /** Fingerprint of the roster as it was read. */
  rosterPrint: string
  isAccepted: boolean
  undoneAt: Temporal.Instant | null
}

/** A step that is about to be kept: whose account it is. */
export type KeptStep = RosterStep & { personId: string }

type Where = { tenant: TenantId; connection: ConnectionId }

const rowsPerStatement = 5_000

/** A connection's imports that were not taken back, newest first. */
export const readImports = (db: Executor, { tenant, connection }: Where) =>
  rowsOf(
    sql<ContactImport>`
    select id, connection_id as "connectionId", at, actor, listed, counts, roster_print as "rosterPrint",
           is_accepted as "isAccepted", undone_at as "undoneAt"
      from contact_import where tenant_id = ${tenant} and connection_id = ${connection} order by id desc`,
    db,
  )

/** One import by its number, whatever connection it was made on. */
export const readImport = (db: Executor, tenant: TenantId, id: number) =>
  rowOf(
    sql<ContactImport>`
    select id, connection_id as "connectionId", at, actor, listed, counts, roster_print as "rosterPrint",
           is_accepted as "isAccepted", undone_at as "undoneAt"
      from contact_import where tenant_id = ${tenant} and id = ${id}`,
    db,
  )

/** Gives the next import its number. */
export async function beginImport(
  db: Executor,
  { tenant, connection }: Where,
  made: Pick<ContactImport, 'at' | 'actor' | 'listed' | 'counts' | 'rosterPrint' | 'isAccepted'>,
): Promise<number> {
  const row = await rowOf(
    sql<{ id: number }>`
    insert into contact_import (tenant_id, connection_id, at, actor, listed, counts, roster_print, is_accepted)
    values (${tenant}, ${connection}, ${made.at.toString()}::timestamptz, ${made.actor}, ${made.listed},
            ${JSON.stringify(made.counts)}::jsonb, ${made.rosterPrint}, ${made.isAccepted}) returning id`,
    db,
  )
  return row!.id
}

/**
 * Keeps the steps of one import: the intervals that end are closed, those that begin are opened, and `account` shows what
 * is true now. `lastSeenAt`: when the connection was read before; a life that another one followed at once ended there.
 */
export async function saveSteps(
  db: Executor,
  where: Where,
  steps: readonly KeptStep[],
  done: { import: number; at: Temporal.Instant; lastSeenAt: Temporal.Instant | null },
): Promise<void> {
  for (let i = 0; i < steps.length; i += rowsPerStatement) {
    const part = steps.slice(i, i + rowsPerStatement)
    await closeVersions(db, where, part, done)
    await openVersions(db, where, part, done)
    await saveAccounts(db, where, part, done.at)
  }
}

const closeVersions = (
  db: Executor,
  { tenant, connection }: Where,
  steps: readonly KeptStep[],
  done: Parameters<typeof saveSteps>[3],
) => {
  const closed = steps.flatMap(({ key, before, after }) => {
    if (!before) return []
    const isReused = after.life > before.life
    const isOpen = before.goneAt === null
    // A tombstone keeps its cause, whoever gets the user id afterwards.
    const because: GoneBecause | null = !isReused ? after.goneBecause : isOpen ? { code: 'reused' } : null
    const until = isReused ? (done.lastSeenAt ?? done.at) : done.at
    return [{ key, life: before.life, isOpen, because, until: until.toString() }]
  })
  if (closed.length === 0) return []
  return rowsOf(
    sql`
    update account_version set valid_to = case when r."isOpen" then greatest(valid_from, r.until) else valid_to end,
           closed_by = case when r."isOpen" then ${done.import} else closed_by end,
           ended_because = case when r."isOpen" or r.because is not null then r.because else ended_because end
      from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb)
        as r(key text, life int, "isOpen" boolean, because jsonb, until timestamptz)
     where tenant_id = ${tenant} and connection_id = ${connection} and account_version.key = r.key
       and account_version.life = r.life and not is_undone
       and version = (select max(version) from account_version last where last.tenant_id = ${tenant}
                        and last.connection_id = ${connection} and last.key = r.key and last.life = r.life and not last.is_undone)`,
    db,
  )
}

const openVersions = (
  db: Executor,
  { tenant, connection }: Where,
  steps: readonly KeptStep[],
  done: Parameters<typeof saveSteps>[3],
) => {
  const opened = steps
    .filter(({ after }) => after.goneAt === null)
    .map(({ after, personId, changes }) => ({ ...after, personId, causes: changes.map(({ kind }) => kind) }))
  if (opened.length === 0) return []
  return rowsOf(
    sql`
    insert into account_version (tenant_id, connection_id, key, life, version, since, valid_from, opened_by, causes, person_id,
           user_id, name, mobile_print, mobile_tail, job_number, email, departments, department_ids, is_active, title, hired_on,
           manager, human_id)
    select ${tenant}, ${connection}, r.key, r.life,
           1 + coalesce((select max(version) from account_version last where last.tenant_id = ${tenant}
                           and last.connection_id = ${connection} and last.key = r.key and last.life = r.life), 0),
           r.since, ${done.at.toString()}::timestamptz, ${done.import}, r.causes, r."personId", r."userId", r.name, r."mobilePrint",
           r."mobileTail", r."jobNumber", r.email, r.departments, r."departmentIds", r."isActive", r.title, r."hiredOn", r.manager,
           r."humanId"
      from jsonb_to_recordset(${JSON.stringify(opened)}::jsonb) as r(${holderRecord}, causes jsonb)`,
    db,
  )
}

const saveAccounts = (
  db: Executor,
  { tenant, connection }: Where,
  steps: readonly KeptStep[],
  at: Temporal.Instant,
) => {
  const rows = steps.map(({ after, personId }) => ({ ...after, personId }))
  return rowsOf(
    sql`
    insert into account (tenant_id, connection_id, key, user_id, name, mobile_print, mobile_tail, job_number, email, departments,
           department_ids, is_active, title, hired_on, manager, human_id, person_id, life, since, first_seen_at, gone_at, gone_because)
    select ${tenant}, ${connection}, r.key, r."userId", r.name, r."mobilePrint", r."mobileTail", r."jobNumber", r.email,
           r.departments, r."departmentIds", r."isActive", r.title, r."hiredOn", r.manager, r."humanId", r."personId", r.life,
           r.since, ${at.toString()}::timestamptz, r."goneAt", r."goneBecause"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(${holderRecord}, "goneAt" timestamptz, "goneBecause" jsonb)
    on conflict (tenant_id, connection_id, key) do update set user_id = excluded.user_id, name = excluded.name,
       mobile_print = excluded.mobile_print, mobile_tail = excluded.mobile_tail, job_number = excluded.job_number,
       email = excluded.email, departments = excluded.departments, department_ids = excluded.department_ids,
       is_active = excluded.is_active, title = excluded.title, hired_on = excluded.hired_on, manager = excluded.manager,
       human_id = excluded.human_id, person_id = excluded.person_id, life = excluded.life, since = excluded.since,
       gone_at = excluded.gone_at, gone_because = excluded.gone_because`,
    db,
  )
}

/** The connection was read and believed, or read and not believed: then what is known stays as old as it was. */
export const markRead = (
  db: Executor,
  { tenant, connection }: Where,
  read: { at: Temporal.Instant; doubt: RosterDoubt | null },
) =>
  rowsOf(
    sql`update connection set roster_doubt = ${read.doubt ? JSON.stringify(read.doubt) : null}::jsonb,
           roster_read_at = case when ${read.doubt === null} then ${read.at.toString()}::timestamptz else roster_read_at end
     where tenant_id = ${tenant} and id = ${connection}`,
    db,
  )

/** Why the last roster read was not believed; null when it was, or when there was none. */
export async function readDoubt(db: Executor, { tenant, connection }: Where): Promise<RosterDoubt | null> {
  const row = await rowOf(
    sql<{ doubt: RosterDoubt | null }>`
      select roster_doubt as doubt from connection where tenant_id = ${tenant} and id = ${connection}`,
    db,
  )
  return row?.doubt ?? null
}

/** One human's time on one user id. `to` null: they hold it still. */
export type LifeRow = {
  connectionId: ConnectionId
  key: string
  life: number
  personId: string
  name: string
  /** No punch before this instant is theirs, unless it is the first life: then all before is. */
  from: Temporal.Instant
  to: Temporal.Instant | null
  endedBecause: GoneBecause | null
}

/** Every life of every account of these connections, ended ones included, oldest first. */
export const readLives = (db: Executor, tenant: TenantId, connections: ConnectionId[]) =>
  rowsOf(
    sql<LifeRow>`
    select distinct on (connection_id, key, life) connection_id as "connectionId", key, life, person_id as "personId", name,
           since as from, valid_to as to, ended_because as "endedBecause"
      from account_version where tenant_id = ${tenant} and connection_id = any(${connections}) and not is_undone
     order by connection_id, key, life, version desc`,
    db,
  )

/** What an account was from `validFrom` to `validTo`. */
export type VersionRow = Omit<AccountRow, 'goneAt' | 'goneBecause'> & {
  version: number
  validFrom: Temporal.Instant
  validTo: Temporal.Instant | null
  openedBy: number
  closedBy: number | null
  endedBecause: GoneBecause | null
  isUndone: boolean
  causes: RosterChangeKind[]
}

/** An account's whole history, oldest first, undone imports included and marked. */
export const readVersions = (db: Executor, { tenant, connection }: Where, key: string) =>
  rowsOf(
    sql<VersionRow>`
    select connection_id as "connectionId", ${holderColumns}, version, valid_from as "validFrom", valid_to as "validTo",
           opened_by as "openedBy", closed_by as "closedBy", ended_because as "endedBecause", is_undone as "isUndone", causes
      from account_version where tenant_id = ${tenant} and connection_id = ${connection} and key = ${key}
     order by valid_from, life, version`,
    db,
  )
