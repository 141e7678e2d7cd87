import { expect, test, vi } from 'vitest'
import { FailureError, failure } from '#domain/failures.ts'
import type { KeepEvent, PlatformEvent } from '#domain/platform-event.ts'
import { createGate } from '#platforms/gate.ts'
import { aDingtalk, memoryLog, memoryQuota, memoryTokens } from '#platforms/testing.ts'
import { createSandbox } from '#sandbox/sandbox.ts'
import { openStream } from './client.ts'
import { streamHabits } from './habits.ts'
import { registerStream } from './register.ts'
import { clockByHand } from './test-clock.ts'

/** The client before the sandbox's gateway, both in this process, under virtual time. */
function connect({
  faults = {},
  connections = 1,
  keep,
  secret,
}: {
  faults?: Record<string, unknown>
  connections?: number
  keep?: KeepEvent
  secret?: string
} = {}) {
  const clock = clockByHand()
  const sandbox = createSandbox({
    seed: 1,
    now: () => clock.now(),
    faults: { streamDuplicates: 0, ...faults },
  })
  const { credentials, addresses } = sandbox.ready()
  const { clientId, clientSecret, corpId } = credentials.dingtalk
  const log = memoryLog()
  const stopping = new AbortController()
  const facts = {
    ...aDingtalk,
    ...{ corpId, clientId, secret: secret ?? clientSecret },
    hosts: { oapi: addresses.dingtalk, api: addresses.dingtalk },
  }
  const gate = createGate({
    ...{ facts, clock, transport: sandbox.transport, random: () => 0.5, pace: 'off' },
    ...{ callLog: log, quota: memoryQuota(), tokens: memoryTokens() },
  })
  const kept: PlatformEvent[] = []
  const troubles: unknown[] = []
  const lines: string[] = []
  const stream = openStream({
    corpId,
    keep:
      keep ??
      (async (event) => {
        kept.push(event)
        return kept.filter(({ eventId }) => eventId === event.eventId).length > 1 ? 'known' : 'kept'
      }),
    open: sandbox.openSocket,
    register: () => registerStream(gate, facts, 'qintong'),
    ...{ clock, connections, signal: stopping.signal, random: () => 0.5 },
    onTrouble: (error) => troubles.push(error),
    onLine: (what, code) => lines.push(`${what} ${code}`.trim()),
  })
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      await clock.pass(Math.min(left, 1_000))
      sandbox.stream.tick()
    }
  }
  let events = 0
  return {
    ...{ sandbox, stream, kept, troubles, lines, log, clock, pass },
    gateway: sandbox.stream,
    say: (change: object = {}) =>
      sandbox.stream.deliver({
        ...{
          eventId: `e${++events}`,
          eventType: 'user_add_org',
          bornAt: 0,
          corpId,
          data: { userId: ['u001'] },
        },
        ...change,
      }),
    isOpen: async () => {
      await pass(100)
      expect(stream.health().connections).toBe(connections)
    },
    stop: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await clock.pass(streamHabits.graceMs)
      await stream.done
      expect(sandbox.stream.view().connections).toBe(0)
    },
  }
}

test('an event is kept as it came, and acknowledged', async () => {
  await using company = connect()
  await company.isOpen()
  expect(await company.say()).toBe('acknowledged')
  expect(company.kept).toMatchObject([
    { via: 'stream', eventId: 'e1', type: 'user_add_org', body: '{"userId":["u001"]}' },
  ])
  expect(company.stream.health()).toMatchObject({ connections: 1, kept: 1, later: 0, failing: null })
  expect(company.log.calls).toMatchObject([{ api: 'connections/open', outcome: 'ok', cost: 0 }])
})

test('an event is acknowledged only once it is kept', async () => {
  const keeping = Promise.withResolvers<'kept'>()
  await using company = connect({ keep: () => keeping.promise })
  await company.isOpen()
  const said = company.say()
  await company.pass(2_000)
  expect(company.gateway.view()).toMatchObject({ sent: 1, acknowledged: 0 })
  keeping.resolve('kept')
  expect(await said).toBe('acknowledged')
})

