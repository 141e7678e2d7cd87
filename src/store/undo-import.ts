import { sql } from 'kysely'
import { accountKey, type ConnectionId, type TenantId } from '#domain/ids.ts'
import { endClaims, moveClaims, restoreClaims } from './claims.ts'
import { type Executor, rowsOf } from './database.ts'

type Where = { tenant: TenantId; connection: ConnectionId }
type Undo = { import: number; at: Temporal.Instant; actor: string }

/** A record that was written under an account which this import brought. */
export type WrittenUnder = { key: string; at: Temporal.Instant; targetUser: string; state: string }

/** Causes that make an account, or its holder, new. */
const bringing = sql`causes ?| array['joined', 'reused', 'rehired']`

/** Records written since the import under accounts it brought, oldest first: the platforms have no delete. */
export const readWrittenUnder = (
  db: Executor,
  { tenant, connection }: Where,
  done: { import: number; at: Temporal.Instant },
  limit: number,
) =>
  rowsOf(
    sql<WrittenUnder>`
    with brought as (select key from account_version where tenant_id = ${tenant} and opened_by = ${done.import} and ${bringing})
    select brought.key, delivery.at, delivery.target_user as "targetUser", delivery.state
      from brought
      join punch on punch.tenant_id = ${tenant} and punch.account_key = brought.key and punch.connection_id = ${connection}
      join delivery on delivery.tenant_id = ${tenant} and delivery.punch_id = punch.id
     where delivery.state in ('batched', 'inDoubt', 'verified') and delivery.decided_at >= ${done.at.toString()}::timestamptz
    union
    select brought.key, delivery.at, delivery.target_user, delivery.state
      from brought
      join delivery on delivery.tenant_id = ${tenant} and delivery.connection_id = ${connection} and delivery.target_key = brought.key
     where delivery.state in ('batched', 'inDoubt', 'verified') and delivery.decided_at >= ${done.at.toString()}::timestamptz
     order by at limit ${limit}`,
    db,
  )

/**
 * Takes an import back: what it opened is marked undone, what it closed is open again, and `account` shows what was true
 * before. Returns how many accounts changed. Whoever had joined by it is a tombstone with the cause `undone`.
 */
export async function undoImport(db: Executor, where: Where, undo: Undo): Promise<number> {
  const { tenant, connection } = where
  const at = sql`${undo.at.toString()}::timestamptz`
  const moved = await rowsOf(
    sql<{ key: string; userId: string; to: string }>`
    select key, user_id as "userId", ended_because->>'to' as to from account_version
     where tenant_id = ${tenant} and closed_by = ${undo.import} and ended_because->>'code' = 'userid-changed'`,
    db,
  )
  const reused = await rowsOf(
    sql<{ key: string }>`select key from account_version
     where tenant_id = ${tenant} and opened_by = ${undo.import} and causes ? 'reused'`,
    db,
  )
  const keys = reused.map(({ key }) => key)
  // What was said of the new holders since then was said of people who are taken back, too.
  await endClaims(db, where, keys, { import: undo.import, at: undo.at, because: 'undone' })
  await restoreClaims(db, where, undo)
  for (const { key, userId, to } of moved)
    await moveClaims(db, where, { from: accountKey('wecom', to), to: key, toUserId: userId })

  const touched = await rowsOf(
    sql<{ key: string }>`
    with closed as (
      update account_version set is_undone = true, valid_to = coalesce(valid_to, ${at})
       where tenant_id = ${tenant} and opened_by = ${undo.import} returning key),
    opened as (
      update account_version set valid_to = null, closed_by = null, ended_because = null
       where tenant_id = ${tenant} and closed_by = ${undo.import} and opened_by <> ${undo.import} returning key)
    select key from closed union select key from opened`,
    db,
  )
  await showWhatIsTrue(
    db,
    where,
    touched.map(({ key }) => key),
    undo,
  )
  await rowsOf(
    sql`update contact_import set undone_at = ${at}, undone_by = ${undo.actor} where tenant_id = ${tenant} and id = ${undo.import}`,
    db,
  )
  await rowsOf(
    sql`update connection set roster_doubt = ${JSON.stringify({ code: 'undone', import: undo.import })}::jsonb
     where tenant_id = ${tenant} and id = ${connection}`,
    db,
  )
  return touched.length
}

/** Sets accounts to the last interval that stands; those without one were never there. */
const showWhatIsTrue = async (db: Executor, { tenant, connection }: Where, keys: string[], undo: Undo) => {
  await rowsOf(
    sql`
    update account set user_id = v.user_id, name = v.name, mobile_print = v.mobile_print, mobile_tail = v.mobile_tail,
           job_number = v.job_number, email = v.email, departments = v.departments, department_ids = v.department_ids,
           is_active = v.is_active, title = v.title, hired_on = v.hired_on, manager = v.manager, human_id = v.human_id,
           person_id = v.person_id, life = v.life, since = v.since, gone_at = v.valid_to,
           gone_because = case when v.valid_to is not null then v.ended_because end
      from unnest(${keys}::text[]) as asked(key)
     cross join lateral (select * from account_version where tenant_id = ${tenant} and connection_id = ${connection}
       and key = asked.key and not is_undone order by life desc, version desc limit 1) as v
     where account.tenant_id = ${tenant} and account.connection_id = ${connection} and account.key = asked.key`,
    db,
  )
  await rowsOf(
    sql`
    update account set gone_at = ${undo.at.toString()}::timestamptz,
           gone_because = ${JSON.stringify({ code: 'undone', import: undo.import })}::jsonb
      from unnest(${keys}::text[]) as asked(key)
      left join lateral (select true as stands from account_version where tenant_id = ${tenant} and connection_id = ${connection}
        and key = asked.key and not is_undone limit 1) as v on true
     where account.tenant_id = ${tenant} and account.connection_id = ${connection} and account.key = asked.key and v.stands is null`,
    db,
  )
}
