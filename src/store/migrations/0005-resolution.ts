import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Resolution over a whole group: how sure each outcome is, and which accounts stand for one person from when to when. */
export const resolution: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // What was said of a pair without a route ends as well when somebody else holds one of the user ids.
  `alter table ended_claim alter column route_id drop not null`,
  `alter table identity add column probability double precision, add column weight double precision,
     add column weights jsonb not null default '{}', add column would_change jsonb not null default '[]'`,
  // What the last resolution was made from: as long as nothing of it changes, neither do the outcomes.
  `create table resolution (
     tenant_id int primary key references tenant, inputs text not null, at timestamptz not null, counts jsonb not null)`,
  // Which person an account stands for, closed when that changes; the open row and account.person_id agree.
  `create table person_account (
     tenant_id int not null, connection_id int not null, key text not null, life int not null, since timestamptz not null,
     until timestamptz, person_id text not null, primary key (tenant_id, connection_id, key, life, since))`,
  `create index person_account_by_person on person_account (tenant_id, person_id)`,
]
