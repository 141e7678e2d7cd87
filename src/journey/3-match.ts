import { createHash } from 'node:crypto'
import { elapsedMs } from '#domain/effects.ts'
import { FailureError } from '#domain/failures.ts'
import { accountKey, type TenantId } from '#domain/ids.ts'
import { type Match, type MatchAccount, matchIdentity, pairOf } from '#domain/match-identity.ts'
import type { Account } from '#domain/person.ts'
import type { Executor } from '#store/database.ts'
import {
  type AccountRow,
  readAccounts,
  readIdentities,
  readPartedPairs,
  readProbes,
  saveIdentities,
  saveRoster,
} from '#store/people.ts'
import { type RouteRow, type RouteScope, readExplicitLinks } from '#store/setup.ts'
import type { Journey, Side, Traveller } from './context.ts'
import { probeMobiles } from './probe-mobiles.ts'

/** A person's public id: stable for an account, and telling nothing. */
export const personIdOf = (connectionKey: string, key: string): string =>
  `p_${createHash('sha256').update(`${connectionKey}:${key}`).digest('base64url').slice(0, 12)}`

/**
 * Reads both rosters, decides who is who, and gives everyone in the route's scope: linked people first, so that the
 * calls to the target are as few as can be. Leavers whose punches may still be in the window are among them.
 */
export async function match(journey: Journey): Promise<Traveller[]> {
  const [source, target] = await Promise.all([
    refreshRoster(journey, journey.source),
    refreshRoster(journey, journey.target),
  ])
  const matches = await matchRosters(journey, source.rows, target.rows, source.mobiles)
  const leavers = await leaversMatches(journey, source.rows, target.rows, matches)
  return travellers(journey, source.rows, target.rows, new Map([...matches, ...leavers]))
}

const present = (rows: AccountRow[]) => rows.filter((row) => row.goneAt === null)

async function matchRosters(
  journey: Journey,
  source: AccountRow[],
  target: AccountRow[],
  mobiles: Map<string, string>,
): Promise<Map<string, Match>> {
  const known = await readKnownPairs(journey.database.kysely, journey.tenant, journey.route.id)
  const input = {
    source: present(source).map(toMatchAccount),
    target: present(target).map(toMatchAccount),
    ...known,
  }
  const firstLook = matchIdentity({ ...input, probes: new Map() })
  const probes = await probeMobiles(journey, { ...input, mobiles, matches: firstLook })
  const matches = probes.size > 0 ? matchIdentity({ ...input, probes }) : firstLook
  if (!journey.isRehearsal) await keepMatches(journey.database.kysely, journey, matches, journey.clock.now())
  return matches
}

type RouteAddress = { tenant: TenantId; route: Pick<RouteRow, 'id'> }

const keepMatches = (
  db: Executor,
  { tenant, route }: RouteAddress,
  matches: Map<string, Match>,
  now: Temporal.Instant,
) =>
  saveIdentities(
    db,
    tenant,
    route.id,
    [...matches].map(([sourceKey, { status, twin, because, candidates }]) => ({
      sourceKey,
      status,
      targetKey: twin,
      because,
      candidates,
    })),
    now,
  )

async function readKnownPairs(db: Executor, tenant: TenantId, route: RouteRow['id']) {
  const links = (await readExplicitLinks(db, tenant)).filter((link) => link.routeId === route)
  const parted = await readPartedPairs(db, tenant, route)
  return {
    links: new Map(links.map((link) => [link.sourceKey, { key: link.targetKey, userId: link.targetUser }])),
    apart: new Set(parted.map((pair) => pairOf(pair.sourceKey, pair.targetKey))),
  }
}

/** Decides again who is who from the stored rosters, after a person linked or parted somebody. No platform is asked. */
export async function rematch(
  db: Executor,
  tenant: TenantId,
  route: RouteRow,
  now: Temporal.Instant,
): Promise<void> {
  const accounts = present(await readAccounts(db, tenant, [route.dingtalkId, route.wecomId]))
  const source = accounts.filter((row) => row.connectionId === route.dingtalkId)
  const target = accounts.filter((row) => row.connectionId === route.wecomId)
  const answers = new Map(
    (await readProbes(db, tenant, route.wecomId)).map((probe) => [probe.mobilePrint, probe.foundKey]),
  )
  const probes = new Map(
    source.flatMap((row) => {
      const answer = row.mobilePrint ? answers.get(row.mobilePrint) : undefined
      return answer === undefined ? [] : [[row.key, answer] as const]
    }),
  )
  const known = await readKnownPairs(db, tenant, route.id)
  const matches = matchIdentity({
    source: source.map(toMatchAccount),
    target: target.map(toMatchAccount),
    ...known,
    probes,
  })
  await keepMatches(db, { tenant, route }, matches, now)
}

