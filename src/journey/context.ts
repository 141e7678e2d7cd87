import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { Clock } from '#domain/effects.ts'
import type { PlatformName, TenantId } from '#domain/ids.ts'
import type { NamedDay } from '#domain/named-days.ts'
import type { LinkStatus } from '#domain/person.ts'
import type { RosterStep } from '#domain/roster-changes.ts'
import type { Span } from '#domain/spans.ts'
import type { Lanes } from '#engine/lane.ts'
import type { Platform } from '#platforms/platform.ts'
import type { Database } from '#store/database.ts'
import type { ConnectionRow, RouteRow } from '#store/setup.ts'
import type { Allowance } from './allowance.ts'

/** One end of a route. */
export type Side = { connection: ConnectionRow; platform: Platform }

/** Everything a station may use. A rehearsal reads and decides but lands, delivers and keeps nothing. */
export type Journey = {
  database: Database
  clock: Clock
  tenant: TenantId
  route: RouteRow
  source: Side
  target: Side
  window: Span
  work: Work
  allowance: Allowance
  isRehearsal: boolean
  /** Null in a rehearsal. */
  lanes: Lanes | null
  /** The fence of the target's lane; 0 in a rehearsal. */
  fence: number
  /** How often people had recalled deliveries that travel this lane before this run looked who is who. */
  recalls: number
  signal: AbortSignal
  /** Keyed fingerprint, for mobiles. */
  print: (text: string) => string
  policy: Policy
  /** Throws `platform.clock-skew` when a platform's clock and ours are more than a minute apart. */
  checkClock: () => void
  /** Calls made so far in this run, by platform and call name. */
  calls: () => Record<PlatformName, Record<string, number>>
  onProgress: (progress: Progress) => void
  /** Hears of every person's share when a group is decided: a rehearsal shows them. */
  onDecided?: (people: PersonShare[]) => void
  /** Hears what a roster read changed, or why it was not believed. */
  onContacts?: (news: ContactsNews) => void
}

/** How much of a route one run looks at. */
export type Work = {
  /**
   * Whose punches are read at the source: everybody's in scope (a sweep), only those of the accounts named (hints), or
   * nobody's: then only what is owed and under way is dealt with.
   */
  read: 'everyone' | 'nobody' | ReadonlySet<string>
  /** Whether what was sent is waited for and looked at before the run ends. */
  looksBack: boolean
  /** A day is being closed: what machines uploaded late is asked for as well, where the source tells it. */
  isClosing?: boolean
  /** Days of people, or everybody's day, on which the source is asked for its verdict; each may take a call. */
  verdictsOn?: readonly NamedDay[] | { day: string }
}

/** A whole run: everybody is read, and it ends when everything is seen. */
export const wholeRun: Work = { read: 'everyone', looksBack: true }

/** How many punches of one person would be delivered and held. */
export type PersonShare = {
  person: string
  name: string
  userId: string
  status: LinkStatus
  planned: number
  held: number
}

/** What one roster read brought. */
export type ContactsNews = {
  connection: string
  platform: PlatformName
  /** The number under which it can be taken back; null when nothing changed, or nothing was kept. */
  import: number | null
  /** Accounts there now. */
  people: number
  steps: RosterStep[]
  /** Set when the read was not believed: then `steps` is what it would have changed. */
  doubt: RosterDoubt | null
}

export type Policy = {
  /** The target accepts nothing older than this. */
  oldestAccepted: Temporal.Instant
  /** How far from its planned time a punch may belong to a slot, seconds. */
  slotRadius: number
  /** Contacts younger than this are not read again; 0 reads them every time. */
  contactsMaxAgeMs: number
  /** How far questions about mobiles that find nobody may go towards the platform's limit: 0.25 is a quarter of the way. */
  wrongProbeShare: number
  /** How long a call may take; a batch claimed longer ago than this was frozen and is not sent. */
  callTimeoutMs: number
  /** How long after its claim a batch may leave: nobody else can have the lane by then. */
  claimLastsMs: number
}

export type Progress = { station: 'match' | 'ingest' | 'deliver' | 'verify'; done: number; of: number }

/** A source account on this route, and whose punches they are. */
export type Traveller = {
  key: string
  userId: string
  name: string
  personId: string
  status: LinkStatus
  twin: { key: string; userId: string } | null
  /** Null, or epoch seconds: punches before it were made while somebody else held one of the two user ids. */
  since: number | null
  /** When the account left the source; null while it is there. */
  leftAt: Temporal.Instant | null
}

/** The traveller as far as a punch at this second is concerned: an earlier holder's goes nowhere under a new link. */
export const travellerAt = (traveller: Traveller, at: number): Traveller =>
  traveller.since === null || at >= traveller.since
    ? traveller
    : { ...traveller, status: 'unmatched', twin: null }

/**
 * Whether a punch of theirs that is not shown any more was withdrawn. A platform may show nothing of accounts that are
 * gone: of who has left, and of an earlier holder, silence says nothing.
 */
export const isTold = ({ since, leftAt }: Traveller, at: number): boolean =>
  leftAt === null && (since === null || at >= since)

/** One way of a route, whether a run is under way on it or not. */
export type Way = { tenant: TenantId; route: RouteRow; source: ConnectionRow; target: ConnectionRow }

export const wayOf = ({ tenant, route, source, target }: Journey): Way => ({
  ...{ tenant, route },
  source: source.connection,
  target: target.connection,
})

/** The same as store/owed.ts asks for it. */
export const outwardOf = ({ tenant, route, source, target }: Way) => ({
  ...{ tenant, route: route.id, source: source.id, target: target.id },
  sourceIsDingtalk: source.platform === 'dingtalk',
})

/** Where deliveries of this route live. */
export const outboxOf = (journey: Journey) => ({
  tenant: journey.tenant,
  route: journey.route.id,
  connection: journey.target.connection.id,
})

/** The way this run goes on its route. */
export const legOf = ({ tenant, route, source }: Pick<Journey, 'tenant' | 'route' | 'source'>) => ({
  tenant,
  route: route.id,
  source: source.connection.id,
})
