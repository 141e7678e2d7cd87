import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Alarm, type Condition, condition } from './alarm.ts'
import { afterAnswer, type Channel, type ChannelAnswer, freeAt, goodHealth } from './channel.ts'
import { decideAlarms } from './decide-alarms.ts'
import { owedTo, type ToldAlarm } from './owed-to.ts'
import { alarmPolicies } from './policy.ts'

const start = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
const at = (minutes: number) => start.add({ minutes })
const gone: Condition = condition('store-gone', 'database', { reason: 'ECONNREFUSED' })
const refused: Condition = condition('deliveries-refused', 'hq', { route: 'hq', count: 2 })
const skewed: Condition = condition('clock-skewed', 'hq-wecom', {
  ...{ connection: 'hq-wecom', platform: 'wecom', skewSeconds: 90 },
})
const found = (conditions: Condition[], unknown: string[] = []) => ({
  conditions,
  unknown: new Set(unknown),
})

/** Looks at these minutes with these conditions; null: nobody could tell. Says what each look brought. */
function look(looks: [minute: number, conditions: Condition[] | null][]) {
  let open: Alarm[] = []
  return looks.map(([minute, conditions]) => {
    const unknown = conditions ? [] : open.map(({ code }) => code)
    const decided = decideAlarms(open, found(conditions ?? [], unknown), at(minute), alarmPolicies)
    open = decided.kept
    const count = { raised: decided.raised.length, resolved: decided.resolved.length }
    return `${count.raised > 0 ? 'raised' : ''}${count.resolved > 0 ? 'resolved' : ''}${decided.forgotten.length > 0 ? 'forgotten' : ''}`
  })
}

test.for<{ when: string; looks: [number, Condition[] | null][]; gives: string[] }>([
  { when: 'it cannot flap', looks: [[0, [refused]]], gives: ['raised'] },
  {
    when: 'it is over',
    looks: [
      [0, [refused]],
      [1, []],
    ],
    gives: ['raised', 'resolved'],
  },
  {
    when: 'it stands on',
    looks: [
      [0, [refused]],
      [1, [refused]],
      [2, [refused]],
    ],
    gives: ['raised', '', ''],
  },
  { when: 'it is seen twice at once', looks: [[0, [refused, refused]]], gives: ['raised'] },
  {
    when: 'it may flap and stands too short',
    looks: [
      [0, [skewed]],
      [5, [skewed]],
      [6, []],
    ],
    gives: ['', '', 'forgotten'],
  },
  {
    when: 'it may flap and stands long enough',
    looks: [
      [0, [skewed]],
      [9, [skewed]],
      [10, [skewed]],
    ],
    gives: ['', '', 'raised'],
  },
  {
    when: 'it goes for a moment and comes back',
    looks: [
      [0, [skewed]],
      [10, [skewed]],
      [11, []],
      [15, [skewed]],
      [16, []],
      [25, []],
      [26, []],
    ],
    gives: ['', 'raised', '', '', '', '', 'resolved'],
  },
  {
    when: 'nobody can tell whether it is over',
    looks: [
      [0, [refused]],
      [1, null],
      [60, null],
      [61, []],
    ],
    gives: ['raised', '', '', 'resolved'],
  },
  {
    when: 'it comes back after it was over',
    looks: [
      [0, [refused]],
      [1, []],
      [2, [refused]],
    ],
    gives: ['raised', 'resolved', 'raised'],
  },
  {
    when: 'two things are wrong',
    looks: [
      [0, [refused]],
      [1, [refused, gone]],
      [2, [gone]],
    ],
    gives: ['raised', '', 'raisedresolved'],
  },
  {
    when: 'the condition itself says how long it has to stand',
    looks: [
      [0, [{ ...refused, standsForMs: 120_000 }]],
      [2, [{ ...refused, standsForMs: 120_000 }]],
    ],
    gives: ['', 'raised'],
  },
])('when $when, it is decided so', ({ looks, gives }) => {
  expect(look(looks)).toEqual(gives)
})