type Roster = { rows: AccountRow[]; mobiles: Map<string, string> }

async function refreshRoster(journey: Journey, side: Side): Promise<Roster> {
  const db = journey.database.kysely
  const { connection, platform } = side
  const stored = () => readAccounts(db, journey.tenant, [connection.id])
  const age = connection.rosterReadAt
    ? elapsedMs(journey.clock, connection.rosterReadAt)
    : Number.POSITIVE_INFINITY
  if (age < journey.policy.contactsMaxAgeMs) return { rows: await stored(), mobiles: new Map() }

  const accounts = await platform.readRoster()
  const mobiles = new Map<string, string>()
  const rows = accounts.map((account) => {
    const row = toRow(journey, side, account)
    if (account.mobile) mobiles.set(row.key, account.mobile)
    return row
  })
  if (journey.isRehearsal) return { rows, mobiles }
  await saveRoster(db, journey.tenant, connection.id, rows, journey.clock.now())
  return { rows: await stored(), mobiles }
}

function toRow(journey: Journey, { connection, platform }: Side, account: Account): AccountRow {
  const key = accountKey(platform.name, account.userId)
  const { mobile, ...plain } = account
  return {
    ...plain,
    connectionId: connection.id,
    key,
    mobilePrint: mobile ? journey.print(mobile) : null,
    mobileTail: mobile ? mobile.slice(-4) : null,
    personId: personIdOf(connection.key, key),
    goneAt: null,
  }
}

const toMatchAccount = (row: AccountRow): MatchAccount => ({
  key: row.key,
  userId: row.userId,
  name: row.name,
  jobNumber: row.jobNumber,
  mobile: row.mobilePrint ? { print: row.mobilePrint, tail: row.mobileTail ?? '' } : null,
})

/** People who left keep the twin they had, as long as it is there and nobody else has become its owner. */
async function leaversMatches(
  journey: Journey,
  source: AccountRow[],
  target: AccountRow[],
  matches: Map<string, Match>,
): Promise<Map<string, Match>> {
  const left = new Set(source.filter((row) => row.goneAt !== null).map((row) => row.key))
  if (left.size === 0) return new Map()
  const taken = new Set([...matches.values()].map((one) => one.twin))
  const there = new Set(target.filter((row) => row.goneAt === null).map((row) => row.key))
  const found = new Map<string, Match>()
  for (const row of await readIdentities(journey.database.kysely, journey.tenant, journey.route.id)) {
    if (!left.has(row.sourceKey)) continue
    const keeps = row.targetKey !== null && there.has(row.targetKey) && !taken.has(row.targetKey)
    found.set(row.sourceKey, {
      status: keeps || row.status !== 'linked' ? row.status : 'unmatched',
      twin: keeps ? row.targetKey : null,
      because: row.because,
      candidates: row.candidates,
    })
  }
  return found
}

function travellers(
  journey: Journey,
  source: AccountRow[],
  target: AccountRow[],
  matches: Map<string, Match>,
): Traveller[] {
  const targets = new Map(target.map((row) => [row.key, row]))
  return source
    .filter((row) => row.goneAt === null || Temporal.Instant.compare(row.goneAt, journey.window.from) >= 0)
    .filter((row) => isInScope(row, journey.route.scope))
    .map((row) => {
      const found = matches.get(row.key)
      const twin = found?.twin ? targets.get(found.twin) : undefined
      return {
        key: row.key,
        userId: row.userId,
        name: row.name,
        status: found?.status ?? 'unmatched',
        twin: twin ? { key: twin.key, userId: twin.userId } : null,
      }
    })
    .toSorted((a, b) => Number(b.twin !== null) - Number(a.twin !== null) || (a.key < b.key ? -1 : 1))
}

/** The pilot: a department (with all below it) by name or id, people, and exceptions, which win. */
export function isInScope(
  row: Pick<AccountRow, 'userId' | 'departments' | 'departmentIds'>,
  scope: RouteScope,
): boolean {
  if (scope.except?.includes(row.userId)) return false
  if (!scope.departments && !scope.people) return true
  if (scope.people?.includes(row.userId)) return true
  const names = new Set(row.departments.flatMap((path) => path.split('/')))
  return (scope.departments ?? []).some(
    (department) => names.has(department) || row.departmentIds.includes(department),
  )
}

/** True for failures that only mean that one person is unknown to the platform. */
export const isPersonRefused = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.code === 'platform.person-refused'