test('an event that cannot be kept is asked for again', async () => {
  const gone = new FailureError(failure('store.gone', { reason: 'ECONNREFUSED' }))
  await using company = connect({ keep: () => Promise.reject(gone) })
  await company.isOpen()
  expect(await company.say()).toBe('later')
  expect(company.stream.health()).toMatchObject({ kept: 0, later: 1, lastEventAt: null })
  expect(company.troubles).toEqual([gone])
})

test('a keeper that does not come to an end is given a hundred events, and no more', async () => {
  const never = new Promise<'kept'>(() => {})
  const keep = vi.fn(() => never)
  await using company = connect({ keep })
  await company.isOpen()
  const said = Array.from({ length: 103 }, () => company.say())
  expect(await Promise.race(said)).toBe('later')
  expect(keep).toHaveBeenCalledTimes(100)
  expect(company.stream.health().later).toBe(3)
  await company.pass(4_000)
  expect(new Set(await Promise.all(said))).toEqual(new Set(['later']))
})

test('what comes again is acknowledged again', async () => {
  await using company = connect({ faults: { streamDuplicates: 1 } })
  await company.isOpen()
  await company.say()
  await vi.waitFor(() => expect(company.stream.health()).toMatchObject({ kept: 1, known: 1 }))
  expect(company.gateway.view().acknowledged).toBe(2)
})

test('an event of another organisation is answered and not kept', async () => {
  await using company = connect()
  await company.isOpen()
  expect(await company.say({ corpId: 'dingother' })).toBe('acknowledged')
  expect(company.kept).toEqual([])
  expect(company.stream.health().misaddressed).toBe(1)
})

test('pings are echoed for as long as the line lives', async () => {
  await using company = connect()
  await company.isOpen()
  await company.pass(600_000)
  const { pings, pongs, connections } = company.gateway.view()
  expect(pings).toBeGreaterThan(15)
  expect({ pongs, connections }).toEqual({ pongs: pings, connections: 1 })
  expect(company.lines).toEqual(['opened'])
})

test('whoever is told to go comes back first and goes then: no moment without a line', async () => {
  await using company = connect({ connections: 2 })
  await company.isOpen()
  await company.pass(60_000)
  company.gateway.dismissAll()
  for (let i = 0; i < 30; i++) {
    await company.pass(1_000)
    expect(await company.say()).toBe('acknowledged')
  }
  expect(company.stream.health()).toMatchObject({ connections: 2, reconnects: 2, kept: 30 })
  expect(company.lines).toEqual(['opened', 'opened', 'dismissed', 'dismissed', 'opened', 'opened'])
  expect(company.gateway.view().connections).toBe(2)
})

test('the old line is held until the new one is open, however long that takes', async () => {
  await using company = connect()
  await company.isOpen()
  await company.pass(60_000)
  company.sandbox.set({ http5xx: { next: 3, api: 'connections/open' } })
  company.gateway.dismissAll()
  await company.pass(5_000)
  expect(company.lines).toEqual(['opened', 'dismissed'])
  expect(company.gateway.view().connections).toBe(1)
  await company.pass(4_000)
  expect(company.lines).toEqual(['opened', 'dismissed', 'opened'])
  expect(company.gateway.view().connections).toBe(1)
})

test('what was being kept when the line was dismissed is acknowledged on it', async () => {
  const keeping = Promise.withResolvers<'kept'>()
  await using company = connect({ keep: () => keeping.promise })
  await company.isOpen()
  const said = company.say()
  await company.pass(500)
  company.gateway.dismissAll()
  await company.pass(2_000)
  keeping.resolve('kept')
  expect(await said).toBe('acknowledged')
})