test('an open alarm shows the newest facts and its first moment', () => {
  const first = decideAlarms([], found([refused]), at(0), alarmPolicies)
  const more = condition('deliveries-refused', 'hq', { route: 'hq', count: 9 })
  const next = decideAlarms(first.kept, found([more]), at(7), alarmPolicies)
  expect(next.kept).toMatchObject([{ facts: { count: 9 }, since: at(0), raisedAt: at(0) }])
})

// ── the laws of telling ─────────────────────────────────────────────────────────────────────────────────────

const channel: Channel = { id: 'ops', kind: 'wecom-robot', level: 'notice', since: start }
const pool = [refused, gone, skewed].filter(({ code }) => alarmPolicies[code].remindEvery !== 'daily')
const answers: ChannelAnswer[] = [
  { kind: 'accepted' },
  { kind: 'throttled', untilMs: 90_000, because: '45009' },
  { kind: 'lost', because: 'timeout' },
  { kind: 'refused', because: '93000' },
]
type Heard = { alarm: ToldAlarm; kind: string; minute: number }

/** A world of minutes: what is wrong in each, and what the channel answers; then a day of calm and a channel that works. */
function live(minutes: { wrong: Condition[]; answer: ChannelAnswer }[]) {
  let alarms: ToldAlarm[] = []
  let health = goodHealth
  const heard: Heard[] = []
  const sentAt: Temporal.Instant[] = []
  const calm = Array.from({ length: 24 * 60 }, () => ({ wrong: [], answer: answers[0]! }))
  for (const [minute, { wrong, answer }] of [...minutes, ...calm].entries()) {
    const now = at(minute)
    const open = alarms.filter(({ resolvedAt }) => !resolvedAt)
    const over = alarms.filter(({ resolvedAt }) => resolvedAt)
    const { kept, resolved } = decideAlarms(open, found(wrong), now, alarmPolicies)
    alarms = [...over, ...[...kept, ...resolved].map((alarm) => ({ told: {}, ...alarm }))]
    const owed = owedTo(channel, alarms, now, alarmPolicies)
    if (owed.length === 0 || freeAt(channel.kind, health, sentAt, now)) continue
    sentAt.push(now)
    health = afterAnswer(health, answer, now)
    if (answer.kind !== 'accepted') continue
    for (const { alarm, kind } of owed) {
      alarm.told = { ops: { kind, at: now } }
      heard.push({ alarm, kind, minute })
    }
  }
  return { alarms, heard }
}

const minute = fc.record({ wrong: fc.subarray(pool), answer: fc.constantFrom(...answers) })
const worlds = fc.array(minute, { minLength: 1, maxLength: 300 })
const nameOf = ({ code, key, since }: ToldAlarm) => `${code} ${key} ${since}`

test('no alarm is told twice within its reminder interval', () => {
  fc.assert(
    fc.property(worlds, (minutes) => {
      const last = new Map<string, number>()
      for (const { alarm, kind, minute: now } of live(minutes).heard) {
        const before = last.get(nameOf(alarm))
        const { remindEvery } = alarmPolicies[alarm.code]
        if (before !== undefined && kind !== 'resolved')
          expect((now - before) * 60_000).toBeGreaterThanOrEqual(Number(remindEvery))
        last.set(nameOf(alarm), now)
      }
    }),
    { numRuns: 60 },
  )
})

test('every alarm that was raised is over when its condition is, and whatever was throttled or lost is told in the end', () => {
  fc.assert(
    fc.property(worlds, (minutes) => {
      const { alarms, heard } = live(minutes)
      const raised = alarms.filter(({ raisedAt }) => raisedAt)
      expect(raised.filter(({ resolvedAt }) => !resolvedAt)).toEqual([])
      for (const alarm of raised) {
        const own = heard.filter((one) => nameOf(one.alarm) === nameOf(alarm)).map(({ kind }) => kind)
        expect(['resolved', 'passed']).toContain(own.at(-1))
        expect(own.filter((kind) => kind === 'resolved' || kind === 'passed')).toHaveLength(1)
        if (own.includes('resolved')) expect(own[0]).toBe('raised')
      }
    }),
    { numRuns: 60 },
  )
})
