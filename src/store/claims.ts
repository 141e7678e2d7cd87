import { sql } from 'kysely'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

/** What is said of accounts: explicit links, pairs taken apart, and outcomes of matching. */
const kinds = ['explicit_link', 'parted_pair', 'identity'] as const

type Where = { tenant: TenantId; connection: ConnectionId }
type Ending = { import: number; at: Temporal.Instant; because: 'reused' | 'undone' }

const isAbout = (table: string, { tenant, connection }: Where, keys: string[]) => sql`
  ${sql.table(table)}.tenant_id = ${tenant} and route.tenant_id = ${tenant} and route.id = ${sql.table(table)}.route_id
  and ((route.dingtalk_id = ${connection} and ${sql.table(table)}.source_key = any(${keys}))
    or (route.wecom_id = ${connection} and ${sql.table(table)}.target_key = any(${keys})))`

/** Both sides of a route are read at once, and what is said of a pair belongs to both: it changes hands in turns. */
const oneAtATime = (db: Executor) => rowsOf(sql`lock table ended_claim in share row exclusive mode`, db)

/** Ends everything that was said of these accounts: another human holds their user ids. It stays in the history. */
export async function endClaims(db: Executor, where: Where, keys: string[], ending: Ending): Promise<void> {
  if (keys.length === 0) return
  await oneAtATime(db)
  for (const kind of kinds)
    await rowsOf(
      sql`
      with ended as (delete from ${sql.table(kind)} using route where ${isAbout(kind, where, keys)} returning ${sql.table(kind)}.*)
      insert into ended_claim (tenant_id, route_id, kind, source_key, target_key, claim, ended_at, because, import_id)
      select tenant_id, route_id, ${kind}, source_key, target_key, to_jsonb(ended), ${ending.at.toString()}::timestamptz,
             ${ending.because}, ${ending.import} from ended`,
      db,
    )
  await endPersonPairs(db, where, keys, ending)
}

/** The same for a person's word about accounts between which there is no route. */
async function endPersonPairs(
  db: Executor,
  { tenant, connection }: Where,
  keys: string[],
  ending: Ending,
): Promise<void> {
  await rowsOf(
    sql`
    with ended as (
      delete from person_pair where tenant_id = ${tenant}
        and ((a_connection = ${connection} and a_key = any(${keys})) or (b_connection = ${connection} and b_key = any(${keys})))
      returning person_pair.*)
    insert into ended_claim (tenant_id, kind, source_key, target_key, claim, ended_at, because, import_id)
    select tenant_id, 'person_pair', a_key, b_key, to_jsonb(ended), ${ending.at.toString()}::timestamptz, ${ending.because},
           ${ending.import} from ended`,
    db,
  )
}

/** Explicit links that ended because somebody else holds one of the user ids now. */
export const readEndedLinks = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<{ routeId: RouteId; sourceKey: string; targetKey: string }>`
    select distinct route_id as "routeId", source_key as "sourceKey", target_key as "targetKey" from ended_claim
     where tenant_id = ${tenant} and kind = 'explicit_link' and because = 'reused' and restored_at is null`,
    db,
  )

/** Says again what an import had ended; where something newer was said since, that stands. */
export async function restoreClaims(
  db: Executor,
  { tenant }: Where,
  ended: { import: number; at: Temporal.Instant },
): Promise<void> {
  for (const kind of [...kinds, 'person_pair'])
    await rowsOf(
      sql`
      with back as (
        update ended_claim set restored_at = ${ended.at.toString()}::timestamptz
         where tenant_id = ${tenant} and import_id = ${ended.import} and kind = ${kind} and because = 'reused'
           and restored_at is null returning claim)
      insert into ${sql.table(kind)} select claimed.* from back, jsonb_populate_record(null::${sql.table(kind)}, back.claim) as claimed
      on conflict do nothing`,
      db,
    )
}

/**
 * The same human goes on under another user id: what was said of the account, what is under way to it and what was asked
 * about it goes along. What was delivered long ago keeps the user id it was delivered to.
 */
export async function moveClaims(
  db: Executor,
  where: Where,
  moved: { from: string; to: string; toUserId: string },
): Promise<void> {
  const { tenant, connection } = where
  await oneAtATime(db)
  const there = sql`tenant_id = ${tenant} and target_key = ${moved.from}
    and route_id in (select id from route where tenant_id = ${tenant} and wecom_id = ${connection})`
  await rowsOf(
    sql`update explicit_link set target_key = ${moved.to}, target_user = ${moved.toUserId} where ${there}`,
    db,
  )
  await rowsOf(sql`update identity set target_key = ${moved.to} where ${there}`, db)
  await rowsOf(
    sql`update identity set before_word = jsonb_set(before_word, '{target_key}', to_jsonb(${moved.to}::text))
     where tenant_id = ${tenant} and before_word->>'target_key' = ${moved.from}
       and route_id in (select id from route where tenant_id = ${tenant} and wecom_id = ${connection})`,
    db,
  )
  await rowsOf(sql`update parted_pair set target_key = ${moved.to} where ${there}`, db)
  for (const end of ['a', 'b'])
    await rowsOf(
      sql`update person_pair set ${sql.ref(`${end}_key`)} = ${moved.to}
       where tenant_id = ${tenant} and ${sql.ref(`${end}_connection`)} = ${connection} and ${sql.ref(`${end}_key`)} = ${moved.from}`,
      db,
    )
  await rowsOf(
    sql`update mobile_probe set found_key = ${moved.to}
     where tenant_id = ${tenant} and connection_id = ${connection} and found_key = ${moved.from}`,
    db,
  )
  await rowsOf(
    sql`update delivery set target_key = ${moved.to}, target_user = ${moved.toUserId}
     where tenant_id = ${tenant} and connection_id = ${connection} and target_key = ${moved.from}
       and state in ('waiting', 'batched', 'inDoubt', 'refused')
       and not exists (select 1 from delivery other where other.tenant_id = ${tenant} and other.connection_id = ${connection}
                         and other.target_key = ${moved.to} and other.at = delivery.at)`,
    db,
  )
}
