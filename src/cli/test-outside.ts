import { untilAborted } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { parseSetup } from '#settings/setup-file.ts'
import type { Operations } from './operations.ts'
import type { Outside, Stream } from './outside.ts'
import { runCli } from './run-cli.ts'
import { smallAlarms } from './test-alarms.ts'
import { whoIsWho } from './test-who-is-who.ts'

/** What one run of the command line left behind. */
export type Ran = { code: number; stdout: string; stderr: string; opened: number; closed: number }

const report: SyncReport = {
  route: 'hq',
  window: { from: '2026-11-01T00:00:00+08:00', to: '2026-11-07T23:59:59+08:00' },
  people: { linked: 118, suggested: 1, conflicting: 2, unmatched: 3 },
  punches: {
    read: 712,
    fresh: 712,
    unchanged: 0,
    revised: 0,
    skipped: { void: 10, echo: 0, merged: 0, tooOld: 0, future: 0 },
    outside: 0,
    unreadable: 0,
  },
  deliveries: {
    planned: 702,
    written: 702,
    verified: 702,
    held: 0,
    refused: 0,
    inDoubt: 0,
    alreadyThere: 0,
    heldBecause: {},
    inDoubtBecause: {},
  },
  calls: { dingtalk: { listRecord: 3 }, wecom: { getcheckindata: 4, add_checkin_record: 4 } },
  leastCalls: { dingtalk: { listRecord: 3 }, wecom: { getcheckindata: 4, add_checkin_record: 4 } },
  durationMs: 5123,
}

/** A report in which some deliveries are still open. */
export const openReport = (open: Partial<SyncReport['deliveries']>): SyncReport => ({
  ...report,
  deliveries: { ...report.deliveries, ...open },
})

