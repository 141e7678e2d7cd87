import { Client } from 'pg'
import { bringUpToDate } from '#store/bring-up-to-date.ts'

/** How a database of worlds is reached. */
export type WorldDatabase = { host: string; port: number; user: string; password: string; database: string }

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
