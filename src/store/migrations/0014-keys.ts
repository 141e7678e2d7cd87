import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A key may be changed: what fingerprints are made with stays, sealed with the newest key. */
export const keys: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table tenant add column print_key bytea').execute(db)
  },
}
