import { expect, test } from 'vitest'
import { conditionsOf } from './conditions-of.ts'
import type { AlarmFacts, ConnectionFacts, RouteFacts } from './facts.ts'

const now = Temporal.Instant.from('2026-11-22T12:00:00+08:00')
const ago = (minutes: number) => now.subtract({ minutes })

const route = (more: Partial<RouteFacts> = {}): RouteFacts => ({
  ...{ route: 'hq', isPaused: false, quietHours: [], completeTo: ago(10), everyMs: 900_000 },
  ...{ trouble: null, overdueSince: null, stalled: null, inDoubt: null, refused: 0 },
  ...{ waiting: { people: 0, held: 0 }, brake: { isPulled: false, writes: 0, punches: 0 } },
  outOfCalls: { count: 0, freeAgainOn: '2026-12-01' },
  ...more,
})
const connection = (more: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  ...{
    connection: 'hq-dingtalk',
    platform: 'dingtalk',
    secret: null,
    ipRefusal: null,
    permissionRefusals: [],
  },
  quota: { used: 100, quota: 5000, freeAgainOn: '2026-12-01', lastsUntil: null },
  events: { used: 10, quota: 3000, freeAgainOn: '2026-12-01' },
  ...{ probes: { wrong: 0, mostWrong: 6 }, skewSeconds: 0, forgedCallbacks: 0 },
  stream: { isSilent: false, lastHeardAt: ago(1) },
  ...more,
})
const facts = (more: Partial<AlarmFacts> = {}): AlarmFacts => ({
  ...{ routes: [route()], connections: [connection()], store: { roundTripMs: 2, freeMegabytes: 90_000 } },
  backup: { lastAt: ago(60), failure: null, maxAgeMs: 26 * 3_600_000 },
  channels: [{ channel: 'ops', kind: 'wecom-robot', failure: null }],
  ...more,
})
const eventsUsed = (used: number) =>
  facts({ connections: [connection({ events: { used, quota: 3000, freeAgainOn: '2026-12-01' } })] })
const codes = (of: AlarmFacts) => conditionsOf(of, now).conditions.map(({ code }) => code)
const quota = (used: number, lastsUntil: string | null = null) =>
  facts({
    connections: [connection({ quota: { used, quota: 5000, freeAgainOn: '2026-12-01', lastsUntil } })],
  })
const ofRoute = (more: Partial<RouteFacts>) => facts({ routes: [route(more)] })
const ofConnection = (more: Partial<ConnectionFacts>) => facts({ connections: [connection(more)] })
const quiet = ['08:30-11:45']

