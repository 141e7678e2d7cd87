import { createHash } from 'node:crypto'
import { compareRosters, declareUserIdChange, isLeaving, withCauses } from '#domain/compare-rosters.ts'
import { doubtRoster, type RosterDoubt } from '#domain/doubt-roster.ts'
import { elapsedMs } from '#domain/effects.ts'
import { FailureError } from '#domain/failures.ts'
import { accountKey } from '#domain/ids.ts'
import type { Account } from '#domain/person.ts'
import {
  countChanges,
  type GoneBecause,
  type RosterAccount,
  type RosterStep,
} from '#domain/roster-changes.ts'
import type { Standing } from '#platforms/platform.ts'
import type { AccountRow } from '#store/account-row.ts'
import { endClaims, moveClaims } from '#store/claims.ts'
import { beginImport, type KeptStep, markRead, readDoubt, readImport, saveSteps } from '#store/contacts.ts'
import { readAccounts } from '#store/people.ts'
import type { ContactsNews, Journey, Side } from './context.ts'

/** At most so many people who are not listed any more are asked about in one read; the rest has no known cause. */
const mostAskedAbout = 50

/** What keeping contacts in step needs of a journey. */
export type ContactsJourney = Pick<
  Journey,
  'database' | 'clock' | 'tenant' | 'lanes' | 'isRehearsal' | 'print' | 'onContacts'
> & { policy: Pick<Journey['policy'], 'contactsMaxAgeMs'> }

/** Who reads the roster, and whether a person has looked at it and accepts it however odd it is. */
export type Reading = { actor: string; isAccepted: boolean }

/** A roster, leavers included, and the mobiles that this read told, by key, in memory only. */
export type Roster = { rows: AccountRow[]; mobiles: Map<string, string> }

/** A person's public id: stable for one holder of a user id, and telling nothing. */
export const personIdOf = (connectionKey: string, key: string, life: number): string =>
  `p_${createHash('sha256')
    .update(life === 1 ? `${connectionKey}:${key}` : `${connectionKey}:${key}:${life}`)
    .digest('base64url')
    .slice(0, 12)}`

/**
 * The connection's roster, read again when it is older than the policy allows, with what changed kept as history. A read
 * that is not believed changes nothing; a rehearsal shows what would be and keeps nothing.
 */
export async function refreshContacts(
  journey: ContactsJourney,
  side: Side,
  reading: Reading = { actor: 'sync', isAccepted: false },
): Promise<Roster> {
  const { connection, platform } = side
  const known = await readAccounts(journey.database.kysely, journey.tenant, [connection.id])
  const age = connection.rosterReadAt
    ? elapsedMs(journey.clock, connection.rosterReadAt)
    : Number.POSITIVE_INFINITY
  if (age < journey.policy.contactsMaxAgeMs) return { rows: known, mobiles: new Map() }

  const accounts = await platform.readRoster()
  const mobiles = new Map<string, string>()
  const fresh = accounts.map((account) => {
    const row = toRosterAccount(journey, side, account)
    if (account.mobile) mobiles.set(row.key, account.mobile)
    return row
  })
  const at = journey.clock.now()
  const comparison = compareRosters({ known, fresh, at, mayChangeUserIds: platform.mayChangeUserIds })
  const rosterPrint = comparison.steps.length > 0 ? printOf(fresh) : ''
  const doubt = reading.isAccepted
    ? null
    : ((await standingDoubt(journey, side, rosterPrint)) ?? doubtRoster(comparison, fresh.length))
  if (doubt) {
    if (!journey.isRehearsal) await markRead(journey.database.kysely, whereOf(journey, side), { at, doubt })
    tell(journey, side, { import: null, rows: known, steps: comparison.steps, doubt })
    return { rows: known, mobiles }
  }
  const steps = journey.isRehearsal ? comparison.steps : await withStandings(side, comparison.steps)
  const kept = withPersons(known, steps, connection.key)
  const number = journey.isRehearsal
    ? null
    : await keep(journey, side, kept, { ...reading, at, listed: fresh.length, rosterPrint })
  const rows = afterwards(known, kept, side)
  tell(journey, side, { import: number, rows, steps, doubt: null })
  return { rows, mobiles }
}

/** The platform declared that an account has another user id: kept at once, without reading anybody. */
export async function applyUserIdChange(
  journey: ContactsJourney,
  side: Side,
  change: { fromUserId: string; toUserId: string; actor: string },
): Promise<RosterStep[]> {
  const { connection, platform } = side
  const known = await readAccounts(journey.database.kysely, journey.tenant, [connection.id])
  const at = journey.clock.now()
  const steps = declareUserIdChange(known, {
    fromKey: accountKey(platform.name, change.fromUserId),
    toKey: accountKey(platform.name, change.toUserId),
    toUserId: change.toUserId,
    at,
  })
  await keep(journey, side, withPersons(known, steps, connection.key), {
    actor: change.actor,
    isAccepted: false,
    at,
    listed: known.filter((row) => row.goneAt === null).length,
    rosterPrint: '',
  })
  return steps
}

