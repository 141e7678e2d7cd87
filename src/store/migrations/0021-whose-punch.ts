import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A punch is known by its id at the platform and by whose it is: nobody says that two people never share an id. */
export const whosePunch: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `alter table punch add unique (tenant_id, external_id, connection_id, account_key),
           drop constraint punch_tenant_id_external_id_connection_id_key`,
      )
      .execute(db)
  },
}
