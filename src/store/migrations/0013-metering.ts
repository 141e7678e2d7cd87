import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What calls were spent by people, what is written on a day, and the brake of a route that writes too much. */
export const metering: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // Of `used`, what runs took that people asked for.
  `alter table quota_use add column by_hand int not null default 0`,
  // Records sent one way on a day (Asia/Shanghai), where each costs a metered call.
  `create table leg_writes (
     tenant_id int not null, route_id int not null, source_id int not null, day date not null, records int not null,
     primary key (tenant_id, route_id, source_id, day), foreign key (tenant_id, route_id) references route)`,
  // Writing has stopped since braked_at; `brake` holds what was counted then.
  `alter table route add column braked_at timestamptz, add column brake jsonb, add column brake_looked_at timestamptz,
     add column brake_released_at timestamptz`,
  `create index batch_by_end on batch (tenant_id, route_id, ended_at) where ended_at is not null`,
]
