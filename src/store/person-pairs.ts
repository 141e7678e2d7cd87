import { sql } from 'kysely'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

/** Two accounts of different subsidiaries, between whom there is no route, and a person's word about them. */
export type PersonPair = {
  a: { connectionId: ConnectionId; key: string }
  b: { connectionId: ConnectionId; key: string }
  /** One person, or certainly two. */
  isSame: boolean
}

export async function readPersonPairs(db: Executor, tenant: TenantId): Promise<PersonPair[]> {
  const rows = await rowsOf(
    sql<{ a: ConnectionId; aKey: string; b: ConnectionId; bKey: string; isSame: boolean }>`
    select a_connection as a, a_key as "aKey", b_connection as b, b_key as "bKey", is_same as "isSame"
      from person_pair where tenant_id = ${tenant} order by 1, 2, 3, 4`,
    db,
  )
  return rows.map(({ a, aKey, b, bKey, isSame }) => ({
    a: { connectionId: a, key: aKey },
    b: { connectionId: b, key: bKey },
    isSame,
  }))
}

/** Two accounts of different connections, in the one order in which they are stored. */
export type PairEnds = Pick<PersonPair, 'a' | 'b'>

const ordered = ({ a, b }: PairEnds): PairEnds =>
  a.connectionId < b.connectionId ? { a, b } : { a: b, b: a }

/** A person's word about two accounts: one person, or certainly two. The later word wins. */
export const savePersonPair = (
  db: Executor,
  tenant: TenantId,
  pair: PairEnds,
  isSame: boolean,
  at: Temporal.Instant,
) => {
  const { a, b } = ordered(pair)
  return rowsOf(
    sql`insert into person_pair (tenant_id, a_connection, a_key, b_connection, b_key, is_same, made_at)
    values (${tenant}, ${a.connectionId}, ${a.key}, ${b.connectionId}, ${b.key}, ${isSame}, ${at.toString()}::timestamptz)
    on conflict (tenant_id, a_connection, a_key, b_connection, b_key)
    do update set is_same = excluded.is_same, made_at = excluded.made_at where person_pair.is_same <> excluded.is_same`,
    db,
  )
}
