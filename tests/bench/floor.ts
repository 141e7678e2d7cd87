import type { Client } from 'pg'

/** Rows as wide as a punch, 5,000 a statement, nothing around them: what the database does when nobody asks it to be careful. */
export async function bulkUpsert(client: Client, count: number): Promise<{ insert: number; again: number }> {
  await client.query(`create table floor (tenant_id int, external_id text, connection_id int, account_key text, at timestamptz, hash text,
    address text, result text, primary key (tenant_id, external_id, connection_id))`)
  const rows = Array.from({ length: count }, (_, i) => ({
    external_id: String(43_000_000_000 + i),
    account_key: `u${i % 5000}`,
    at: new Date(1_790_000_000_000 + i * 1000).toISOString(),
    hash: `hash-of-the-content-of-row-number-${i}`,
    address: '上海市浦东新区示例路 100 号 3 号门',
    result: '正常',
  }))
  const pass = async () => {
    const began = performance.now()
    for (let i = 0; i < count; i += 5000)
      await client.query(
        `insert into floor select 1, r.external_id, 1, r.account_key, r.at, r.hash, r.address, r.result
           from json_to_recordset($1::json) as r(external_id text, account_key text, at timestamptz, hash text, address text, result text)
         on conflict (tenant_id, external_id, connection_id) do update set hash = excluded.hash where floor.hash is distinct from excluded.hash`,
        [JSON.stringify(rows.slice(i, i + 5000))],
      )
    return Math.round((count / (performance.now() - began)) * 1000)
  }
  const insert = await pass()
  const again = await pass()
  await client.query('drop table floor')
  return { insert, again }
}
