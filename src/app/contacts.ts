import type { AccountHistory, ContactChange, ContactsPreview, ContactsReport } from '#cli/contacts-report.ts'
import { fail } from '#domain/failures.ts'
import { countChanges, isUncertain, type RosterStep } from '#domain/roster-changes.ts'
import { leftOutOf } from '#domain/scope.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { formatInstant } from '#domain/window.ts'
import { inLanes, type Lanes } from '#engine/lane.ts'
import { rematch } from '#journey/3-match.ts'
import { refreshContacts } from '#journey/contacts.ts'
import type { ContactsNews } from '#journey/context.ts'
import type { AccountRow } from '#store/account-row.ts'
import { readLives, readVersions } from '#store/contacts.ts'
import { audit, type RouteRow, readConnections, readRoutes, readSubsidiaries } from '#store/setup.ts'
import { addressOf } from './addresses.ts'
import type { AppParts } from './parts.ts'
import { keeping, type OpenSide, openSide } from './sides.ts'

type Ask = { connection?: string | undefined; signal: AbortSignal }

/** Reads rosters now, keeps what changed, and decides again who is who. With `isAccepted` a read is believed however odd. */
export async function contacts(
  parts: AppParts,
  ask: Ask & { isAccepted: boolean },
): Promise<ContactsReport[]> {
  const reading = { actor: parts.actor, isAccepted: ask.isAccepted }
  const reports: ContactsReport[] = []
  let isChanged = false
  await eachConnection(parts, ask, async (side, place, lanes) => {
    let news: ContactsNews | undefined
    await refreshContacts(
      {
        ...journeyParts(parts),
        lanes,
        isRehearsal: false,
        onContacts: (told) => {
          news = told
        },
      },
      side,
      reading,
    )
    reports.push({ ...place, ...reportOf(news!) })
    if (news!.import === null) return
    isChanged = true
    await audit(parts.database.kysely, parts.tenant, {
      at: parts.clock.now(),
      actor: parts.actor,
      act: 'contacts',
      subject: side.connection.key,
      details: { import: news!.import, counts: countChanges(news!.steps), accepted: ask.isAccepted },
    })
  })
  if (isChanged) await parts.database.transaction((tx) => rematch(tx, parts.tenant, parts.clock.now()))
  return reports
}

/** What an import would bring, and whom each route would leave out. Nothing is kept. */
export async function previewContacts(parts: AppParts, ask: Ask): Promise<ContactsPreview[]> {
  const routes = await readRoutes(parts.database.kysely, parts.tenant)
  const previews: ContactsPreview[] = []
  await eachConnection(parts, ask, async (side, place) => {
    const { rows } = await refreshContacts({ ...journeyParts(parts), lanes: null, isRehearsal: true }, side, {
      actor: parts.actor,
      isAccepted: true,
    })
    const there = rows.filter((row) => row.goneAt === null)
    const all = await side.platform.countMembers()
    previews.push({
      ...place,
      people: there.length,
      invisible: all === null ? null : Math.max(0, all - there.length),
      departments: departmentsOf(there),
      routes: routes
        .filter((route) => route.dingtalkId === side.connection.id)
        .map((route) => scopeOf(route, there)),
      neverActivated: there.filter((row) => !row.isActive).map(({ userId, name }) => ({ userId, name })),
    })
  })
  return previews
}

/** Who held a user id from when to when, and what was known of them. Fails with `usage.unknown-account`. */
export async function accountHistory(parts: AppParts, text: string): Promise<AccountHistory> {
  const { connection, key, userId } = await addressOf(parts, text)
  const where = { tenant: parts.tenant, connection: connection.id }
  const versions = await readVersions(parts.database.kysely, where, key)
  const lives = (await readLives(parts.database.kysely, parts.tenant, [connection.id])).filter(
    (life) => life.key === key,
  )
  const text8601 = (instant: Temporal.Instant | null) => (instant ? formatInstant(instant) : null)
  return {
    account: { connection: connection.key, userId },
    lives: lives.map(({ life, personId, name, to, endedBecause }) => {
      const own = versions.filter((version) => version.life === life)
      return {
        life,
        person: personId,
        name,
        from: formatInstant(own[0]!.validFrom),
        to: text8601(to),
        endedBecause,
        versions: own.map((version) => ({
          from: formatInstant(version.validFrom),
          to: text8601(version.validTo),
          causes: version.causes,
          import: version.openedBy,
          undone: version.isUndone,
          name: version.name,
          jobNumber: version.jobNumber,
          mobileTail: version.mobileTail,
          email: version.email,
          departments: version.departments,
          title: version.title,
          active: version.isActive,
        })),
      }
    }),
  }
}

