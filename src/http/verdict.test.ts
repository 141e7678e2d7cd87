import { expect, test } from 'vitest'
import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import { aRoute, now } from './test-kit.ts'
import { heldForPeople, judgeStatus, owed } from './verdict.ts'

const failed = { state: 'failed', finishedAt: null, code: 'platform.busy' }
const unidentified = { linked: 118, suggested: 1, conflicting: 0, unmatched: 1 }
const stalledFor = (tries: number) => {
  const step = {
    step: 'deliver',
    since: '2026-11-22T09:00:00+08:00',
    tries,
    retryAt: '2026-11-22T09:50:00+08:00',
  }
  return aRoute({ ways: aRoute().ways.map((way) => ({ ...way, stalled: [step] })) })
}
const old = '2026-11-21T09:45:09+08:00'

test.for([
  { when: 'nothing is set up', routes: [], gives: { kind: 'empty', tone: 'calm' } },
  {
    when: 'nothing was ever read',
    routes: [aRoute({ completeTo: null, lastRun: null })],
    gives: { kind: 'never' },
  },
  {
    when: 'a step brings nothing again and again',
    routes: [stalledFor(3)],
    gives: { kind: 'stalled', tone: 'warn', count: 1 },
  },
  { when: 'a step brought nothing once', routes: [stalledFor(1)], gives: { kind: 'clear' } },
  { when: 'all is well', routes: [aRoute()], gives: { kind: 'clear', tone: 'good', count: 0 } },
  {
    when: 'a punch is held',
    routes: [aRoute({ held: 1, heldBecause: { unlinked: 1 } })],
    gives: { kind: 'waiting', count: 1 },
  },
  {
    when: 'one is held and nobody says why',
    routes: [{ ...aRoute({ held: 3 }), heldBecause: {} }],
    gives: { kind: 'checking' },
  },
  {
    when: 'one was refused',
    routes: [aRoute({ refused: 2 }), aRoute({ held: 1, heldBecause: { suggested: 1 } })],
    gives: { kind: 'waiting', tone: 'warn', count: 3 },
  },
  {
    when: 'one is in doubt',
    routes: [aRoute({ inDoubt: 4 })],
    gives: { kind: 'checking', tone: 'calm', count: 4 },
  },
  {
    when: 'one waits for the next run',
    routes: [aRoute({ held: 2 })],
    gives: { kind: 'checking', count: 2 },
  },
  {
    when: 'not everything of somebody was read',
    routes: [
      aRoute({ unknownCount: 2, people: { linked: 119, suggested: 1, conflicting: 0, unmatched: 0 } }),
    ],
    gives: { kind: 'unknown', tone: 'warn', count: 2 },
  },
  {
    when: 'somebody is not identified',
    routes: [aRoute({ people: unidentified })],
    gives: { kind: 'people', count: 2 },
  },
  {
    when: 'the last run failed',
    routes: [aRoute({ lastRun: failed, refused: 1 })],
    gives: { kind: 'failed', tone: 'bad', count: 1 },
  },
  {
    when: 'the very first run failed',
    routes: [aRoute({ lastRun: failed, completeTo: null })],
    gives: { kind: 'failed' },
  },
  {
    when: 'one of two failed',
    routes: [aRoute(), aRoute({ route: 'b', lastRun: failed })],
    gives: { kind: 'failed', route: 'b' },
  },
  {
    when: 'the news is a day old',
    routes: [aRoute({ completeTo: old })],
    gives: { kind: 'stale', tone: 'bad' },
  },
  {
    when: 'a paused route is a day old',
    routes: [aRoute(), aRoute({ paused: true, completeTo: old })],
    gives: { kind: 'paused', count: 1 },
  },
  {
    when: 'a paused route failed before',
    routes: [aRoute({ paused: true, lastRun: failed })],
    gives: { kind: 'paused' },
  },
])('$when: $gives.kind', ({ routes, gives }) => {
  expect(judgeStatus({ routes, alarms: [] }, now)).toMatchObject(gives)
})

test('what is held without a reason waits for the next run', () => {
  const route = aRoute({ held: 10, heldBecause: { unlinked: 6, approvedSlot: 1 } })
  expect([heldForPeople(route), owed(route)]).toEqual([7, 3])
})

const alarm = (level: AlarmEntry['level']): AlarmEntry => ({
  ...{ code: 'store-slow', facts: { roundTripMs: 1500 }, about: 'database', level },
  ...{ since: '2026-11-22T09:00:00+08:00', until: null, told: {} },
})

test.for([
  {
    when: 'it is critical',
    levels: ['critical', 'warning'],
    route: {},
    gives: { kind: 'alarms', tone: 'bad', count: 1 },
  },
  {
    when: 'it is a warning',
    levels: ['warning', 'notice'],
    route: { refused: 1 },
    gives: { kind: 'alarms', tone: 'warn', count: 1 },
  },
  { when: 'it can wait for the digest', levels: ['notice'], route: {}, gives: { kind: 'clear' } },
  {
    when: 'the last run failed, which says more',
    levels: ['critical'],
    route: { lastRun: failed },
    gives: { kind: 'failed' },
  },
] as const)('an alarm is the verdict when nothing worse is: $when', ({ levels, route, gives }) => {
  const status = { routes: [aRoute(route)], alarms: levels.map(alarm) }
  expect(judgeStatus(status, now)).toMatchObject(gives)
})

test('whatever else is true, a database that takes nothing is not well', () => {
  const failing = aRoute({ lastRun: failed })
  for (const routes of [[aRoute()], [failing]])
    expect(judgeStatus({ routes, alarms: [] }, now, { isStoreWell: false })).toMatchObject({
      kind: 'store',
      tone: 'bad',
    })
})
