import type { Clock } from '#domain/effects.ts'
import type { RouteStatus } from '#domain/status-report.ts'
import type { PersonEntry, RunEntry, Sources } from './contract.ts'
import type { HttpOptions } from './create-http.ts'
import { createMetrics } from './metrics.ts'

/** The moment of every test: a Sunday morning in Shanghai. */
export const now = Temporal.Instant.from('2026-11-22T09:45:10+08:00')

/** A clock that stands still, and whose sleepers wait until they are woken by their signal. */
export const stillClock: Clock = {
  now: () => now,
  sleep: (_ms, signal) =>
    new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
    ),
}

/** What the product would answer, held in memory. */
export type Told = { routes: RouteStatus[]; runs: RunEntry[]; people: PersonEntry[] }

/** Operations over facts in memory. */
export const sourcesOf = ({ routes, runs, people }: Told): Sources => ({
  status: async () => ({ version: '0.1.0', home: 'data', database: 'embedded', routes, alarms: [] }),
  runs: async ({ limit }) => runs.slice(0, limit),
  people: async () => people,
})

/** Options for a server on loopback that is ready. */
export const httpOptions = (told: Partial<Told> = {}, change: Partial<HttpOptions> = {}): HttpOptions => ({
  operations: sourcesOf({ routes: [], runs: [], people: [], ...told }),
  isReady: () => true,
  metrics: createMetrics(),
  clock: stillClock,
  host: '127.0.0.1',
  onBug: () => 'E-1',
  ...change,
})

/** A route where all is well. */
export const aRoute = (change: Partial<RouteStatus> = {}): RouteStatus => ({
  route: 'hq',
  direction: 'dingtalk-to-wecom',
  paused: false,
  completeTo: '2026-11-22T09:42:00+08:00',
  completeFor: 120,
  unknown: [],
  unknownCount: 0,
  unknownBecause: {},
  gapFrom: null,
  ways: [
    {
      ...{ from: 'hq-dingtalk', to: 'hq-wecom', subsidiary: 'hq', standsStill: null },
      ...{ completeTo: '2026-11-22T09:42:00+08:00', completeFor: 120, of: 120 },
    },
  ],
  people: { linked: 120, suggested: 0, conflicting: 0, unmatched: 0 },
  held: 0,
  heldBecause: {},
  refused: 0,
  inDoubt: 0,
  inDoubtBecause: {},
  quota: [{ connection: 'hq-dingtalk', used: 1_204, quota: 5_000 }],
  probes: [{ connection: 'hq-wecom', asked: 14, wrong: 3, mostWrong: 6 }],
  lastRun: { state: 'done', finishedAt: '2026-11-22T09:42:31+08:00', code: null },
  ...change,
})

/** A run that delivered everything. */
export const aRun = (change: Partial<RunEntry> = {}): RunEntry => ({
  id: 7,
  route: 'hq',
  state: 'done',
  window: { from: '2026-11-15T09:42:00+08:00', to: '2026-11-22T09:42:00+08:00' },
  requestedAt: '2026-11-22T09:42:00+08:00',
  startedAt: '2026-11-22T09:42:01+08:00',
  finishedAt: '2026-11-22T09:42:31+08:00',
  report: aReport(),
  failure: null,
  ...change,
})

/** What a run tells, all verified. */
export const aReport = (deliveries: Partial<NonNullable<RunEntry['report']>['deliveries']> = {}) => ({
  punches: { read: 712 },
  deliveries: {
    written: 690,
    verified: 690,
    alreadyThere: 0,
    held: 0,
    refused: 0,
    inDoubt: 0,
    ...deliveries,
  },
  durationMs: 5_123,
})

/** Somebody known to be the same person on both sides. */
export const aPerson = (change: Partial<PersonEntry> = {}): PersonEntry => ({
  person: 'p_1',
  name: '张三',
  status: 'linked',
  accounts: [
    { connection: 'hq-dingtalk', userId: 'u001' },
    { connection: 'hq-wecom', userId: 'zhangsan' },
  ],
  candidates: [],
  because: [{ code: 'job-number', jobNumber: 'A0001' }],
  ...change,
})

