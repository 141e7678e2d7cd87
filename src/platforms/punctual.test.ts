import { expect, test } from 'vitest'
import { aGate, ok, record, write } from '#platforms/gate-testing.ts'
import type { HttpRequest, Transport } from '#platforms/ports.ts'
import { punctual } from '#platforms/punctual.ts'
import { aWecom, json } from '#platforms/testing.ts'

const at = Temporal.Instant.from('2026-11-23T09:00:00+08:00')
const request: HttpRequest = { method: 'POST', url: 'https://platform.test/', headers: {}, timeoutMs: 1_000 }

test.for([
  { when: 'a second early', notAfter: at.add({ seconds: 1 }), leaves: true },
  { when: 'to the moment', notAfter: at, leaves: true },
  { when: 'a millisecond late', notAfter: at.subtract({ milliseconds: 1 }), leaves: false },
  { when: 'whenever it likes', notAfter: undefined, leaves: true },
])('what leaves $when: $leaves', async ({ notAfter, leaves }) => {
  let sent = 0
  const transport: Transport = async () => {
    sent++
    return json({ errcode: 0 })
  }
  const clock = { now: () => at, sleep: async () => {} }
  const answer = punctual(transport, clock)({ ...request, ...(notAfter && { notAfter }) })
  if (leaves) await expect(answer).resolves.toMatchObject({ status: 200 })
  else await expect(answer).rejects.toMatchObject({ kind: 'too-late' })
  expect(sent).toBe(Number(leaves))
})

test('a gate hands the moment on with every attempt of the call, and to no other', async () => {
  const { gate, net } = aGate(aWecom, [ok, ok])
  await gate.call(write, record, { notAfter: at })
  await gate.call(write, record)
  expect(net.asked.map(({ notAfter }) => notAfter)).toEqual([undefined, at, undefined])
})
