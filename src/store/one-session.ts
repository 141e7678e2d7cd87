import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type { ClientBase } from 'pg'

/** Statements on the very session given, inside whatever transaction is open on it. It stays the giver's to close. */
export function onSession(client: ClientBase): Kysely<unknown> {
  const session = { query: client.query.bind(client), release: () => {} }
  const pool = { connect: async () => session, end: async () => {} }
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) })
}
