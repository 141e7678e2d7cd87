import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

/** Nobody works for the neighbour: none of its rows may change, and none of its platforms may be called (I10). */
export function checkNeighbour({ neighbour }: World, pool: Pool, report: Report): () => Promise<void> {
  if (!neighbour) return async () => {}
  const { tenant } = neighbour
  let before: string | null = null
  const calls = neighbour.calls()
  return async () => {
    const now = await digestOf(pool, tenant)
    if (before !== null && now !== before) report('I10', 'a row of another tenant was changed')
    before ??= now
    if (neighbour.calls() !== calls) report('I10', 'the platforms of another tenant were called')
  }
}

/** Everything one tenant has, as one number. */
async function digestOf(pool: Pool, tenant: number): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
  )
  const each = tables.rows.map(
    ({ name }) =>
      `select '${name}' as name, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as digest from ${name} t where tenant_id = ${tenant}`,
  )
  const { rows } = await pool.query<{ name: string; digest: string }>(each.join(' union all '))
  return rows.map(({ name, digest }) => `${name} ${digest}`).join('\n')
}
