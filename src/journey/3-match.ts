import { FailureError } from '#domain/failures.ts'
import { resolveIdentities } from '#domain/identity/resolve.ts'
import { openResolver } from '#domain/identity/resolver.ts'
import type { PlatformName, TenantId } from '#domain/ids.ts'
import type { Match } from '#domain/match.ts'
import { reverseMatches, type Twin } from '#domain/reverse-matches.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { readOpenAccounts } from '#store/owed.ts'
import { readIdentities } from '#store/people.ts'
import { type Inputs, readInputs, readResolvedInputs, textOf } from '#store/resolution.ts'
import { type Roster, refreshContacts } from './contacts.ts'
import { type Journey, outwardOf, type Traveller, wayOf } from './context.ts'
import { readGroup } from './group-facts.ts'
import { keepResolution, matchesOn } from './keep-resolution.ts'
import { leaversTwins } from './leavers.ts'
import { matchFew } from './match-few.ts'
import { probeMobiles } from './probe-mobiles.ts'
import { leaversAmong, toTravellers } from './travellers.ts'

/** Both rosters of a route; who is who is always resolved from the DingTalk side, whichever way punches go. */
type Rosters = Record<PlatformName, Roster>

/**
 * Reads both rosters, decides who is who, and gives everyone in the route's scope: linked people first, so that the
 * calls to the target are as few as can be. Leavers whose punches may still be in the window are among them. A run that
 * is about some people only is given those, where nothing has changed that says who they are.
 */
export async function match(journey: Journey): Promise<Traveller[]> {
  const few = await matchFew(journey)
  if (few) return few
  const [source, target] = await Promise.all([
    refreshContacts(journey, journey.source),
    refreshContacts(journey, journey.target),
  ])
  const isForward = journey.source.platform.name === 'dingtalk'
  const resolved = await matchRosters(
    journey,
    isForward ? { dingtalk: source, wecom: target } : { dingtalk: target, wecom: source },
  )
  const matches: ReadonlyMap<string, Twin> = isForward ? resolved : reverseMatches(resolved)
  return withLeavers(journey, source.rows, target.rows, matches)
}

/** Everyone in scope, those leavers included of whom something may still be read, or is under way. */
async function withLeavers(
  journey: Journey,
  source: AccountRow[],
  target: AccountRow[],
  matches: ReadonlyMap<string, Twin>,
): Promise<Traveller[]> {
  const { route, window, isRehearsal } = journey
  const db = journey.database.kysely
  const way = wayOf(journey)
  const open = isRehearsal ? [] : await readOpenAccounts(db, outwardOf(way))
  const gone = { since: window.from, open: new Set(open) }
  const taken = new Set([...matches.values()].map((one) => one.twin))
  const there = new Set(target.filter((row) => row.goneAt === null).map((row) => row.key))
  const isFree = (key: string) => there.has(key) && !taken.has(key)
  const leavers = await leaversTwins(db, way, leaversAmong(source, gone), isFree)
  return toTravellers(route, gone, source, target, new Map([...matches, ...leavers]))
}

/** How often a resolution is made anew because somebody said something while it was made. */
const triesAtMost = 3

/** Who is who on the route: what was resolved before, unless something that it stood on has changed. */
async function matchRosters(journey: Journey, rosters: Rosters): Promise<Map<string, Match>> {
  const { tenant, isRehearsal } = journey
  const db = journey.database.kysely
  for (let tries = 1; ; tries++) {
    const inputs = await readInputs(db, tenant, journey.clock.now())
    if (!isRehearsal && textOf(inputs) === (await readResolvedInputs(db, tenant)))
      return storedMatches(journey, rosters.dingtalk.rows)
    const matches = await resolveRosters(journey, rosters, { inputs, isLastTry: tries === triesAtMost })
    if (matches) return matches
  }
}

/** Null when a person has said something meanwhile: what was resolved is out of date and was not kept. */
async function resolveRosters(
  journey: Journey,
  rosters: Rosters,
  { inputs, isLastTry }: { inputs: Inputs; isLastTry: boolean },
): Promise<Map<string, Match> | null> {
  const { tenant, route } = journey
  const fresh = new Map(
    [journey.source, journey.target].map(({ connection }) => [
      connection.id,
      rosters[connection.platform].rows,
    ]),
  )
  const group = await readGroup(journey.database.kysely, tenant, journey.clock.now(), fresh)
  const resolver = openResolver(group.accounts, group.known)
  const isAnswered = await probeMobiles(journey, group, resolver, {
    dingtalk: rosters.dingtalk.mobiles,
    wecom: rosters.wecom.mobiles,
  })
  const matches = matchesOn(route, group, resolver.resolution)
  if (journey.isRehearsal) return matches
  return journey.database.transaction(async (tx) => {
    const { claims, answers } = await readInputs(tx, tenant, journey.clock.now())
    if (claims !== inputs.claims && !isLastTry) return null
    // Where the platform would not answer, the next run resolves again, whether anything changed or not.
    await keepResolution(tx, tenant, group, resolver.resolution, {
      now: journey.clock.now(),
      inputs: isAnswered ? textOf({ ...inputs, answers }) : '',
    })
    return matches
  })
}

async function storedMatches(
  { database, tenant, route }: Journey,
  source: AccountRow[],
): Promise<Map<string, Match>> {
  const there = new Set(source.filter((row) => row.goneAt === null).map((row) => row.key))
  const rows = (await readIdentities(database.kysely, tenant, route.id)).filter((row) =>
    there.has(row.sourceKey),
  )
  return new Map(rows.map(({ sourceKey, targetKey, ...match }) => [sourceKey, { ...match, twin: targetKey }]))
}

/** Decides again who is who from the stored rosters, after a person linked or parted somebody. No platform is asked. */
export async function rematch(db: Executor, tenant: TenantId, now: Temporal.Instant): Promise<void> {
  // Told apart from what a run resolves: that may ask the platforms about what is still open.
  const inputs = `${textOf(await readInputs(db, tenant, now))} unasked`
  if (inputs === (await readResolvedInputs(db, tenant))) return
  const group = await readGroup(db, tenant, now)
  const resolution = resolveIdentities(group.accounts, group.known)
  await keepResolution(db, tenant, group, resolution, { now, inputs })
}

/** True for failures that only mean that one person is unknown to the platform. */
export const isPersonRefused = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.code === 'platform.person-refused'