type Read = Reading & { at: Temporal.Instant; listed: number; rosterPrint: string }

/** Keeps one import whole: its number, the intervals, and what ends or moves with them. Null when nothing changed. */
const keep = (
  journey: ContactsJourney,
  side: Side,
  steps: KeptStep[],
  { at, ...read }: Read,
): Promise<number | null> =>
  journey.database.transaction(async (tx) => {
    await journey.lanes?.guard(tx)
    const where = whereOf(journey, side)
    const number =
      steps.length > 0 ? await beginImport(tx, where, { ...read, at, counts: countChanges(steps) }) : null
    if (number !== null) {
      const reused = steps.filter(({ before, after }) => before !== null && after.life > before.life)
      await endClaims(
        tx,
        where,
        reused.map(({ key }) => key),
        { import: number, at, because: 'reused' },
      )
      for (const { formerKey, key, after } of steps)
        if (formerKey !== null)
          await moveClaims(tx, where, { from: formerKey, to: key, toUserId: after.userId })
      await saveSteps(tx, where, steps, { import: number, at, lastSeenAt: side.connection.rosterReadAt })
    }
    await markRead(tx, where, { at, doubt: null })
    return number
  })

/** A roster that a person has just taken back is not taken again as long as it reads the same. */
async function standingDoubt(
  journey: ContactsJourney,
  side: Side,
  rosterPrint: string,
): Promise<RosterDoubt | null> {
  const db = journey.database.kysely
  const doubt = await readDoubt(db, whereOf(journey, side))
  if (doubt?.code !== 'undone') return null
  const undone = await readImport(db, journey.tenant, doubt.import)
  return undone?.rosterPrint === rosterPrint ? doubt : null
}

/** Asks the platform about those it does not list any more: left, out of range, or there after all. */
async function withStandings({ platform }: Side, steps: RosterStep[]): Promise<RosterStep[]> {
  const causes = new Map<string, GoneBecause | 'there'>()
  for (const { key, after } of steps.filter(isLeaving).slice(0, mostAskedAbout))
    try {
      causes.set(key, causeOf[await platform.standingOf(after.userId)])
    } catch (error) {
      // A cause is a comfort: without it, people are simply not listed any more.
      if (!(error instanceof FailureError)) throw error
      break
    }
  return withCauses(steps, causes)
}

const causeOf: Record<Standing, GoneBecause | 'there'> = {
  there: 'there',
  left: { code: 'left' },
  outOfRange: { code: 'out-of-range' },
}

/** Whose steps they are: a human keeps their id through changes, absences and new user ids. */
function withPersons(known: AccountRow[], steps: RosterStep[], connectionKey: string): KeptStep[] {
  const persons = new Map(known.map((row) => [row.key, row.personId]))
  return steps.map((step) => {
    const { key, before, after, formerKey } = step
    const same = formerKey ?? (before?.life === after.life ? key : null)
    const personId = same === null ? undefined : persons.get(same)
    return { ...step, personId: personId ?? personIdOf(connectionKey, key, after.life) }
  })
}

function afterwards(known: AccountRow[], steps: KeptStep[], { connection }: Side): AccountRow[] {
  if (steps.length === 0) return known
  const rows = new Map(known.map((row) => [row.key, row]))
  for (const { key, after, personId } of steps)
    rows.set(key, { ...after, personId, connectionId: connection.id })
  return [...rows.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function tell(
  journey: ContactsJourney,
  { connection }: Side,
  { rows, ...news }: Omit<ContactsNews, 'connection' | 'platform' | 'people'> & { rows: AccountRow[] },
): void {
  const people = rows.filter((row) => row.goneAt === null).length
  journey.onContacts?.({ ...news, connection: connection.key, platform: connection.platform, people })
}

function toRosterAccount(
  { print }: Pick<Journey, 'print'>,
  { platform }: Side,
  { mobile, ...account }: Account,
): RosterAccount {
  return {
    ...account,
    key: accountKey(platform.name, account.userId),
    mobilePrint: mobile ? print(mobile) : null,
    mobileTail: mobile ? mobile.slice(-4) : null,
  }
}

const whereOf = ({ tenant }: Pick<Journey, 'tenant'>, { connection }: Side) => ({
  tenant,
  connection: connection.id,
})

/** The same for the same roster, in whatever order it came. */
const printOf = (fresh: RosterAccount[]): string =>
  createHash('sha256')
    .update(JSON.stringify(fresh.toSorted((a, b) => (a.key < b.key ? -1 : 1))))
    .digest('base64url')
