import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

/** Eleven digits that a Chinese mobile number could be. */
const mobile = /(?<!\d)1[3-9]\d{9}(?!\d)/

/** No secret, token or whole mobile number in what is kept to be looked at, and in what is logged (I11). */
export function checkSecrets({ tenant, told }: World, pool: Pool, report: Report): () => Promise<void> {
  let seen = 0
  return async () => {
    const { rows } = await pool.query<{ id: number; text: string }>(
      `select id::float8 as id, their_text || ' ' || request_id as text from call_log where tenant_id = $1 and id > $2 order by id`,
      [tenant, seen],
    )
    const failures = await pool.query<{ text: string }>(
      `select coalesce(failure::text, '') as text from run where tenant_id = $1 union all
       select coalesce(failure::text, '') from leg where tenant_id = $1`,
      [tenant],
    )
    const texts = [...rows, ...failures.rows].map(({ text }) => text).concat(told.lines.splice(0))
    const all = texts.join('\n')
    for (const secret of told.secrets)
      if (all.includes(secret))
        report('I11', 'a secret or token stands in the call log, a failure or the log')
    if (mobile.test(all)) report('I11', 'a whole mobile number stands in the call log, a failure or the log')
    seen = rows.at(-1)?.id ?? seen
  }
}
