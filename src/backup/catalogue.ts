import type { ClientBase } from 'pg'
import { retention } from '#store/retention.ts'

/** `estimate`: about how many rows, as the server last counted them; 0 where nobody has. */
export type TableShape = { name: string; columns: string[]; estimate: number }

/** Made again by whoever runs the migrations. */
const lockTable = 'schema_migration_lock'
/** What is kept: a test holds these against the catalogue, so a new table or sequence cannot be forgotten. */
export const keptTables: readonly string[] = ['schema_migration', ...retention.map(({ table }) => table)]
/** Sequences that belong to no column. */
export const freeSequences: readonly string[] = ['batch_number', 'punch_block']

/**
 * Our tables that are there, with their columns, those that others refer to first. Somebody else's are none of ours, and
 * the queue's hold nothing of value.
 */
export async function readTables(client: ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select c.relname as name, array_agg(a.attname order by a.attnum)::text[] as columns,
            greatest(c.reltuples, 0)::float8 as estimate
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname = any($1)
      group by c.relname, c.reltuples order by c.relname`,
    [keptTables],
  )
  const references = await client.query<{ from: string; to: string }>(
    `select a.relname as from, b.relname as to from pg_constraint k
       join pg_class a on a.oid = k.conrelid join pg_class b on b.oid = k.confrelid
      where k.contype = 'f' and a.oid <> b.oid and a.relnamespace = 'public'::regnamespace`,
  )
  const sorted: TableShape[] = []
  const waiting = [...rows]
  while (waiting.length > 0) {
    const isWaiting = new Set(waiting.map(({ name }) => name))
    const next = waiting.findIndex(({ name }) =>
      references.rows.every(({ from, to }) => from !== name || !isWaiting.has(to)),
    )
    if (next < 0) throw new Error(`tables refer to each other in a circle: ${[...isWaiting].join(', ')}`)
    sorted.push(...waiting.splice(next, 1))
  }
  return sorted
}

/**
 * Where every sequence of ours stands; those never used are left out. Sequences do not keep to a transaction's moment:
 * read after it has begun, they stand at least as far as its rows.
 */
export async function readSequences(client: ClientBase): Promise<{ name: string; value: string }[]> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select s.sequencename as name, s.last_value::text as value
       from pg_sequences s
       join pg_class c on c.relname = s.sequencename and c.relnamespace = 'public'::regnamespace and c.relkind = 'S'
       left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
       left join pg_class t on t.oid = d.refobjid
      where s.schemaname = 'public' and s.last_value is not null and (t.relname = any($1) or s.sequencename = any($2))
      order by 1`,
    [keptTables, freeSequences],
  )
  return rows
}

/**
 * Takes away what is ours and nothing else, so that it can be made anew. The triggers that keep punches and revisions
 * go with their tables and come again with them: they are never switched off.
 */
export async function dropAll(client: ClientBase): Promise<void> {
  const tables = (await readTables(client)).map(({ name }) => name)
  const { rows: functions } = await client.query<{ name: string }>(
    `select distinct p.oid::regprocedure::text as name from pg_trigger t
       join pg_class c on c.oid = t.tgrelid and c.relnamespace = 'public'::regnamespace and c.relname = any($1)
       join pg_proc p on p.oid = t.tgfoid
      where not t.tgisinternal`,
    [tables],
  )
  await client.query(`drop table if exists ${[...tables, lockTable].map(publicName).join(', ')}`)
  for (const { name } of functions) await client.query(`drop function ${name}`)
  await client.query(`drop sequence if exists ${freeSequences.map(publicName).join(', ')}`)
  // Wake-ups are only reasons to look: whoever serves next makes new ones.
  await client.query('drop schema if exists pgboss cascade')
}

/** How values are written must not depend on whose server, database or role it is. */
export async function settleSession(client: ClientBase): Promise<void> {
  for (const setting of [
    `datestyle = 'ISO, YMD'`,
    `intervalstyle = 'postgres'`,
    `timezone = 'UTC'`,
    `bytea_output = 'hex'`,
    `extra_float_digits = 1`,
    `client_encoding = 'UTF8'`,
    `search_path = public`,
    `statement_timeout = 0`,
    `idle_in_transaction_session_timeout = 0`,
  ])
    await client.query(`set local ${setting}`)
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const publicName = (name: string): string => `public.${quoted(name)}`
/** A table and its columns as COPY wants them. */
export const copyTarget = ({ name, columns }: Pick<TableShape, 'name' | 'columns'>): string =>
  `${publicName(name)} (${columns.map(quoted).join(', ')})`
