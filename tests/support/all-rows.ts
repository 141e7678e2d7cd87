import { Client } from 'pg'
import { keptTables } from '../../src/backup/catalogue.ts'
import type { TestDatabase } from './database.ts'

/** Of every table that is kept: how many rows, and a sum over what is in each, whatever their order. */
export async function allRows(
  config: TestDatabase['config'],
): Promise<Record<string, { rows: number; digest: string }>> {
  const client = new Client({ ...config, options: '-c timezone=UTC', application_name: 'looks on' })
  await client.connect()
  try {
    const found: Record<string, { rows: number; digest: string }> = {}
    for (const table of keptTables) {
      const { rows } = await client.query<{ rows: number; digest: string }>(
        `select count(*)::int as rows, coalesce(sum(hashtextextended(one::text, 0)::numeric), 0)::text as digest from "${table}" one`,
      )
      found[table] = rows[0]!
    }
    return found
  } finally {
    await client.end()
  }
}
