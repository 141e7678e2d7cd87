import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the platforms tell us by themselves: kept before it is acknowledged, once, until a sweep has taken the hint. */
export const events: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // `dedup_key`: the platform's number of the event, or its content, hashed. A row older than a day gives way to the
  // same event told anew; whoever replays one sooner finds it known.
  `create table event (
     tenant_id int not null, connection_id int not null, dedup_key text not null,
     id bigint generated always as identity, via text not null, type text not null, body text not null,
     hints jsonb not null, received_at timestamptz not null, handled_at timestamptz,
     primary key (tenant_id, connection_id, dedup_key),
     foreign key (tenant_id, connection_id) references connection)`,
  `create index event_open on event (tenant_id, connection_id, received_at, id) where handled_at is null`,
  // The latest of a connection, and what retention has outlived.
  `create index event_by_age on event (tenant_id, connection_id, received_at)`,
]
