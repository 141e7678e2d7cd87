import { expect, test } from 'vitest'
import type { AlarmCode } from './alarm.ts'
import type { Channel } from './channel.ts'
import { owedTo, type Told, type ToldAlarm } from './owed-to.ts'
import { alarmPolicies } from './policy.ts'

const now = Temporal.Instant.from('2026-11-22T12:00:00+08:00')
const ago = (hours: number) => now.subtract({ minutes: hours * 60 })
const ops: Channel = { id: 'ops', kind: 'wecom-robot', level: 'warning', since: ago(1000) }

const alarm = (code: AlarmCode, more: Partial<ToldAlarm> = {}): ToldAlarm =>
  ({
    ...{ code, key: 'hq', facts: {}, since: ago(10), raisedAt: ago(10) },
    ...{ awaySince: null, resolvedAt: null, told: {}, ...more },
  }) as ToldAlarm
const told = (kind: Told['kind'], hours: number) => ({ ops: { kind, at: ago(hours) } })
const kinds = (alarms: ToldAlarm[], channel = ops) =>
  owedTo(channel, alarms, now, alarmPolicies).map(({ kind, alarm: { code } }) => `${kind} ${code}`)

test.for<{ when: string; alarms: ToldAlarm[]; channel?: Channel; gives: string[] }>([
  { when: 'it is news', alarms: [alarm('route-behind')], gives: ['raised route-behind'] },
  {
    when: 'it does not stand long enough yet',
    alarms: [alarm('route-behind', { raisedAt: null })],
    gives: [],
  },
  { when: 'it was told just now', alarms: [alarm('route-behind', { told: told('raised', 1) })], gives: [] },
  {
    when: 'it was told long ago',
    alarms: [alarm('route-behind', { told: told('raised', 4) })],
    gives: ['reminder route-behind'],
  },
  {
    when: 'it is over',
    alarms: [alarm('route-behind', { told: told('raised', 1), resolvedAt: ago(0.5) })],
    gives: ['resolved route-behind'],
  },
  {
    when: 'its end was told',
    alarms: [alarm('route-behind', { told: told('resolved', 1), resolvedAt: ago(1) })],
    gives: [],
  },
  {
    when: 'it came and went while nothing got through',
    alarms: [alarm('route-behind', { resolvedAt: ago(1) })],
    gives: ['passed route-behind'],
  },
  {
    when: 'it was over before the channel was there',
    alarms: [alarm('route-behind', { resolvedAt: ago(1) })],
    channel: { ...ops, since: ago(0.5) },
    gives: [],
  },
  {
    when: 'the channel wants only what is critical',
    alarms: [alarm('deliveries-refused'), alarm('route-behind')],
    channel: { ...ops, level: 'critical' },
    gives: ['raised route-behind'],
  },
  {
    when: 'the channel is off',
    alarms: [alarm('route-behind')],
    channel: { ...ops, level: 'off' },
    gives: [],
  },
  {
    when: 'it is the channel itself that fails',
    alarms: [alarm('channel-failing', { key: 'ops' })],
    gives: [],
  },
  {
    when: 'another channel fails',
    alarms: [alarm('channel-failing', { key: 'boss' })],
    gives: ['raised channel-failing'],
  },
  {
    when: 'several come at once',
    alarms: [
      alarm('deliveries-refused', { since: ago(20) }),
      alarm('route-behind'),
      alarm('quota-spent', { since: ago(11) }),
    ],
    gives: ['raised quota-spent', 'raised route-behind', 'raised deliveries-refused'],
  },
])('when $when, this is owed', ({ alarms, channel = ops, gives }) => {
  expect(kinds(alarms, channel)).toEqual(gives)
})

const all: Channel = { ...ops, level: 'notice' }
test.for<{ when: string; of: Partial<ToldAlarm>; gives: string[] }>([
  { when: 'it began after this morning’s digest', of: { raisedAt: ago(2) }, gives: [] },
  { when: 'it began before it', of: { raisedAt: ago(4) }, gives: ['raised people-waiting'] },
  { when: 'it was in this morning’s', of: { raisedAt: ago(30), told: told('raised', 3) }, gives: [] },
  {
    when: 'it was in yesterday’s',
    of: { raisedAt: ago(50), told: told('raised', 27) },
    gives: ['reminder people-waiting'],
  },
  { when: 'it is over', of: { raisedAt: ago(30), resolvedAt: ago(1), told: told('raised', 27) }, gives: [] },
])('what can wait is told once a day: when $when', ({ of, gives }) => {
  expect(kinds([alarm('people-waiting', of)], all)).toEqual(gives)
})
