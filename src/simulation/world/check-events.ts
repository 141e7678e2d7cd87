import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

/** What was acknowledged is kept: a platform does not tell it again (I1, for what came as an event). */
export async function checkEvents(
  { tenant }: World,
  pool: Pool,
  report: Report,
  bodies: readonly string[],
): Promise<void> {
  if (bodies.length === 0) return
  const { rows } = await pool.query<{ body: string }>(
    `select body from unnest($2::text[]) as told (body)
      where not exists (select from event where event.tenant_id = $1 and event.body = told.body)`,
    [tenant, bodies],
  )
  for (const { body } of rows)
    report('I1', `an event was acknowledged and is not kept: ${body.slice(0, 120)}`)
}
