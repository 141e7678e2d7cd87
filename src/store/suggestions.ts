import { sql } from 'kysely'
import type { Reason } from '#domain/evidence.ts'
import type { ConnectionId, TenantId } from '#domain/ids.ts'
import type { Certainty } from '#domain/match.ts'
import type { LinkStatus } from '#domain/person.ts'
import { type Executor, rowsOf } from './database.ts'

/** Two accounts without a route between them that may be one person; told from `a`, whose connection is the older one. */
export type SuggestionRow = Certainty & {
  a: ConnectionId
  aKey: string
  b: ConnectionId
  bKey: string
  status: LinkStatus
  because: Reason[]
}

/** Keeps these suggestions instead of all there were. */
export async function saveSuggestions(
  db: Executor,
  tenant: TenantId,
  suggestions: readonly SuggestionRow[],
): Promise<void> {
  await rowsOf(sql`delete from suggestion where tenant_id = ${tenant}`, db)
  if (suggestions.length === 0) return
  await rowsOf(
    sql`insert into suggestion (tenant_id, a_connection, a_key, b_connection, b_key, status, because, probability, weight, weights,
                                would_change)
    select ${tenant}, r.a, r."aKey", r.b, r."bKey", r.status, r.because, r.probability, r.weight, r.weights, r."wouldChange"
      from jsonb_to_recordset(${JSON.stringify(suggestions)}::jsonb)
        as r(a int, "aKey" text, b int, "bKey" text, status text, because jsonb, probability float8, weight float8, weights jsonb,
             "wouldChange" jsonb)`,
    db,
  )
}

/** Suggestions among these connections. */
export const readSuggestions = (db: Executor, tenant: TenantId, connections: readonly ConnectionId[]) =>
  rowsOf(
    sql<SuggestionRow>`
    select a_connection as a, a_key as "aKey", b_connection as b, b_key as "bKey", status, because, probability, weight, weights,
           would_change as "wouldChange"
      from suggestion
     where tenant_id = ${tenant} and a_connection = any(${[...connections]}) and b_connection = any(${[...connections]})
     order by 1, 2, 3, 4`,
    db,
  )
