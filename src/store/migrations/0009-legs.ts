import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A route may carry both ways: what was read of each source is kept per way. */
export const legs: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table leg (
     tenant_id int not null, route_id int not null, source_id int not null,
     complete_to timestamptz, completed_at timestamptz,
     -- The newest sweep over everybody, whatever its window, and how late punches have come to light (domain/planner).
     swept_at timestamptz, swept_finished_at timestamptz, swept_to timestamptz, lateness jsonb not null default '[]',
     -- When what was sent was last looked for.
     looked_at timestamptz,
     -- Why it stands still: nothing is tried before retry_at.
     failure jsonb, failed_at timestamptz, tries int not null default 0, retry_at timestamptz,
     primary key (tenant_id, route_id, source_id),
     foreign key (tenant_id, route_id) references route, foreign key (tenant_id, source_id) references connection)`,
  `insert into leg (tenant_id, route_id, source_id, complete_to, completed_at)
     select tenant_id, id, dingtalk_id, complete_to, completed_at from route where complete_to is not null`,
  `update leg set swept_at = completed_at, swept_finished_at = completed_at, swept_to = complete_to`,
  `alter table route drop column complete_to, drop column completed_at`,
  `alter table reading add column source_id int`,
  `update reading set source_id = route.dingtalk_id from route
    where route.tenant_id = reading.tenant_id and route.id = reading.route_id`,
  `alter table reading alter column source_id set not null, drop constraint reading_pkey,
     add primary key (tenant_id, route_id, source_id, source_key)`,
]
