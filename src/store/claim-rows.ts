import { sql } from 'kysely'
import { type ClaimRow, type Claims, type ClaimTable, claimTables } from '#domain/claims.ts'
import type { ConnectionId, RouteId, TenantId } from '#domain/ids.ts'
import { columnOf } from './columns.ts'
import { type Executor, rowsOf } from './database.ts'

/** An account by its key, whether it is there now or not. */
export type End = { connectionId: ConnectionId; key: string }

const keyColumns: Record<ClaimTable, string[]> = {
  explicit_link: ['tenant_id', 'route_id', 'source_key'],
  parted_pair: ['tenant_id', 'route_id', 'source_key', 'target_key'],
  person_pair: ['tenant_id', 'a_connection', 'a_key', 'b_connection', 'b_key'],
}

const onRoute = (tenant: TenantId) => sql`
  (claim.route_id, claim.source_key) in (select route.id, asked.key from asked
     join route on route.tenant_id = ${tenant} and route.dingtalk_id = asked.connection_id)
  or (claim.route_id, claim.target_key) in (select route.id, asked.key from asked
     join route on route.tenant_id = ${tenant} and route.wecom_id = asked.connection_id)`

const betweenSubsidiaries = sql`(claim.a_connection, claim.a_key) in (select connection_id, key from asked)
  or (claim.b_connection, claim.b_key) in (select connection_id, key from asked)`

/** Everything people have said about these accounts. */
export async function readClaims(db: Executor, tenant: TenantId, ends: readonly End[]): Promise<Claims> {
  const read = async (table: ClaimTable): Promise<ClaimRow[]> => {
    const rows = await rowsOf(
      sql<{ row: ClaimRow }>`
      with asked as (select * from unnest(${columnOf([...ends], (end) => end.connectionId)}::int[],
                                          ${columnOf([...ends], (end) => end.key)}::text[]) as r(connection_id, key))
      select to_jsonb(claim) - 'tenant_id' as row from ${sql.table(table)} as claim
       where claim.tenant_id = ${tenant} and (${table === 'person_pair' ? betweenSubsidiaries : onRoute(tenant)})`,
      db,
    )
    return rows.map(({ row }) => row)
  }
  return {
    explicit_link: await read('explicit_link'),
    parted_pair: await read('parted_pair'),
    person_pair: await read('person_pair'),
  }
}

/** Says again, to the letter, what `back` holds, instead of what `gone` holds. */
export async function replaceClaims(
  db: Executor,
  tenant: TenantId,
  { gone, back }: { gone: Claims; back: Claims },
): Promise<void> {
  for (const table of claimTables) {
    const rowsIn = (claims: Claims) =>
      sql`jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(claims[table].map((row) => ({ ...row, tenant_id: tenant })))}::jsonb)`
    const key = sql.join(keyColumns[table].map((name) => sql.ref(name)))
    await rowsOf(
      sql`delete from ${sql.table(table)} where (${key}) in (select ${key} from ${rowsIn(gone)})`,
      db,
    )
    await rowsOf(sql`insert into ${sql.table(table)} select * from ${rowsIn(back)}`, db)
  }
}

export type LinkedPair = { routeId: RouteId; sourceKey: string; targetKey: string }

/** Every pair that is linked now, by whatever means. */
export const readLinkedPairs = (db: Executor, tenant: TenantId) =>
  rowsOf(
    sql<LinkedPair>`select route_id as "routeId", source_key as "sourceKey", target_key as "targetKey"
      from identity where tenant_id = ${tenant} and target_key is not null`,
    db,
  )
