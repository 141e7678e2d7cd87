import { sql } from 'kysely'
import type { Claims } from '#domain/claims.ts'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'

/** `import` is a mapping table that came back; `merge` and `split` are about two accounts between whom there may be no route. */
export type ActKind = 'link' | 'unlink' | 'confirm' | 'merge' | 'split' | 'import' | 'undo'

export type Act = {
  id: number
  at: Temporal.Instant
  actor: string
  kind: ActKind
  /** The accounts or the file, as they were typed. */
  subject: string
  before: Claims
  after: Claims
  undoneAt: Temporal.Instant | null
  /** The act that took this one back, and the act that this one takes back. */
  undoneBy: number | null
  undoes: number | null
}

/** One act at a time: what each finds is what the one before it left. */
export const oneActAtATime = (tx: Executor) =>
  rowsOf(sql`lock table identity_act in share row exclusive mode`, tx)

/** Keeps an act and gives its number. */
export async function saveAct(
  db: Executor,
  tenant: TenantId,
  act: Pick<Act, 'at' | 'actor' | 'kind' | 'subject' | 'before' | 'after' | 'undoes'>,
): Promise<number> {
  const row = await rowOf(
    sql<{ id: number }>`insert into identity_act (tenant_id, at, actor, kind, subject, before, after, undoes)
    values (${tenant}, ${act.at.toString()}::timestamptz, ${act.actor}, ${act.kind}, ${act.subject},
            ${JSON.stringify(act.before)}::jsonb, ${JSON.stringify(act.after)}::jsonb, ${act.undoes}) returning id`,
    db,
  )
  return row!.id
}

const columns = sql`id, at, actor, kind, subject, before, after, undone_at as "undoneAt", undone_by as "undoneBy", undoes`

export const readAct = (db: Executor, tenant: TenantId, id: number) =>
  rowOf(sql<Act>`select ${columns} from identity_act where tenant_id = ${tenant} and id = ${id}`, db)

/** The newest acts, newest first. */
export const readActs = (db: Executor, tenant: TenantId, limit: number) =>
  rowsOf(
    sql<Act>`select ${columns} from identity_act where tenant_id = ${tenant} order by id desc limit ${limit}`,
    db,
  )

/** Acts after this one that stand, newest first. */
export const readStandingAfter = (db: Executor, tenant: TenantId, id: number) =>
  rowsOf(
    sql<Act>`select ${columns} from identity_act
      where tenant_id = ${tenant} and id > ${id} and undone_at is null order by id desc`,
    db,
  )

/** An act is taken back by another one; what it had taken back itself stands again, and so on. */
export async function markUndone(
  db: Executor,
  tenant: TenantId,
  act: Pick<Act, 'id' | 'undoes'>,
  by: { id: number; at: Temporal.Instant },
): Promise<void> {
  await rowsOf(
    sql`update identity_act set undone_at = ${by.at.toString()}::timestamptz, undone_by = ${by.id}
     where tenant_id = ${tenant} and id = ${act.id}`,
    db,
  )
  if (act.undoes === null) return
  await rowsOf(
    sql`update identity_act set undone_at = null, undone_by = null where tenant_id = ${tenant} and id = ${act.undoes}`,
    db,
  )
  const again = await readAct(db, tenant, act.undoes)
  const undone = again?.undoes ? await readAct(db, tenant, again.undoes) : undefined
  if (again && undone) await markUndone(db, tenant, undone, { ...by, id: again.id })
}
