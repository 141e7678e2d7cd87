import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Steps that brought nothing, for operations to see; `retry_at`: when the step is taken again. */
export const stalls: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table stall (
           tenant_id int not null, route_id int not null, source_id int not null, step text not null,
           since timestamptz not null, tries int not null, retry_at timestamptz not null,
           primary key (tenant_id, route_id, source_id, step),
           foreign key (tenant_id, route_id) references route, foreign key (tenant_id, source_id) references connection)`,
      )
      .execute(db)
  },
}
