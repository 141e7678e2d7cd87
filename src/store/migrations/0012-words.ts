import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * What people say of who is who is heard to its end: who parted a pair, what their word changed for people who are gone,
 * suggestions between subsidiaries, and punches that went to somebody else before the right link was made.
 */
export const words: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table parted_pair add column parted_by text`,
  `update parted_pair set parted_by = (
     select actor from identity_act act
      where act.tenant_id = parted_pair.tenant_id and act.undone_at is null
        and act.after->'parted_pair' @> jsonb_build_array(jsonb_build_object(
              'route_id', parted_pair.route_id, 'source_key', parted_pair.source_key, 'target_key', parted_pair.target_key))
      order by id desc limit 1)`,
  // The outcome as resolution left it, where a person's word about somebody who is gone stands instead.
  `alter table identity add column before_word jsonb`,
  `create index identity_overruled on identity (tenant_id) where before_word is not null`,
  // Accounts that may be one person and have no route between them; those on a route stand in identity.
  `create table suggestion (
     tenant_id int not null, a_connection int not null, a_key text not null, b_connection int not null, b_key text not null,
     status text not null, because jsonb not null, probability double precision not null, weight double precision not null,
     weights jsonb not null, would_change jsonb not null,
     primary key (tenant_id, a_connection, a_key, b_connection, b_key),
     foreign key (tenant_id, a_connection) references connection, foreign key (tenant_id, b_connection) references connection,
     check (a_connection < b_connection))`,
  // Pairs that were linked and that a person's act has shown to be two people.
  `create table wrong_link (
     tenant_id int not null, route_id int not null, source_key text not null, target_key text not null,
     act bigint not null, at timestamptz not null,
     primary key (tenant_id, route_id, source_key, target_key), foreign key (tenant_id, route_id) references route)`,
  // Deliveries that went to the wrong person and whose punches have gone, or go, to the right one since.
  `create table misdelivery (
     tenant_id int not null, connection_id int not null, target_key text not null, at timestamptz not null,
     route_id int not null, punch_id bigint not null, target_user text not null, state text not null,
     decided_at timestamptz not null, redirected_at timestamptz not null,
     primary key (tenant_id, target_key, connection_id, at, route_id, punch_id))`,
  `create index misdelivery_by_punch on misdelivery (tenant_id, punch_id)`,
  // Outcomes are told in more words now: the next run tells them anew.
  `delete from resolution`,
]
