import type { CleaningItem } from '#domain/cleaning-list.ts'
import type { Reason } from '#domain/evidence.ts'
import type { Failure } from '#domain/failures.ts'
import type { BadEntry, MappingEntry } from '#domain/mapping-entry.ts'
import type { Decision, MappingRow } from '#domain/mapping-table.ts'
import type { Certainty } from '#domain/match.ts'
import type { LinkStatus } from '#domain/person.ts'
import type { SeveralAccounts } from '#domain/several-accounts.ts'
import type { QuotaUse, StatusReport } from '#domain/status-report.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import type { CheckItem } from '#platforms/platform.ts'
import type { ActEffects, ActEntry, DeliveredRecord, UndoActReport } from './acts-report.ts'
import type { AlarmsReport, ChannelTest } from './alarms-report.ts'
import type { AccountHistory, ContactsPreview, ContactsReport, UndoReport } from './contacts-report.ts'

/**
 * What the command line may ask of the product. src/app.ts answers; the command line only finds the words.
 * Every method may throw a FailureError; nothing else is expected. Instants and days are RFC 3339 text as
 * `formatInstant` writes it, so that `--json` prints the answers as they are.
 */
export interface Operations extends AsyncDisposable {
  /** One transaction, no platform call. Failures: `setup.invalid`, `usage.not-yet`. */
  apply(ask: { text: string; file: string; dryRun: boolean }): Promise<ApplyReport>
  /** Readiness of one connection, or of all of them. Failures: `usage.unknown-connection`. */
  check(ask: { connection?: string | undefined; signal: AbortSignal }): Promise<CheckReport[]>
  /** Writes nothing anywhere. */
  plan(ask: WindowAsk): Promise<PlanReport>
  /**
   * Runs the window to its end and waits at most `waitMs` for read-backs. A signal lets the call in flight end and
   * throws `run.interrupted`, unless everything was done.
   */
  sync(ask: WindowAsk & { waitMs: number }): Promise<SyncReport>
  pause(route: string): Promise<RouteState>
  resume(route: string): Promise<RouteState>
  /** Lets refused deliveries, and doubtful ones that only a person may decide, be sent again after a clean read. */
  resend(route: string): Promise<{ route: string; resent: number }>
  /** Reads rosters now and keeps what changed; `isAccepted` believes a read however odd. Failures: `lane.busy`. */
  contacts(ask: ContactsAsk & { isAccepted: boolean }): Promise<ContactsReport[]>
  /** What an import would bring and whom each route would leave out. Writes nothing. */
  previewContacts(ask: ContactsAsk): Promise<ContactsPreview[]>
  /** Failures: `usage.unknown-import`, `contacts.later-imports`, `contacts.already-written`. */
  undoContacts(ask: { import: number; signal: AbortSignal }): Promise<UndoReport>
  /** Failures: `usage.unknown-account`, `usage.invalid`. */
  accountHistory(account: string): Promise<AccountHistory>
  /** With a subsidiary, its own accounts alone. Failures: `usage.unknown-route|-connection|-subsidiary`. */
  people(ask: PeopleAsk): Promise<PersonEntry[]>
  /** Accounts are `connection:userId`; order does not matter. Failures: `usage.unknown-account`, `usage.invalid`. */
  link(a: string, b: string): Promise<LinkReport>
  /** Accepts what is suggested for `a`. Failures: `usage.no-suggestion`, `usage.which-suggestion`. */
  confirm(a: string, b?: string): Promise<LinkReport>
  /** All links of an account, or only the one to `other`. */
  unlink(account: string, other?: string): Promise<UnlinkReport>
  /** What ever went out from or to an account, or between two; oldest first, in blocks. */
  delivered(ask: { account: string; other?: string | undefined }): AsyncIterable<DeliveredRecord[]>
  /** What people did about who is who, newest first. */
  acts(ask: { limit: number }): Promise<ActEntry[]>
  /** Takes one of them back. Failures: `usage.unknown-act`, `usage.act-overtaken`. */
  undo(act: number): Promise<UndoActReport>
  /** The mapping table and what to clean up; a subsidiary as for `people`. Failures: `usage.unknown-route|-subsidiary`. */
  linksTable(ask: { route?: string | undefined; subsidiary?: string | undefined }): Promise<LinksTable>
  /** Decides a mapping table that came back: all of it in one transaction, or, when `bad` is not empty, nothing. */
  linksImport(ask: { file: string; entries: MappingEntry[]; dryRun: boolean }): Promise<LinksImportReport>
  /** Oldest first, in blocks, so that a month of a large company never stands in memory at once. */
  punches(ask: PunchesAsk): AsyncIterable<PunchEntry[]>
  calls(ask: { failedOnly: boolean; limit: number }): Promise<CallEntry[]>
  runs(ask: { limit: number }): Promise<RunEntry[]>
  status(): Promise<StatusReport>
  /** Every group of companies kept here, whichever one this is opened for. */
  tenants(): Promise<TenantEntry[]>
  /** Failures: `usage.invalid`. */
  addTenant(ask: { key: string; name?: string | undefined }): Promise<TenantEntry & { created: boolean }>
  /** What is wrong now, the latest `limit` that are over, and who is told. */
  alarms(ask: { limit: number }): Promise<AlarmsReport>
  /** Sends a test message to each channel, or to one. Failures: `usage.no-channels`, `usage.unknown-channel`. */
  testAlarms(ask: { channel?: string | undefined }): Promise<ChannelTest[]>
  /**
   * Runs the product until `signal` is aborted; `onReady` is called once, when it answers. Resolves when all is put
   * away. Failures: `server.port-taken`, `server.not-loopback`.
   */
  serve(ask: ServeAsk): Promise<void>
}

