import { afterAll, beforeAll } from 'vitest'
import type { SyncReport } from '#domain/sync-report.ts'
import { type Company, type CompanyAsk, foundCompany } from '#simulation/company.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

/** Somebody with an account on both sides. */
export type Someone = { name: string; dingtalk: string; wecom: string }

/** A company about which a journey is told in few words. */
export type Told = Omit<Company, 'sync'> & {
  /** How its database is reached, which other companies of the file share. */
  database: TestDatabase['config']
  people: Someone[]
  /** A punch in DingTalk at an RFC 3339 instant; `more` as in `POST /_sandbox/punch`. Its id there. */
  punches(who: Someone, at: string, more?: Record<string, unknown>): number
  /** The instants WeCom stores for this person because it was written to, oldest first, at +08:00. */
  stored(who: Someone): string[]
  sync(ask?: Parameters<Company['sync']>[0]): Promise<SyncReport>
  /** What the ledger says of this person's punches: instant → state, or the state and its reason. */
  ledger(who: Someone): Promise<Record<string, string>>
  /** Calls of one API so far, as the platform counted them. */
  called(api: string): number
  /** Runs one thing in a process of its own. */
  does<T>(work: (app: Awaited<ReturnType<Company['process']>>['app']) => Promise<T>): Promise<T>
  /** HR says that both accounts are this person's. */
  link(who: Someone): Promise<unknown>
  minutesPass(minutes: number): void
}

/** Nobody has punched yet: the world begins on this day, before the doors open. */
export const beforeDawn = '2026-03-04T04:00:00+08:00'

/** A company whose two rosters share nothing but names: no job numbers, no mobiles. */
export const onlyNamesAreKnown: Partial<CompanyAsk> = {
  setup: (yaml) => yaml.replace('{ from: extattr, name: 工号 }', '{ from: none }'),
  faults: { mobileHidden: { dingtalk: true, wecom: true } },
}

/** One database for the tests of a file; every company founded with what it returns is a tenant of its own in it. */
export function founder(): (ask?: Partial<CompanyAsk>) => Promise<Told> {
  let home: TestDatabase | undefined
  let seed = 0
  beforeAll(async () => {
    home = await migratedDatabase()
  })
  afterAll(() => home?.drop())
  return async (ask = {}) =>
    told(
      home!.config,
      await foundCompany({
        database: home!.config,
        seed: ++seed,
        people: 3,
        days: 1,
        start: beforeDawn,
        ...ask,
        // The harshest platform unless the story says otherwise: what is written twice is there twice.
        faults: { duplicates: 'store', ...ask.faults },
      }),
    )
}

/** What to give `app.sync` where a story needs the process itself. */
export const wholeWindow = (waitMs = 90_000) => ({
  route: 'hq',
  waitMs,
  signal: new AbortController().signal,
  onProgress: () => {},
})

const atShanghai = (second: number) =>
  Temporal.Instant.fromEpochMilliseconds(second * 1000).toString({
    timeZone: '+08:00',
    smallestUnit: 'second',
  })

function told(database: TestDatabase['config'], company: Company): Told {
  const { sandbox, clock } = company
  const does: Told['does'] = async (work) => {
    const process = await company.process()
    try {
      return await work(process.app)
    } finally {
      await process.stop()
    }
  }
  return {
    ...company,
    database,
    people: sandbox.pairs(),
    does,
    punches: (who, at, more = {}) =>
      (sandbox.punch({ platform: 'dingtalk', userId: who.dingtalk, at, ...more }) as { id: number }).id,
    stored: (who) =>
      sandbox
        .records()
        .filter((record) => record.userid === who.wecom && record.origin === 'api')
        .map((record) => record.checkin_time)
        .sort((a, b) => a - b)
        .map(atShanghai),
    ledger: (who) =>
      does(async (app) => {
        const said: Record<string, string> = {}
        const span = {
          from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
          to: Temporal.Instant.from('2026-12-31T00:00:00Z'),
        }
        for await (const page of app.punches({ ...span, person: `hq-dingtalk:${who.dingtalk}` }))
          for (const { at, deliveries } of page)
            said[at] = deliveries[0]
              ? [deliveries[0].state, deliveries[0].reason].filter(Boolean).join(': ')
              : 'not to travel'
        return said
      }),
    called: (api) => {
      const counters = sandbox.view().calls
      const all = [...Object.entries(counters.dingtalk), ...Object.entries(counters.wecom)]
      return all.filter(([path]) => path.endsWith(`/${api}`)).reduce((sum, [, { calls }]) => sum + calls, 0)
    },
    link: (who) => does((app) => app.link(`hq-dingtalk:${who.dingtalk}`, `hq-wecom:${who.wecom}`)),
    minutesPass: (minutes) => clock.advance(minutes * 60_000),
    [Symbol.asyncDispose]: () => company[Symbol.asyncDispose](),
  }
}
