import { randomBytes } from 'node:crypto'
import { Client, type ClientConfig } from 'pg'
import { inject } from 'vitest'
import { bringUpToDate } from '#store/bring-up-to-date.ts'
import { type Embedded, startEmbedded } from '#store/embedded/embedded.ts'

/** A database of one's own; fits pg's `PoolConfig` and the product's `openDatabase`. */
export type TestDatabase = {
  config: { host: string; port: number; user: string; password: string; database: string }
  /** The same as a `DATABASE_URL`, for a process of its own. */
  url: string
  /** Ends its sessions and deletes it. Not needed on the embedded server, which goes with the run. */
  drop(): Promise<void>
}

let embedded: Promise<Embedded> | null = null

/**
 * A new, empty database: on the PostgreSQL of `TEST_DATABASE_URL` where that is set, else on the run's embedded
 * server. Cheap (tens of ms): take one per test file or per test.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await testServer()
  const database = `t_${randomBytes(6).toString('hex')}`
  const config = { ...server, database }
  await once(server, `create database ${database}`)
  return {
    config,
    url: urlOf(config),
    drop: () => once(server, `drop database if exists ${database} with (force)`),
  }
}

/** The same with the schema of this build in it. */
export async function migratedDatabase(): Promise<TestDatabase> {
  const home = await testDatabase()
  await bringUpToDate(home.config)
  return home
}

async function testServer(): Promise<TestDatabase['config']> {
  const url = process.env['TEST_DATABASE_URL']
  if (url) {
    const { hostname, port, username, password, pathname } = new URL(url)
    return {
      host: hostname,
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1) || 'postgres',
    }
  }
  embedded ??= startEmbedded({ home: inject('databaseHome'), settings: { fsync: 'off' } })
  return (await embedded).config
}

async function once(config: ClientConfig, statement: string): Promise<void> {
  const client = new Client(config)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf({ host, port, user, password, database }: TestDatabase['config']): string {
  const at = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`
  return host.startsWith('/')
    ? `postgres://${at}/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgres://${at}${host}:${port}/${database}`
}
