import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { fail } from '#domain/failures.ts'
import { type Database, type Executor, rowOf, rowsOf } from './database.ts'
import { journey } from './migrations/0001-journey.ts'
import { contacts } from './migrations/0002-contacts.ts'
import { freshness } from './migrations/0003-freshness.ts'
import { acts } from './migrations/0004-acts.ts'
import { resolution } from './migrations/0005-resolution.ts'
import { events } from './migrations/0006-events.ts'
import { alarms } from './migrations/0007-alarms.ts'
import { legs } from './migrations/0009-legs.ts'
import { words } from './migrations/0012-words.ts'
import { metering } from './migrations/0013-metering.ts'
import { keys } from './migrations/0014-keys.ts'
import { keeping } from './migrations/0015-keeping.ts'
import { misses } from './migrations/0016-misses.ts'
import { looks } from './migrations/0017-looks.ts'
import { eventDeliveries } from './migrations/0018-event-deliveries.ts'
import { stalls } from './migrations/0019-stalls.ts'
import { addressBans } from './migrations/0020-address-bans.ts'
import { whosePunch } from './migrations/0021-whose-punch.ts'
import { seenBatches } from './migrations/0022-seen-batches.ts'

const migrations: Record<string, Migration> = {
  '0001-journey': journey,
  '0002-contacts': contacts,
  '0003-freshness': freshness,
  '0004-acts': acts,
  '0005-resolution': resolution,
  '0006-events': events,
  '0007-alarms': alarms,
  '0009-legs': legs,
  '0012-words': words,
  '0013-metering': metering,
  '0014-keys': keys,
  '0015-keeping': keeping,
  '0016-misses': misses,
  '0017-looks': looks,
  '0018-event-deliveries': eventDeliveries,
  '0019-stalls': stalls,
  '0020-address-bans': addressBans,
  '0021-whose-punch': whosePunch,
  '0022-seen-batches': seenBatches,
}

/** The newest schema this build knows. */
export const newestSchema: string = Object.keys(migrations).sort().at(-1)!

/** Makes the schema as these migrations left it. Fails with `store.newer-schema` where one of them is unknown here. */
export async function buildSchema(tx: Executor, applied: readonly string[]): Promise<void> {
  const unknown = applied.find((name) => !(name in migrations))
  if (unknown) fail('store.newer-schema', { schema: unknown, build: newestSchema })
  await sql`create table schema_migration (name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(
    tx,
  )
  for (const name of applied.toSorted()) await migrations[name]!.up(tx as Kysely<unknown>)
}

/** Applies what came later, in the transaction that is open: all of it or nothing. Gives what it applied. */
export async function bringForward(tx: Executor, now: Temporal.Instant): Promise<string[]> {
  const rows = await rowsOf(sql<{ name: string }>`select name from schema_migration`, tx)
  const applied = new Set(rows.map(({ name }) => name))
  const later = Object.keys(migrations)
    .filter((name) => !applied.has(name))
    .sort()
  for (const name of later) {
    await migrations[name]!.up(tx as Kysely<unknown>)
    await sql`insert into schema_migration (name, timestamp) values (${name}, ${now.toString()})`.execute(tx)
  }
  return later
}

/**
 * Brings the schema forward, under the migrator's lock, so several processes may start at once.
 * A database that a newer build has already changed is refused: an older one must not touch it.
 */
export async function migrate(database: Database): Promise<void> {
  const server = await rowOf(
    sql<{ v: string }>`select current_setting('server_version_num') as v`,
    database.kysely,
  )
  if (Number(server?.v) < 150_000) fail('store.too-old-server', { version: server?.v ?? '?' })
  await schemaOf(database)
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  })
  const { error } = await migrator.migrateToLatest()
  if (!error) return
  await schemaOf(database)
  throw error
}

/** The newest migration that this database has seen; null when none. Fails with `store.newer-schema`. */
export async function schemaOf(database: Database): Promise<string | null> {
  const schema = await newestApplied(database)
  if (schema && schema > newestSchema) fail('store.newer-schema', { schema, build: newestSchema })
  return schema
}

async function newestApplied(database: Database): Promise<string | null> {
  const exists = await rowOf(
    sql<{ there: boolean }>`select to_regclass('schema_migration') is not null as there`,
    database.kysely,
  )
  if (!exists?.there) return null
  const rows = await rowsOf(
    sql<{ name: string }>`select name from schema_migration order by name desc limit 1`,
    database.kysely,
  )
  return rows[0]?.name ?? null
}
