import { createClock, type SandboxClock } from './clock.ts'
import { type Company, type CompanyStyle, createCompany } from './company.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { createDingtalkEvents, type DingtalkEvents, heardBy } from './dingtalk/events.ts'
import { createPunches, type Punches } from './dingtalk/punches.ts'
import { createStreamGateway, type StreamGateway } from './dingtalk/stream-gateway.ts'
import { createFaults, type Faults } from './faults.ts'
import { type Journal, openJournal } from './journal.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLimits, type Limits } from './limits.ts'
import { createNotices, type Notices } from './notices.ts'
import type { PunchIn } from './punch-sides.ts'
import { dayOf } from './shanghai.ts'
import { applyStaffAct, type StaffAct } from './staff.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createWecomEvents, type WecomEvents } from './wecom/events.ts'
import { createRecords, type Records } from './wecom/records.ts'

/** The state of both platforms: one company, seen from two sides. */
export type World = {
  /** What a durable world keeps for good: the same file always tells the same company. */
  origin: Origin
  /** The first day (shanghai.ts) with punches. */
  firstDay: number
  company: Company
  credentials: Credentials
  clock: SandboxClock
  faults: Faults
  limits: Limits
  ledger: Ledger
  tokens: Tokens
  /** Its tickets and connections end with the process. */
  stream: StreamGateway
  punches: Punches
  /** DingTalk's events; none as long as nobody has subscribed. */
  events: DingtalkEvents
  wecomEvents: WecomEvents
  records: Records
  /** Messages that were sent to people and groups. */
  notices: Notices
  journal: Journal
  /** How many acts on the staff were done by hand. */
  staffActs: number
}
/** What makes a world this world. */
export type Origin = {
  seed: number
  people: number
  style: CompanyStyle
  /** Absent in worlds older than the choice. */
  punchIn?: PunchIn
  /** Epoch ms of the world's first moment. */
  startMs: number
  /** Days of history at that moment, that day included. */
  days: number
  /** DingTalk's edition parts: they decide the monthly calls and the calls per second. */
  edition: string[]
}
/** The origin asked for, and what may differ each time a world is opened. */
export type WorldOptions = Omit<Origin, 'startMs'> & {
  now: () => Temporal.Instant
  file?: string | undefined
  limits: 'on' | 'off'
  compact: boolean
}

/** Opens the world of a file, or begins a new one; an existing file's seed, size and start win over what is asked. */
export function openWorld(options: WorldOptions): World {
  const { now, file, limits, compact, ...asked } = options
  const journal = openJournal(file)
  const clock = createClock(now, journal)
  const kept = journal.load<Origin>('origin')[0]?.[1]
  const origin: Origin = kept ?? { ...asked, startMs: clock.nowMs() }
  if (!kept) journal.put('origin', 'world', origin)
  const firstDay = dayOf(origin.startMs) - origin.days + 1
  const company = createCompany(origin.seed, origin.people, origin.style, origin.punchIn)
  const acts = journal.load<StaffAct>('staff')
  for (const [, act] of acts) applyStaffAct(company, act)
  const faults = createFaults(origin.seed, journal)
  const credentials = credentialsOf(origin.seed)
  const { seed } = origin
  const own = createPunches(company, firstDay, faults, journal)
  const telling = { seed, company, clock, faults, journal }
  const events = createDingtalkEvents({
    ...{ ...telling, punches: own },
    ...{ corpId: credentials.dingtalk.corpId, edition: origin.edition },
  })
  const world: World = {
    origin,
    firstDay,
    company,
    credentials,
    clock,
    faults,
    limits: createLimits(limits === 'on'),
    ledger: createLedger(journal),
    tokens: createTokens(origin.seed, journal),
    stream: createStreamGateway({ seed: origin.seed, appId: credentials.dingtalk.clientId, clock, faults }),
    punches: heardBy(events, own),
    events,
    wecomEvents: createWecomEvents({ ...telling, corpId: credentials.wecom.corpId }),
    records: createRecords(compact, journal),
    notices: createNotices(journal),
    journal,
    staffActs: acts.length,
  }
  journal.flush()
  return world
}
