import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Source addresses that a platform has banned, for all processes that leave by them. */
export const addressBans: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table address_ban (
           tenant_id int not null references tenant, address text not null, platform text not null, host text not null,
           until timestamptz not null, primary key (tenant_id, address, platform, host))`,
      )
      .execute(db)
  },
}