test.for<{ when: string; of: AlarmFacts; gives: string[] }>([
  { when: 'all is well', of: facts(), gives: [] },
  { when: 'a route misses an interval', of: ofRoute({ completeTo: ago(31) }), gives: ['route-behind'] },
  { when: 'a route is just in time', of: ofRoute({ completeTo: ago(29) }), gives: [] },
  { when: 'the route is paused', of: ofRoute({ completeTo: ago(999), isPaused: true }), gives: [] },
  {
    when: 'quiet hours end a moment ago',
    of: ofRoute({ completeTo: ago(200), quietHours: quiet }),
    gives: [],
  },
  { when: 'it is quiet', of: ofRoute({ completeTo: ago(999), quietHours: ['11:00-13:00'] }), gives: [] },
  {
    when: 'quiet hours ended long ago',
    of: ofRoute({ completeTo: ago(999), quietHours: ['08:00-09:00'] }),
    gives: ['route-behind'],
  },
  {
    when: 'the planner chooses and reads within the day',
    of: ofRoute({ completeTo: ago(1000), everyMs: null }),
    gives: [],
  },
  {
    when: 'the planner chooses and a day is missed',
    of: ofRoute({ completeTo: ago(1600), everyMs: null }),
    gives: ['route-behind'],
  },
  {
    when: 'it fails for a moment',
    of: ofRoute({ trouble: { code: 'platform.busy', since: ago(5) } }),
    gives: [],
  },
  {
    when: 'it goes on failing',
    of: ofRoute({ trouble: { code: 'platform.busy', since: ago(16) } }),
    gives: ['route-behind'],
  },
  {
    when: 'a step brings nothing for a moment',
    of: ofRoute({ stalled: { step: 'deliver', tries: 3, since: ago(14) } }),
    gives: [],
  },
  {
    when: 'a step goes on bringing nothing',
    of: ofRoute({ stalled: { step: 'deliver', tries: 9, since: ago(16) } }),
    gives: ['steps-stalled'],
  },
  {
    when: 'a step brings nothing on a paused route',
    of: ofRoute({ isPaused: true, stalled: { step: 'deliver', tries: 9, since: ago(16) } }),
    gives: [],
  },
  { when: 'nobody does what is due', of: ofRoute({ overdueSince: ago(16) }), gives: ['route-behind'] },
  {
    when: 'deliveries stay in doubt',
    of: ofRoute({ inDoubt: { count: 2, since: ago(90) } }),
    gives: ['deliveries-in-doubt'],
  },
  { when: 'deliveries are refused', of: ofRoute({ refused: 1 }), gives: ['deliveries-refused'] },
  {
    when: 'people wait for their identity',
    of: ofRoute({ waiting: { people: 3, held: 40 } }),
    gives: ['people-waiting'],
  },
  {
    when: 'writing waits for calls',
    of: ofRoute({ outOfCalls: { count: 40, freeAgainOn: '2026-12-01' } }),
    gives: ['deliveries-out-of-calls'],
  },
  {
    when: 'the brake is pulled',
    of: ofRoute({ brake: { isPulled: true, writes: 90, punches: 3 } }),
    gives: ['brake-pulled'],
  },
  {
    when: 'the secret is refused',
    of: ofConnection({ secret: { code: 'platform.bad-credentials', until: null } }),
    gives: ['secret-refused'],
  },
  {
    when: 'the address is not let in',
    of: ofConnection({ ipRefusal: { theirText: '60020' } }),
    gives: ['ip-not-trusted'],
  },
  {
    when: 'permissions are missing',
    of: ofConnection({
      permissionRefusals: ['a', 'b'].map((api) => ({ api, theirCode: '60011', theirText: '' })),
    }),
    gives: ['permission-missing'],
  },
  { when: 'little of the quota is left', of: quota(4500, '2026-11-25'), gives: ['quota-nearly-spent'] },
  { when: 'nothing of the quota is left', of: quota(5000), gives: ['quota-spent'] },
  { when: 'the quota will not last', of: quota(3000, '2026-11-25'), gives: ['quota-short'] },
  { when: 'few event deliveries are left', of: eventsUsed(2700), gives: ['events-nearly-spent'] },
  { when: 'no event deliveries are left', of: eventsUsed(3001), gives: ['events-spent'] },
  { when: 'event deliveries are plenty', of: eventsUsed(2699), gives: [] },
  {
    when: 'wrong probes come near our limit',
    of: ofConnection({ probes: { wrong: 5, mostWrong: 6 } }),
    gives: ['probes-near-limit'],
  },
  { when: 'one of one probe is wrong', of: ofConnection({ probes: { wrong: 1, mostWrong: 1 } }), gives: [] },
  { when: 'the clock is wrong', of: ofConnection({ skewSeconds: -61 }), gives: ['clock-skewed'] },
  {
    when: 'the Stream is silent',
    of: ofConnection({ stream: { isSilent: true, lastHeardAt: null } }),
    gives: ['stream-silent'],
  },
  {
    when: 'many callbacks are forged',
    of: ofConnection({ forgedCallbacks: 10 }),
    gives: ['callbacks-forged'],
  },
  {
    when: 'the disk is nearly full',
    of: facts({ store: { roundTripMs: 2, freeMegabytes: 500 } }),
    gives: ['store-full'],
  },
  {
    when: 'the database is slow',
    of: facts({ store: { roundTripMs: 1500, freeMegabytes: null } }),
    gives: ['store-slow'],
  },
  {
    when: 'the backup failed',
    of: facts({ backup: { lastAt: ago(60), failure: 'ENOSPC', maxAgeMs: null } }),
    gives: ['backup-failed'],
  },
  {
    when: 'the backup is old',
    of: facts({ backup: { lastAt: ago(2000), failure: null, maxAgeMs: 1e8 } }),
    gives: ['backup-old'],
  },
  {
    when: 'there never was a backup',
    of: facts({ backup: { lastAt: null, failure: null, maxAgeMs: 1e8 } }),
    gives: ['backup-old'],
  },
  {
    when: 'a channel fails',
    of: facts({ channels: [{ channel: 'ops', kind: 'email', failure: 'EAUTH' }] }),
    gives: ['channel-failing'],
  },
])('when $when, this is wrong', ({ of, gives }) => {
  expect(codes(of)).toEqual(gives)
})

test('a route that was never read has to wait two intervals before anybody is told', () => {
  expect(conditionsOf(ofRoute({ completeTo: null }), now).conditions).toMatchObject([
    { code: 'route-behind', standsForMs: 1_800_000 },
  ])
})

test('of what nobody could tell, nothing is said', () => {
  const blind = conditionsOf(facts({ routes: null, connections: null, store: null, backup: null }), now)
  expect(blind.conditions).toEqual([])
  for (const code of ['route-behind', 'quota-spent', 'store-slow', 'backup-old'])
    expect(blind.unknown).toContain(code)
  const half = conditionsOf(ofConnection({ probes: null, stream: null }), now).unknown
  expect([...half].sort()).toEqual(['probes-near-limit hq-dingtalk', 'stream-silent hq-dingtalk'])
})
