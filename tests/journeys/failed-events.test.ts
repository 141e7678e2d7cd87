import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '#domain/effects.ts'
import type { KeepEvent, PlatformEvent } from '#domain/platform-event.ts'
import { openFailedEvents } from '#journey/failed-events.ts'
import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { toDingtalkHints } from '#platforms/dingtalk/to-hint.ts'
import { createGate } from '#platforms/gate.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts, Token } from '#platforms/ports.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'

const go = new AbortController().signal
let open: Sandbox | null = null
afterEach(() => open?.close())

/** DingTalk with so many undelivered events on its list, and a connector to it. */
async function withParked(count: number) {
  let now = Temporal.Instant.from('2026-03-04T04:00:00+08:00')
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now = now.add({ milliseconds: Math.ceil(ms) })
    },
  }
  const sandbox = createSandbox({ seed: 1, people: 3, now: () => now })
  open = sandbox
  const { events } = sandbox.world
  events.setDeliverer(async () => 'later', 'parked')
  for (let i = 0; i < count; i++) events.emit({ eventType: 'user_add_org', data: { userId: [`u${i}`] } })
  for (let i = 0; i < 3; i++) {
    await events.work()
    now = now.add({ seconds: 31 })
  }
  now = now.add({ minutes: 6 })
  const { addresses, credentials } = sandbox.ready()
  const { corpId, clientId, clientSecret } = credentials.dingtalk
  const facts: ConnectionFacts = {
    ...{
      key: 'hq-dingtalk',
      platform: 'dingtalk',
      corpId,
      clientId,
      secret: clientSecret,
      edition: ['standard'],
    },
    hosts: { oapi: addresses.dingtalk, api: addresses.dingtalk },
  }
  let token: Token | null = null
  const gate = createGate({
    ...{ facts, transport: sandbox.transport, clock, pace: 1, random: () => 0.5 },
    callLog: { record: () => {} },
    quota: { take: async () => ({ granted: true, used: 0, quota: 5000 }) },
    tokens: {
      read: async () => token,
      save: async (saved) => {
        token = saved
      },
      drop: async () => {
        token = null
      },
      readRefusals: async () => ({ count: 0, pausedUntil: null }),
      saveRefusals: async () => {},
    },
  })
  const platform = createDingtalkConnector({ gate, facts, clock })
  return { platform, clock, sandbox }
}

/** Keeps what it is given, unless it is told to fail. */
function shelf() {
  const kept: PlatformEvent[] = []
  const shelf = { kept, failures: 0, keep: (async () => 'kept') as KeepEvent }
  shelf.keep = async (event) => {
    if (shelf.failures > 0) {
      shelf.failures--
      throw new Error('no room')
    }
    kept.push(event)
    return 'kept'
  }
  return shelf
}

test('everything on the list is kept, page by page, and means what it meant', async () => {
  const { platform, clock } = await withParked(450)
  const { kept, keep } = shelf()
  const report = await openFailedEvents({ platform, keep, clock }).fetch(go)
  expect(report).toEqual({ pages: 3, read: 450, kept: 450 })
  expect(new Set(kept.map(({ body }) => body)).size).toBe(450)
  expect(kept[0]).toMatchObject({ via: 'failedList', type: 'user_add_org' })
  expect(toDingtalkHints(kept[0]!)).toEqual([{ kind: 'contacts', userIds: ['u0'] }])
})

test('an empty list is one call', async () => {
  const { platform, clock, sandbox } = await withParked(0)
  expect(await openFailedEvents({ platform, keep: shelf().keep, clock }).fetch(go)).toEqual({
    pages: 1,
    read: 0,
    kept: 0,
  })
  expect(sandbox.view().calls.dingtalk['/call_back/get_call_back_failed_result']?.calls).toBe(1)
})

describe('a page is kept before the next one is asked for', () => {
  /** A list of pages, and the order of what happened to them. */
  function pages(...list: string[][]) {
    const story: string[] = []
    let next = 0
    const platform: Pick<Platform, 'readFailedEvents'> = {
      async readFailedEvents() {
        story.push(`read ${next}`)
        const events = (list[next] ?? []).map((body) => ({
          ...{ via: 'failedList' as const, eventId: null },
          type: 'x',
          body,
          at: Temporal.Instant.from('2026-03-04T04:00:00Z'),
        }))
        return { events, hasMore: ++next < list.length }
      },
    }
    return { story, platform }
  }
  const clock: Clock = { now: () => Temporal.Instant.from('2026-03-04T04:00:00Z'), sleep: async () => {} }

  test('also where keeping fails a few times', async () => {
    const { story, platform } = pages(['a', 'b'], ['c'])
    let failures = 2
    const keep: KeepEvent = async ({ body }) => {
      if (body === 'b' && failures-- > 0) throw new Error('no room')
      story.push(`kept ${body}`)
      return 'kept'
    }
    await openFailedEvents({ platform, keep, clock }).fetch(go)
    expect(story.indexOf('read 1')).toBeGreaterThan(story.indexOf('kept b'))
    expect(story.at(-1)).toBe('kept c')
  })

  test('and where it cannot be kept, nothing is read until it is', async () => {
    const { story, platform } = pages(['a'], ['b'])
    const room = shelf()
    room.failures = 100
    const list = openFailedEvents({ platform, keep: room.keep, clock })
    await expect(list.fetch(go)).rejects.toThrow('no room')
    await expect(list.fetch(go)).rejects.toThrow('no room')
    expect(story).toEqual(['read 0'])
    room.failures = 0
    await list.fetch(go)
    expect(room.kept.map(({ body }) => body)).toEqual(['a', 'b'])
  })

  test('a platform that always promises more is left after a while', async () => {
    const { platform, story } = pages(...Array.from({ length: 500 }, (_, i) => [`${i}`]))
    const report = await openFailedEvents({ platform, keep: shelf().keep, clock }).fetch(go)
    expect([report.pages, story.length]).toEqual([100, 100])
  })
})

test('a platform without such a list is not asked', async () => {
  const list = openFailedEvents({
    platform: {},
    keep: shelf().keep,
    clock: { now: () => Temporal.Instant.from('2026-03-04T04:00:00Z'), sleep: async () => {} },
  })
  expect(await list.fetch(go)).toEqual({ pages: 0, read: 0, kept: 0 })
})