export type TenantEntry = { tenant: string; name: string }

export type WindowAsk = {
  route: string
  /** As typed: a day or an instant. */
  from?: string | undefined
  to?: string | undefined
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** `done` of `of` in one station; `of` is 0 while nobody knows. */
export type Progress = { station: string; done: number; of: number }

export type ContactsAsk = { connection?: string | undefined; signal: AbortSignal }

export type ServeAsk = {
  /** The engine starts when this is settled: whoever asks makes the first runs. */
  startsAfter?: Promise<void>
  role: 'all' | 'web' | 'worker'
  host: string
  port: number
  signal: AbortSignal
  onReady: (ready: { url: string; host: string; port: number }) => void
}

export type WindowText = { from: string; to: string }

/** Things are named `kind id`, e.g. `route hq`; a link is `link hq u001 = zhangsan`. */
export type ApplyReport = {
  created: string[]
  changed: string[]
  unchanged: string[]
  notInFile: string[]
  /** Links of the file that stay ended, because somebody else holds one of the user ids now. */
  ended?: string[]
}

export type CheckReport = {
  connection: string
  platform: 'dingtalk' | 'wecom'
  ok: boolean
  checks: CheckItem[]
  /** Facts for the closing words; null where the checks could not tell. */
  advice: CheckAdvice | null
}

export type CheckAdvice = {
  /** What this connection could take part in, by the permissions seen. */
  canRead: boolean
  canWrite: boolean
  people: number | null
  /** Metered calls a month at the usual pace, and the month's quota; null where the platform does not meter. */
  monthlyCalls: number | null
  quota: number | null
  /** What writing here would take on top; null where writing is not metered, or not allowed. */
  writing?: TwoWayCost | null
}

/** `offer`: the cheapest edition that carries both; null where what is there does, or none would. */
export type TwoWayCost = {
  monthlyCalls: number
  isEnough: boolean
  offer: { edition: readonly string[]; meteredCalls: number; yearlyFen: number | null } | null
}

/** Calls by platform, then by last path segment(s): `{ dingtalk: { listRecord: 3 } }`. */
export type CallCounts = SyncReport['calls']

export type PeopleCounts = SyncReport['people']

export type PlanReport = {
  route: string
  direction: string
  window: WindowText
  people: PeopleCounts
  punches: SyncReport['punches']
  deliveries: {
    planned: number
    held: number
    alreadyThere: number
    verified?: number
    inDoubt?: number
    refused?: number
  }
  heldBecause?: Record<string, number>
  /** Whose punches, most first. */
  who: { person: string; name: string; userId: string; status: LinkStatus; planned: number; held: number }[]
  /** What the next `sync` of this window is expected to spend. */
  calls: CallCounts
  leastCalls: CallCounts
  /** What this rehearsal itself spent. */
  spent: CallCounts
  /** Time the sync is expected to take, read-back left out. */
  durationMs: number
  quota: QuotaUse[]
  /** Where the route writes into a platform whose calls are metered. */
  writing?: WritingPlan
  byDirection?: SyncReport['byDirection']
}

/** What writing takes where each record costs a metered call, looking before and after included. */
export type WritingPlan = {
  /** For what is left of this month, and for a whole one. */
  enough: boolean
  /** What this window would write, its calls, and how many of the records the month can spare calls for now. */
  records: number
  calls: number
  allowedNow: number
  /** From now to the month's end, and in a whole month, at the usual pace; `left` for writing, after reading every day. */
  callsThisMonth: number
  callsPerMonth: number
  left: number
  /** The day on which the calls would be gone, and what can be done, in the order in which to offer it. */
  lastsUntil?: string
  choices?: WritingChoice[]
}

/** `yearlyFen`: on top of what is there, at list price; null where nobody published one. */
export type WritingChoice =
  | { kind: 'nextMonth'; from: string }
  | { kind: 'raiseEdition'; edition: readonly string[]; meteredCalls: number; yearlyFen: number | null }
  | { kind: 'narrowScope'; people: number }
  | { kind: 'oneWay' }

/** `released`: its brake was pulled, and is not any more. */
export type RouteState = { route: string; paused: boolean; changed: boolean; released?: boolean }

export type AccountName = { connection: string; userId: string }

/** One person; an unlinked account is its own person. Reasons are facts here and sentences in the output. */
export type PeopleAsk = {
  route?: string | undefined
  connection?: string | undefined
  subsidiary?: string | undefined
}

export type PersonEntry = Certainty & {
  person: string
  name: string
  status: LinkStatus
  /** Certain, those at the source first. `since`: when this human's use of the user id began. */
  accounts: (AccountName & { since: string })[]
  /** Accounts this person had. */
  formerly: (AccountName & { since: string; until: string })[]
  candidates: (AccountName & Certainty & { because: Reason[] })[]
  because: Reason[]
  /** They have an account at a subsidiary that was not asked for. */
  alsoElsewhere: boolean
}

export type LinkReport = ActEffects & {
  /** Null for two accounts between whom there is no route. */
  route: string | null
  accounts: [AccountName, AccountName]
  changed: boolean
  /** People who were linked to one of these accounts until now and are not any more. */
  displaced: AccountName[]
}

/** `from`: the accounts it was linked to until now. */
export type UnlinkReport = ActEffects & { account: AccountName; from: AccountName[]; removed: number }

export type LinksTable = {
  rows: MappingRow[]
  cleaning: CleaningItem[]
  /** Who has accounts that no row shows together. */
  several: SeveralAccounts[]
}

/** Rows by what became of them. */
export type LinksImportReport = {
  linked: number
  unlinked: number
  unchanged: number
  ignored: number
  bad: BadEntry[]
  /** What each row that changes something decides, in the order of the file. */
  rows: { line: number; route: string; decision: Decision; dingtalk: string; wecom: string; note: string }[]
  /** What followed; absent when nothing was applied. */
  effects?: ActEffects
}

export type PunchesAsk = {
  from: Temporal.Instant
  to: Temporal.Instant
  /** A person's id, name or `connection:userId`. */
  person?: string | undefined
}

export type PunchEntry = {
  id: string
  person: string
  name: string
  connection: string
  userId: string
  at: string
  workDate: string | null
  void: boolean
  /** The platform's own words for why it is void. */
  because: string | null
  place: string | null
  deliveries: { route: string; state: string; reason: string | null }[]
}

export type CallEntry = {
  at: string
  connection: string
  api: string
  durationMs: number
  /** `ok`, or the failure's code. */
  outcome: string
  theirCode: string
  theirText: string
  requestId: string
  cost: number
}

export type RunEntry = {
  id: number
  route: string
  state: string
  window: WindowText
  requestedAt: string
  startedAt: string | null
  finishedAt: string | null
  report: SyncReport | null
  failure: Failure | null
}
