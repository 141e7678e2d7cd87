import { expect, test } from 'vitest'
import { founder, type Told } from './founder.ts'

const found = founder()

/** Nobody waits longer for a call that is never made. */
const patienceMs = 500
const realTime = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Holds answers to reads back until `together` of them are under way; from `failing` on they get an error. */
function holdBack(company: Told, together: number, failing = Number.POSITIVE_INFINITY) {
  const { transport } = company.sandbox
  const told = { mostAtOnce: 0, reads: 0 }
  let atOnce = 0
  const enough = Promise.withResolvers<unknown>()
  company.sandbox.transport = async (request) => {
    if (!request.url.includes('/attendance/listRecord')) return transport(request)
    const read = ++told.reads
    told.mostAtOnce = Math.max(told.mostAtOnce, ++atOnce)
    if (atOnce >= together) enough.resolve(null)
    await Promise.race([enough.promise, realTime(patienceMs)])
    // The first answers come last.
    await realTime(Math.max(0, 40 - 10 * read))
    atOnce--
    if (read >= failing) return { status: 200, headers: {}, text: '{"errcode":40035,"errmsg":"no"}' }
    return transport(request)
  }
  return told
}

test('three reads of the source are under way at once, and no more; what they bring is the same in any order', async () => {
  await using company = await found({ people: 320, start: '2026-03-04T20:00:00+08:00' })
  const told = holdBack(company, 3)
  const { punches } = await company.sync({ from: '2026-03-04', waitMs: 0 })
  expect(told).toEqual({
    mostAtOnce: 3,
    reads: Math.ceil(company.sandbox.view().dingtalk.people.length / 50),
  })
  expect(punches.fresh).toBeGreaterThan(300)
  const again = await company.sync({ from: '2026-03-04', waitMs: 0 })
  expect(again.punches).toMatchObject({ fresh: 0, revised: 0, unchanged: punches.fresh })
})

// Reads arrive in any order: all but the first to arrive fail, so at most one portion is used before the run ends.
test('a read that fails ends the run with its own failure, and no read is begun after it', async () => {
  await using company = await found({ people: 320, start: '2026-03-04T20:00:00+08:00' })
  const told = holdBack(company, 3, 2)
  await expect(company.sync({ from: '2026-03-04', waitMs: 0 })).rejects.toMatchObject({
    failure: { code: expect.stringMatching(/^platform\./) },
  })
  expect(told.reads).toBeLessThanOrEqual(4)
})
