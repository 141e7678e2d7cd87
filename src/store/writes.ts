import { sql } from 'kysely'
import { type Executor, rowsOf } from './database.ts'
import type { LegKey } from './legs.ts'

/** Adds records sent one way to a day's count. */
export const addWrites = (
  db: Executor,
  { tenant, route, source }: LegKey,
  { day, records }: { day: Temporal.PlainDate; records: number },
) =>
  rowsOf(
    sql`insert into leg_writes (tenant_id, route_id, source_id, day, records)
    values (${tenant}, ${route}, ${source}, ${day.toString()}::date, ${records})
    on conflict (tenant_id, route_id, source_id, day) do update set records = leg_writes.records + excluded.records`,
    db,
  )

/** Records sent one way on each day since `since`, days without any left out. */
export const readWrites = (db: Executor, { tenant, route, source }: LegKey, since: Temporal.PlainDate) =>
  rowsOf(
    sql<{ day: string; records: number }>`select day::text as day, records from leg_writes
     where tenant_id = ${tenant} and route_id = ${route} and source_id = ${source} and day >= ${since.toString()}::date
     order by day`,
    db,
  )