/** What a run has to say of its roster reads; a rehearsal and quiet reads say nothing. */
export const contactsSummary = (news: readonly ContactsNews[]): SyncReport['contacts'] => {
  const told = news
    .filter(({ import: number, doubt }) => number !== null || doubt !== null)
    .map(({ connection, platform, import: number, steps, doubt }) => ({
      connection,
      platform,
      import: number,
      counts: countChanges(steps),
      uncertain: steps.flatMap(({ changes }) => changes).filter(isUncertain).length,
      doubt,
    }))
  return told.length > 0 ? told : undefined
}

/** A change, told of an account, with whether a person should look at it. */
export const toldChanges = (steps: readonly RosterStep[]): ContactChange[] =>
  steps.flatMap(({ after, changes }) =>
    changes.map((change) => ({
      userId: after.userId,
      name: after.name,
      uncertain: isUncertain(change),
      ...change,
    })),
  )

const reportOf = ({ people, import: number, steps, doubt }: ContactsNews) => ({
  people,
  import: number,
  counts: countChanges(steps),
  changes: toldChanges(steps),
  doubt,
})

/** What reading a roster needs of a journey, policy included: it is read whatever its age. */
export const journeyParts = ({ database, clock, tenant, seal }: AppParts) => ({
  database,
  clock,
  tenant,
  print: seal.print,
  policy: { contactsMaxAgeMs: 0 },
})

type Place = Pick<ContactsReport, 'connection' | 'subsidiary' | 'platform'>

/** One after the other, each in its lane: a roster is not read while somebody else spends the same limits. */
async function eachConnection(
  parts: AppParts,
  ask: Ask,
  work: (side: OpenSide, place: Place, lanes: Lanes) => Promise<void>,
): Promise<void> {
  const db = parts.database.kysely
  const all = await readConnections(db, parts.tenant)
  if (all.length === 0) fail('usage.nothing-set-up', {})
  const chosen = all.filter((row) => ask.connection === undefined || row.key === ask.connection)
  if (chosen.length === 0)
    fail('usage.unknown-connection', { connection: ask.connection ?? '', known: all.map((row) => row.key) })
  const subsidiaries = await readSubsidiaries(db, parts.tenant)
  const { laneWaitMs, laneLeaseMs: leaseMs } = parts.options
  for (const { id, key } of chosen)
    await inLanes(
      { ...parts, connections: [{ id, key }], what: key, laneWaitMs, leaseMs, signal: ask.signal },
      async (lanes) => {
        // Read again with the lane in hand: somebody else may just have read the roster.
        const connection = (await readConnections(db, parts.tenant)).find((row) => row.id === id)!
        const subsidiary = subsidiaries.find((row) => row.id === connection.subsidiaryId)!.key
        const side = await openSide(keeping(lanes, parts), connection, ask.signal)
        try {
          await work(side, { connection: key, subsidiary, platform: connection.platform }, lanes)
        } finally {
          await side.close()
        }
      },
    )
}

/** Head-counts from the top down; who is in two departments below one counts there once. */
function departmentsOf(rows: AccountRow[]): ContactsPreview['departments'] {
  const members = new Map<string, Set<string>>()
  for (const { key, departments } of rows)
    for (const path of departments) {
      const names = path.split('/')
      for (let depth = 1; depth <= names.length; depth++) {
        const above = names.slice(0, depth).join('/')
        members.set(above, (members.get(above) ?? new Set()).add(key))
      }
    }
  return [...members]
    .map(([path, keys]) => ({ path, people: keys.size }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function scopeOf({ key, scope }: RouteRow, rows: AccountRow[]): ContactsPreview['routes'][number] {
  const leftOut = rows.flatMap((row) => {
    const because = leftOutOf(row, scope)
    const { userId, name, departments } = row
    return because ? [{ userId, name, departments, because }] : []
  })
  return { route: key, carried: rows.length - leftOut.length, leftOut }
}
