import { elapsedMs } from '#domain/effects.ts'
import { reverseMatches, type Twin } from '#domain/reverse-matches.ts'
import { readOpenAccounts } from '#store/owed.ts'
import { readAccountsNamed, readIdentitiesOf } from '#store/people.ts'
import { readInputs, readResolvedInputs, textOf } from '#store/resolution.ts'
import type { Journey, Side, Traveller } from './context.ts'
import { toTravellers } from './travellers.ts'

/**
 * The same people that reading everybody would give, as far as a run is about some only: those whom hints named, or those
 * to whom something is owed. Null where that cannot be told without the others: a roster is due to be read, something has
 * changed that says who is who, or one of them has left.
 */
export async function matchFew(journey: Journey): Promise<Traveller[] | null> {
  const { database, tenant, source, target, isRehearsal, work } = journey
  const db = database.kysely
  if (isRehearsal || work.read === 'everyone' || !isYoung(journey, source) || !isYoung(journey, target))
    return null
  const keys = work.read === 'nobody' ? await readOpenAccounts(db, wayOf(journey)) : [...work.read]
  const inputs = await readInputs(db, tenant, journey.clock.now())
  if (textOf(inputs) !== (await readResolvedInputs(db, tenant))) return null
  const rows = await readAccountsNamed(db, tenant, source.connection.id, keys)
  if (rows.some((row) => row.goneAt !== null)) return null
  const matches = await matchesOf(journey, keys)
  const twins = [...matches.values()].flatMap(({ twin }) => twin ?? [])
  const twinRows = await readAccountsNamed(db, tenant, target.connection.id, twins)
  return toTravellers(journey, rows, twinRows, matches)
}

const isYoung = ({ clock, policy }: Journey, { connection: { rosterReadAt } }: Side): boolean =>
  rosterReadAt !== null && elapsedMs(clock, rosterReadAt) < policy.contactsMaxAgeMs

const wayOf = ({ tenant, route, source, target }: Journey) => ({
  tenant,
  route: route.id,
  source: source.connection.id,
  target: target.connection.id,
  sourceIsDingtalk: source.platform.name === 'dingtalk',
})

/** By key of the source, as it was resolved. */
async function matchesOf(
  { database, tenant, route, source, target }: Journey,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Twin>> {
  const db = database.kysely
  const side = source.platform.name
  const rows = await readIdentitiesOf(db, tenant, route.id, { keys, side })
  if (side === 'dingtalk') return new Map(rows.map((row) => [row.sourceKey, { ...row, twin: row.targetKey }]))
  const claimants = rows.map((row) => row.sourceKey)
  const there = await readAccountsNamed(db, tenant, target.connection.id, claimants)
  const isThere = new Set(there.filter((row) => row.goneAt === null).map((row) => row.key))
  return reverseMatches(
    new Map(
      rows
        .filter((row) => isThere.has(row.sourceKey))
        .map((row) => [row.sourceKey, { ...row, twin: row.targetKey }]),
    ),
  )
}
