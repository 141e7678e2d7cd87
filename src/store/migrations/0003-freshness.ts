import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What of each person was read on a route, so that "complete up to" is said of those alone of whom it is true. */
export const freshness: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // A row is written when something changes, not with every run: an empty `read_to` follows the route's watermark.
  `create table reading (
     tenant_id int not null, route_id int not null, source_key text not null,
     read_from timestamptz, read_to timestamptz, because text, detail text not null default '',
     changed_at timestamptz not null,
     primary key (tenant_id, route_id, source_key), foreign key (tenant_id, route_id) references route)`,
  `create index reading_amiss on reading (tenant_id, route_id) where because is not null`,
  // Before this table a run that ended had read everybody in scope, or it had failed. Who a pilot's scope held then is
  // known only of those with punches; the others are said to be unread until the next run.
  `insert into reading (tenant_id, route_id, source_key, read_from, changed_at)
     select account.tenant_id, route.id, account.key, route.since::timestamp at time zone 'Asia/Shanghai', route.completed_at
       from route join account on account.tenant_id = route.tenant_id and account.connection_id = route.dingtalk_id
      where route.complete_to is not null and account.gone_at is null and account.first_seen_at <= route.completed_at
        and (route.scope = '{}'::jsonb or exists (
              select from punch where punch.tenant_id = account.tenant_id and punch.account_key = account.key
                                  and punch.connection_id = account.connection_id))`,
]
