import { Client, Pool } from 'pg'
import { bringUpToDate } from '#store/bring-up-to-date.ts'

/** How a database of worlds is reached. */
export type WorldDatabase = { host: string; port: number; user: string; password: string; database: string }

/** A session for who looks on. A server that goes away is heard of from the next statement, or from nobody. */
export function openLook(database: WorldDatabase): Pool {
  const pool = new Pool({ ...database, max: 1, options: '-c timezone=UTC' })
  pool.on('error', () => {})
  return pool
}

/** An empty database of this name on the same server, up to date; one that was there is thrown away. */
export async function freshDatabase(server: WorldDatabase, name: string): Promise<WorldDatabase> {
  const client = new Client(server)
  await client.connect()
  await client.query(`drop database if exists ${name} with (force)`)
  await client.query(`create database ${name}`)
  await client.end()
  const database = { ...server, database: name }
  await bringUpToDate(database)
  return database
}
