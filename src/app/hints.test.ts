import { expect, test } from 'vitest'
import { namedDays } from '#domain/named-days.ts'
import { type Hints, hintsAmong, keysOf } from './hints.ts'

const at = (minute: number) => Temporal.Instant.from('2026-11-10T09:00:00+08:00').add({ minutes: minute })
const hints: Hints = {
  events: [
    { id: 1, receivedAt: at(1), keys: ['a', 'x'], days: [] },
    { id: 2, receivedAt: at(2), keys: ['x'], days: [{ key: 'x', userId: 'x', day: '2026-11-09' }] },
    { id: 3, receivedAt: at(3), keys: ['b'], days: [{ key: 'b', userId: 'b', day: '2026-11-08' }] },
    { id: 4, receivedAt: at(4), keys: ['c', 'd'], days: [] },
    { id: 5, receivedAt: at(5), keys: [], days: [] },
  ],
  rosterEvents: [],
  renames: [],
}

test('a way hears of its own people alone, with their days', () => {
  expect(hintsAmong(hints, new Set(['a', 'b']))).toMatchObject({
    accounts: new Set(['a', 'b']),
    oldest: at(1),
    events: [1, 3],
    days: [{ userId: 'b', day: '2026-11-08' }],
  })
  expect(hintsAmong(hints, new Set(['nobody']))).toMatchObject({ oldest: null, events: [] })
})

test.for([
  { atMost: 1, gives: [1] },
  { atMost: 2, gives: [1, 3] },
  { atMost: 3, gives: [1, 3] },
  { atMost: 4, gives: [1, 3, 4] },
])('at most $atMost accounts, the oldest events first, none of them in part', ({ atMost, gives }) => {
  expect(hintsAmong(hints, new Set(['a', 'b', 'c', 'd']), atMost).events).toEqual(gives)
})

test('one event that names more than fits is taken all the same, or it would wait for ever', () => {
  expect(hintsAmong({ ...hints, events: hints.events.slice(3) }, keysOf(hints), 1).events).toEqual([4])
})

test('days are those of verdicts, once each', () => {
  const verdict = { kind: 'punch', userIds: ['a', 'b'], at: null, day: '2026-11-09' } as const
  const userIds = ['a', 'b']
  expect(
    namedDays([
      { ...verdict, userIds },
      { kind: 'punch', userIds: ['c'], at: at(1) },
      { ...verdict, userIds: ['a'] },
      { kind: 'approval', userIds: ['d'] },
    ]),
  ).toEqual([
    { userId: 'a', day: '2026-11-09' },
    { userId: 'b', day: '2026-11-09' },
  ])
})
