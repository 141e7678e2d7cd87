import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How often a delivery was accepted and missed: what is never shown must not be written again for ever. */
export const misses: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table delivery add column misses smallint not null default 0').execute(db)
  },
}