test.for([
  { streamSilence: 'dead', within: 130_000, line: 'dead' },
  { streamSilence: 'mute', within: 660_000, line: 'mute' },
])('a $streamSilence line is replaced', async ({ streamSilence, within, line }) => {
  await using company = connect()
  await company.isOpen()
  await company.pass(60_000)
  company.sandbox.set({ streamSilence })
  await company.pass(within)
  expect(company.lines.slice(0, 3)).toEqual(['opened', line, 'opened'])
  company.sandbox.set({ streamSilence: 'none' })
  expect(await company.say()).toBe('acknowledged')
})

test('a line that is cut comes back, and a gateway that hangs up at once is not stormed', async () => {
  await using company = connect()
  await company.isOpen()
  await company.pass(60_000)
  company.gateway.cutAll()
  await company.pass(2_000)
  expect(company.stream.health()).toMatchObject({ connections: 1, reconnects: 1 })
  company.sandbox.set({ streamDoor: 'hangsUp' })
  company.gateway.cutAll()
  await company.pass(600_000)
  // 1, 2, 4, … 60 s apart
  expect(company.stream.health().reconnects).toBeLessThan(18)
  company.sandbox.set({ streamDoor: 'open' })
  await company.pass(62_000)
  expect(await company.say()).toBe('acknowledged')
})

test('a gateway that refuses is asked again, ever more seldom, with a new ticket each time', async () => {
  await using company = connect({ faults: { streamDoor: 'refuses' } })
  await company.pass(300_000)
  expect(company.stream.health()).toMatchObject({ connections: 0, failing: 'platform.unreachable' })
  const { refusedTickets } = company.gateway.view()
  expect(refusedTickets).toBeGreaterThan(5)
  expect(refusedTickets).toBeLessThan(12)
  company.sandbox.set({ streamDoor: 'open' })
  await company.pass(62_000)
  expect(company.stream.health()).toMatchObject({ connections: 1, failing: null })
})

test('a secret that is not accepted is tried once a minute, then every five, and says so', async () => {
  await using company = connect({ secret: 'revoked' })
  await company.pass(1_800_000)
  expect(company.stream.health()).toMatchObject({ connections: 0, failing: 'platform.bad-credentials' })
  expect(company.log.calls.length).toBeLessThan(10)
  expect(JSON.stringify([company.log.calls, company.troubles])).not.toContain('revoked')
})

test('an address in the clear, outside this machine, is not opened', async () => {
  await using company = connect({ faults: { streamEndpoint: 'ws://10.0.0.5/connect' } })
  await company.pass(5_000)
  expect(company.stream.health()).toMatchObject({ connections: 0, failing: 'platform.unreadable-answer' })
  expect(company.lines).toEqual([])
})

test('rubbish before every frame is counted and ignored', async () => {
  await using company = connect({ faults: { streamRubbish: 1 } })
  await company.isOpen()
  for (let i = 0; i < 30; i++) expect(await company.say()).toBe('acknowledged')
  await company.pass(120_000)
  const { rubbish, pings, pongs, nonsense } = company.gateway.view()
  expect(rubbish).toBeGreaterThan(30)
  expect(company.stream.health()).toMatchObject({ kept: 30, rubbish, connections: 1, reconnects: 0 })
  expect({ pongs, nonsense }).toEqual({ pongs: pings, nonsense: 0 })
})

test('stopping answers what is being kept and takes nothing more in', async () => {
  const keeping = Promise.withResolvers<'kept'>()
  const company = connect({ keep: () => keeping.promise })
  await company.isOpen()
  const said = company.say()
  await company.pass(100)
  company.stop()
  await company.clock.pass(0)
  const refused = company.say()
  await company.clock.pass(0)
  keeping.resolve('kept')
  expect(await said).toBe('acknowledged')
  await company[Symbol.asyncDispose]()
  expect(await refused).toBe('later')
  expect(await company.say()).toBe('nobody')
})

test('stopping before anything is open ends at once', async () => {
  const company = connect({ faults: { streamDoor: 'refuses' } })
  await company[Symbol.asyncDispose]()
  expect(company.stream.health().connections).toBe(0)
})
