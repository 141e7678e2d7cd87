import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { LinkStatus } from '#domain/person.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowOf, rowsOf } from './database.ts'
import { summariseTogether } from './together.ts'

/** Summaries of everything resolution is made from; each the same as long as none of it changed. */
export type Inputs = {
  /** Accounts, and what people said of them. */
  claims: string
  /** What platforms answered about mobiles. */
  answers: string
  /** Who punches in the same second as whom. */
  together: string
}

export const textOf = ({ claims, answers, together }: Inputs): string => `${claims} ${answers} ${together}`

export async function readInputs(db: Executor, tenant: TenantId, now: Temporal.Instant): Promise<Inputs> {
  const row = await rowOf(
    sql<Omit<Inputs, 'together'>>`
    select md5(jsonb_build_array(
      (select jsonb_agg(jsonb_build_array(id, key, (select max(id) from contact_import where contact_import.tenant_id = ${tenant}
                                                      and contact_import.connection_id = connection.id)) order by id)
         from connection where tenant_id = ${tenant}),
      (select jsonb_build_array(count(*), max(undone_at)) from contact_import where tenant_id = ${tenant} and undone_at is not null),
      (select md5(string_agg(concat_ws('|', route_id, source_key, target_key), ' ' order by route_id, source_key))
         from explicit_link where tenant_id = ${tenant}),
      (select md5(string_agg(concat_ws('|', route_id, source_key, target_key), ' ' order by route_id, source_key, target_key))
         from parted_pair where tenant_id = ${tenant}),
      (select md5(string_agg(concat_ws('|', a_connection, a_key, b_connection, b_key, is_same), ' '
                             order by a_connection, a_key, b_connection, b_key)) from person_pair where tenant_id = ${tenant}),
      (select jsonb_agg(id order by id) from route where tenant_id = ${tenant}))::text) as claims,
      (select concat_ws('@', count(*), max(asked_at)) from mobile_probe where tenant_id = ${tenant}) as answers`,
    db,
  )
  return { ...row!, together: await summariseTogether(db, tenant, now) }
}

/** What the last resolution was made from, or null. */
export async function readResolvedInputs(db: Executor, tenant: TenantId): Promise<string | null> {
  const row = await rowOf(
    sql<{ inputs: string }>`select inputs from resolution where tenant_id = ${tenant}`,
    db,
  )
  return row?.inputs ?? null
}

export const saveResolvedInputs = (
  db: Executor,
  tenant: TenantId,
  { inputs, at, counts }: { inputs: string; at: Temporal.Instant; counts: Record<LinkStatus, number> },
) =>
  rowsOf(
    sql`insert into resolution (tenant_id, inputs, at, counts)
      values (${tenant}, ${inputs}, ${at.toString()}::timestamptz, ${JSON.stringify(counts)}::jsonb)
    on conflict (tenant_id) do update set inputs = excluded.inputs, at = excluded.at, counts = excluded.counts`,
    db,
  )

export type PersonOfAccount = { connectionId: ConnectionId; key: string; life: number; personId: string }

/** Accounts that stand for another person from `at` on; what they stood for until then stays in the history. */
export async function savePersons(
  db: Executor,
  tenant: TenantId,
  changed: PersonOfAccount[],
  at: Temporal.Instant,
): Promise<void> {
  if (changed.length === 0) return
  const rows = sql`unnest(${columnOf(changed, (row) => row.connectionId)}::int[], ${columnOf(changed, (row) => row.key)}::text[],
    ${columnOf(changed, (row) => row.life)}::int[], ${columnOf(changed, (row) => row.personId)}::text[]) as r(connection_id, key, life, person_id)`
  const now = sql`${at.toString()}::timestamptz`
  await rowsOf(
    sql`update account set person_id = r.person_id from ${rows}
     where account.tenant_id = ${tenant} and account.connection_id = r.connection_id and account.key = r.key`,
    db,
  )
  await rowsOf(
    sql`update account_version set person_id = r.person_id from ${rows}
     where account_version.tenant_id = ${tenant} and account_version.connection_id = r.connection_id
       and account_version.key = r.key and account_version.life = r.life`,
    db,
  )
  await rowsOf(
    sql`update person_account set until = ${now} from ${rows}
     where person_account.tenant_id = ${tenant} and person_account.connection_id = r.connection_id and person_account.key = r.key
       and person_account.until is null`,
    db,
  )
  await rowsOf(
    sql`insert into person_account (tenant_id, connection_id, key, life, since, person_id)
      select ${tenant}, r.connection_id, r.key, r.life, ${now}, r.person_id from ${rows}
    on conflict (tenant_id, connection_id, key, life, since) do update set person_id = excluded.person_id, until = null`,
    db,
  )
}