/** A company in the middle of its life: everything the page can show, at once. */
export const busyCompany = (): Told => ({
  routes: [
    aRoute({
      completeFor: 118,
      unknown: [
        { person: 'p_8', name: '郑洁', because: 'refused', theirCode: '33012', completeTo: null },
        {
          person: 'p_9',
          name: '周强',
          because: 'gap',
          theirCode: null,
          completeTo: '2026-11-09T18:00:00+08:00',
        },
      ],
      unknownCount: 2,
      unknownBecause: { refused: 1, gap: 1 },
      gapFrom: '2026-11-09',
      people: { linked: 114, suggested: 1, conflicting: 2, unmatched: 3 },
      held: 27,
      heldBecause: { unlinked: 12, suggested: 6, conflicting: 4, approvedSlot: 1 },
      refused: 2,
      inDoubt: 3,
      inDoubtBecause: { 'waiting-to-show': 2, superseded: 1 },
    }),
    aRoute({
      route: 'suzhou-factory',
      paused: true,
      completeTo: '2026-11-20T18:05:00+08:00',
      completeFor: 1_000,
      people: { linked: 1_000, suggested: 0, conflicting: 0, unmatched: 0 },
      quota: [{ connection: 'suzhou-dingtalk', used: 4_310, quota: 5_000 }],
    }),
    aRoute({
      route: 'shenzhen',
      completeTo: '2026-11-21T23:40:00+08:00',
      completeFor: 80,
      people: { linked: 80, suggested: 0, conflicting: 0, unmatched: 0 },
      quota: [{ connection: 'shenzhen-dingtalk', used: 5_000, quota: 5_000 }],
      lastRun: { state: 'failed', finishedAt: '2026-11-22T09:30:09+08:00', code: 'platform.ip-not-trusted' },
    }),
  ],
  runs: [
    aRun({
      id: 12,
      state: 'running',
      finishedAt: null,
      report: null,
      startedAt: '2026-11-22T09:45:01+08:00',
    }),
    aRun({
      id: 11,
      report: aReport({ written: 0, verified: 680, alreadyThere: 8, held: 27, refused: 2, inDoubt: 3 }),
    }),
    aRun({
      id: 10,
      route: 'shenzhen',
      state: 'failed',
      startedAt: '2026-11-22T09:30:02+08:00',
      report: null,
      failure: {
        code: 'platform.ip-not-trusted',
        facts: {
          platform: 'wecom',
          connection: 'shenzhen-wecom',
          api: 'add_checkin_record',
          theirCode: '60020',
          theirText: 'not allow to access from your ip',
          requestId: '',
          ip: '203.0.113.7',
        },
      },
    }),
    aRun({ id: 9, startedAt: '2026-11-22T09:27:01+08:00', report: { ...aReport(), durationMs: 83_000 } }),
    aRun({ id: 8, route: 'suzhou-factory', startedAt: '2026-11-20T18:05:03+08:00' }),
  ],
  people: [
    aPerson(),
    aPerson({
      person: 'p_2',
      name: '欧阳娜娜',
      status: 'suggested',
      accounts: [{ connection: 'hq-dingtalk', userId: 'u017' }],
      candidates: [
        { connection: 'hq-wecom', userId: 'ouyangnana', because: [{ code: 'mobile', tail: '1234' }] },
      ],
      because: [{ code: 'name-differs', ours: '欧阳娜娜', theirs: '娜娜' }],
    }),
    aPerson({
      person: 'p_3',
      name: '李伟',
      status: 'conflicting',
      accounts: [{ connection: 'hq-dingtalk', userId: 'u021' }],
      candidates: [
        { connection: 'hq-wecom', userId: 'liwei', because: [{ code: 'mobile', tail: '5678' }] },
        { connection: 'hq-wecom', userId: 'liwei2', because: [{ code: 'job-number', jobNumber: 'A0021' }] },
      ],
      because: [{ code: 'evidence-disagrees', mobileSays: 'liwei', jobNumberSays: 'liwei2' }],
    }),
    aPerson({
      person: 'p_4',
      name: '李伟',
      status: 'conflicting',
      accounts: [{ connection: 'hq-dingtalk', userId: 'u022' }],
      candidates: [
        { connection: 'hq-wecom', userId: 'liwei2', because: [{ code: 'job-number', jobNumber: 'A0021' }] },
      ],
      because: [{ code: 'reused-job-number', jobNumber: 'A0021', people: 2 }],
    }),
    aPerson({
      person: 'p_5',
      name: '<script>alert(1)</script>',
      status: 'unmatched',
      accounts: [{ connection: 'hq-dingtalk', userId: "o'brien <b>" }],
      because: [{ code: 'no-counterpart' }],
    }),
    aPerson({
      person: 'p_6',
      name: '王芳',
      status: 'unmatched',
      accounts: [{ connection: 'hq-dingtalk', userId: '007' }],
      because: [{ code: 'no-counterpart' }],
    }),
    aPerson({
      person: 'p_7',
      name: '只在企业微信的人',
      status: 'unmatched',
      accounts: [{ connection: 'hq-wecom', userId: 'wecom-only' }],
      because: [{ code: 'no-counterpart' }],
    }),
  ],
})
