import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Events that DingTalk delivered this month: they have a quota of their own, beside that of the calls. */
export const eventDeliveries: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(`alter table quota_use add column events int not null default 0`).execute(db)
  },
}
