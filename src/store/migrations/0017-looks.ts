import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which routes have looked at what an event said: one that names people of several is open until each of them has. */
export const looks: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(`alter table event add column looked_by int[] not null default '{}'`).execute(db)
  },
}
