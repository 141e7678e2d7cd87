import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { rowsOf } from '#store/database.ts'
import { seenBatches } from '#store/migrations/0022-seen-batches.ts'
import { laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

test('a batch whose punches are shown at different times is closed when the last of them is', async () => {
  await using company = await found({ people: 12, faults: { visibilityDelay: { min: 5, max: 1_500 } } })
  const db = company.parts.database.kysely
  const batches = () =>
    rowsOf(sql<{ state: string; size: number }>`select state, size from batch order by id`, db)
  await company.until('2026-03-02T20:00:00+08:00')
  const all = await batches()
  expect(all.some(({ size }) => size > 1)).toBe(true)
  expect(all.filter(({ state }) => state !== 'verified')).toEqual([])

  // As earlier builds left them: one whose deliveries were seen one by one, and one that is still looked for.
  await sql`update delivery set state = 'verified', settled_at = now() where state = 'batched'`.execute(db)
  await sql`update batch set state = 'sent', verified_at = null`.execute(db)
  await sql`update delivery set state = 'batched' where batch_id = (select max(id) from batch)`.execute(db)
  await seenBatches.up(db)
  expect((await batches()).filter(({ state }) => state !== 'verified')).toHaveLength(1)
})