/** The product as the command line sees it, in memory: one route `hq`, one connection of each platform. */
export function smallProduct(): Operations {
  let isPaused = false
  const known = (route: string) =>
    route === 'hq' ? route : fail('usage.unknown-route', { route, known: ['hq'] })
  const setPaused = async (route: string, paused: boolean) => {
    const changed = isPaused !== paused
    isPaused = paused
    return { route: known(route), paused, changed }
  }
  return {
    async apply({ text, file }) {
      const { setup, problems } = parseSetup(text, {})
      if (!setup) return fail('setup.invalid', { file, problems })
      return {
        created: setup.subsidiaries.map(({ id }) => `subsidiary ${id}`),
        changed: [],
        unchanged: [],
        notInFile: ['route old'],
      }
    },
    async check({ connection }) {
      if (connection !== undefined && !connection.startsWith('hq-'))
        return fail('usage.unknown-connection', { connection, known: ['hq-dingtalk', 'hq-wecom'] })
      const good = {
        connection: 'hq-dingtalk',
        platform: 'dingtalk' as const,
        ok: true,
        checks: [{ code: 'token', status: 'pass' as const, failure: null, where: 'dingtalk.credentials' }],
        advice: {
          ...{ canRead: true, canWrite: false, people: 120, monthlyCalls: 900, quota: 5000 },
          writing: {
            monthlyCalls: 5_500,
            isEnough: false,
            offer: { edition: ['professional'], meteredCalls: 200_000, yearlyFen: 980_000 },
          },
        },
      }
      const bad = {
        ...good,
        connection: 'hq-wecom',
        platform: 'wecom' as const,
        ok: false,
        checks: [
          {
            code: 'attendance-write',
            status: 'fail' as const,
            failure: null,
            where: 'wecom.checkin-api-apps',
          },
        ],
        advice: null,
      }
      return [good, bad].filter((each) => connection === undefined || each.connection === connection)
    },
    async plan({ route }) {
      const { deliveries } = report
      return {
        ...report,
        route: known(route),
        direction: 'dingtalk-to-wecom',
        deliveries: { planned: deliveries.planned, held: 0, alreadyThere: 0 },
        who: [{ person: 'p_1', name: '张三', userId: 'u001', status: 'linked', planned: 14, held: 0 }],
        spent: { dingtalk: { listRecord: 3 } },
        quota: [{ connection: 'hq-dingtalk', used: 3, quota: 5000, needed: 3 }],
        writing: {
          ...{ enough: false, records: 96, calls: 100, allowedNow: 40 },
          ...{ callsThisMonth: 4_200, callsPerMonth: 4_400, left: 900, lastsUntil: '2026-11-06' },
          choices: [
            { kind: 'nextMonth', from: '2026-12-01' },
            { kind: 'raiseEdition', edition: ['professional'], meteredCalls: 200_000, yearlyFen: 980_000 },
            { kind: 'narrowScope', people: 31 },
            { kind: 'oneWay' },
          ],
        },
      }
    },
    sync: async ({ route }) => ({ ...report, route: known(route) }),
    resend: async (route) => ({ route: known(route), resent: 0 }),
    pause: (route) => setPaused(route, true),
    resume: (route) => setPaused(route, false),
    ...whoIsWho,
    ...smallAlarms,
    async *punches() {
      for (const nth of [1, 2])
        yield [
          {
            id: String(nth),
            person: 'p_1',
            name: '=张三',
            connection: 'hq-dingtalk',
            userId: 'u001',
            at: `2026-11-0${nth}T08:58:00+08:00`,
            workDate: `2026-11-0${nth}`,
            void: nth === 2,
            because: nth === 2 ? '范围外, "无效"' : null,
            place: '一号门',
            deliveries: [{ route: 'hq', state: 'held', reason: 'suggested' }],
          },
        ]
    },
    calls: async ({ failedOnly }) =>
      failedOnly
        ? []
        : [
            {
              at: '2026-11-07T08:00:00+08:00',
              connection: 'hq-dingtalk',
              api: 'listRecord',
              durationMs: 12,
              outcome: 'ok',
              theirCode: '',
              theirText: '',
              requestId: '',
              cost: 1,
            },
          ],
    runs: async () => [
      {
        id: 1,
        route: 'hq',
        state: 'failed',
        window: report.window,
        requestedAt: report.window.to,
        startedAt: null,
        finishedAt: null,
        report: null,
        failure: { code: 'run.interrupted', facts: { route: 'hq' } },
      },
    ],
    tenants: async () => [{ tenant: 'default', name: 'default' }],
    addTenant: async ({ key, name = key }) => ({ tenant: key, name, created: true }),
    status: async () => ({
      version: '0.1.0',
      home: '<home>',
      database: 'embedded',
      alarms: [],
      routes: [
        {
          route: 'hq',
          direction: 'dingtalk-to-wecom',
          paused: isPaused,
          completeTo: '2026-11-07T23:59:59+08:00',
          completeFor: 998,
          unknown: [
            {
              person: 'p_3',
              name: '郑洁',
              because: 'refused',
              theirCode: '33012',
              completeTo: null,
            },
          ],
          unknownCount: 2,
          unknownBecause: { refused: 1, gap: 1 },
          gapFrom: '2026-11-09',
          ways: [],
          people: { linked: 990, suggested: 5, conflicting: 2, unmatched: 3 },
          held: 7,
          heldBecause: { suggested: 7 },
          refused: 0,
          inDoubt: 0,
          inDoubtBecause: {},
          quota: [],
          probes: [{ connection: 'hq-wecom', asked: 0, wrong: 0, mostWrong: 6 }],
          lastRun: null,
        },
      ],
    }),
    async serve({ host, port, signal, onReady }) {
      onReady({ url: `http://${host}:${port}`, host, port })
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve())
      })
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** Runs one command line against a product in memory. */
export async function run(
  argv: string[],
  change: { product?: Partial<Operations>; outside?: Partial<Outside>; isTerminal?: boolean } = {},
): Promise<Ran> {
  const ran: Ran = { code: -1, stdout: '', stderr: '', opened: 0, closed: 0 }
  const stream = (name: 'stdout' | 'stderr', isTerminal: boolean): Stream => ({
    isTerminal,
    write(text) {
      ran[name] += text
    },
  })
  const product: Operations = {
    ...smallProduct(),
    ...change.product,
    async [Symbol.asyncDispose]() {
      ran.closed += 1
    },
  }
  const outside: Outside = {
    env: {},
    version: '9.9.9',
    stdout: stream('stdout', false),
    stderr: stream('stderr', change.isTerminal ?? false),
    clock: { now: () => Temporal.Instant.from('2026-11-08T12:00:00+08:00'), sleep: atOnceOrNever },
    signal: new AbortController().signal,
    crashed: new Promise<never>(() => {}),
    async openApp() {
      ran.opened += 1
      return product
    },
    rotateKey: async () => ({ resealed: 2, file: 'secret.key', isVariable: false }),
    backUp: async (_, { file }) => ({ ...aBackup(file), bytes: 1_024 }),
    checkBackup: async ({ file }) => aBackup(file),
    restore: async (_, { file, isReplacing }) => ({
      ...{ ...aBackup(file), migrated: [], key: 'same', writesFrom: '2026-11-08T04:45:00Z' },
      before: isReplacing ? 'before.backup' : null,
    }),
    simulate: async ({ seeds, fromSeed, days }) => ({
      ...{ seeds, fromSeed, days, wakes: 70, kills: 1, punches: 60, written: 30 },
      ...{ broken: [], hash: '0123456789abcdef', durationMs: 1_000 },
    }),
    serveSandbox: async ({ host, port }) => ({
      ready: {
        addresses: { dingtalk: `http://${host}:${port}`, wecom: `http://${host}:${port + 1}` },
        setupYaml: 'subsidiaries: []\n',
      },
      close: async () => {
        ran.closed += 1
      },
    }),
    command: ['node', 'main.ts'],
    ...change.outside,
  }
  ran.code = await runCli(argv, outside)
  return ran
}

const aBackup = (file: string) => ({
  ...{ file, tables: { punch: 12 }, schema: '0014-keys', verified: true as const },
  createdAt: '2026-11-08T04:00:00Z',
})

/** No time passes here: a wait is over at once, and a deadline, which can be called off, never comes. */
const atOnceOrNever = async (_ms: number, signal?: AbortSignal): Promise<void> => {
  if (!signal) return
  await untilAborted(signal)
  throw signal.reason
}
