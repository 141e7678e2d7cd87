import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What follows from putting a backup back: nothing is written before all that was written earlier must show. */
export const keeping: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table connection add column writes_from timestamptz').execute(db)
  },
}
