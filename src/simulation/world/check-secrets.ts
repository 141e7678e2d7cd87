import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

/** Eleven digits that a Chinese mobile number could be. */
const mobile = /(?<!\d)1[3-9]\d{9}(?!\d)/

/** No secret, token or whole mobile number in what is kept to be looked at (I11). */
export function checkSecrets({ sandbox, tenant }: World, pool: Pool, report: Report): () => Promise<void> {
  const { connections } = sandbox.ready() as unknown as { connections?: unknown }
  const secrets = textsOf(connections ?? sandbox.ready()).filter(
    (text) => /secret/i.test(text) && text.length > 12,
  )
  let seen = 0
  return async () => {
    const { rows } = await pool.query<{ id: number; text: string }>(
      `select id::float8 as id, their_text || ' ' || request_id as text from call_log where tenant_id = $1 and id > $2 order by id`,
      [tenant, seen],
    )
    const runs = await pool.query<{ text: string }>(
      `select coalesce(failure::text, '') as text from run where tenant_id = $1 union all
       select coalesce(failure::text, '') from leg where tenant_id = $1`,
      [tenant],
    )
    for (const { text } of [...rows, ...runs.rows]) {
      const secret = secrets.find((one) => text.includes(one))
      if (secret) report('I11', 'a secret stands in the call log or a failure')
      if (mobile.test(text)) report('I11', `a whole mobile number stands in the call log or a failure`)
    }
    seen = rows.at(-1)?.id ?? seen
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(textsOf)
}
