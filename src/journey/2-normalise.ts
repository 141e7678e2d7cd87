import { accountKey } from '#domain/ids.ts'
import type { SourcePunch } from '#domain/punch.ts'
import { contentHash, machineOnly } from '#domain/punch-content.ts'
import { epochSecond } from '#domain/spans.ts'
import { type KnownPunch, naturalKey, readDifferences } from '#store/differences.ts'
import { readStored, type StoredPunch } from '#store/punches.ts'
import type { Portion } from './1-ingest.ts'
import { isOpen } from './4-decide.ts'
import { isTold, type Journey } from './context.ts'

/** A source punch beside what the ledger knows of it. */
export type Compared = {
  punch: SourcePunch
  externalId: string
  accountKey: string
  /** Of the punch's content, domain/punch-content.ts. */
  hash: string
  /** Epoch seconds. */
  at: number
  /** Null: the ledger has never seen it. */
  known: KnownPunch | null
  isRevised: boolean
  /** Index of the answer it came in. */
  answer: number
}

export type Comparison = {
  /** News, and whatever is still owed a decision or an answer. */
  compared: Compared[]
  /** The same rows as before, whose delivery is settled; `at` in epoch seconds. */
  settled: { accountKey: string; at: number }[]
  /** How many those are, by the state of their delivery. */
  settledStates: Record<string, number>
  /** In the ledger, in the window, and not shown any more: since this read, or before and a delivery still waits. */
  vanished: KnownPunch[]
  /** Of `vanished`, what is still owed of accounts of which the source may show nothing: as the ledger has it. */
  untold: StoredPunch[]
  /** Marked as vanished earlier, and shown again. */
  returned: number[]
  counts: { read: number; fresh: number; unchanged: number; revised: number }
}

/**
 * Lays a portion beside the ledger. The same row twice is nothing; a changed row is a new revision; the identity of a
 * row is its natural key, wherever its instant has moved.
 */
export async function compare(journey: Journey, portion: Portion): Promise<Comparison> {
  const { tenant, route, source, window } = journey
  const shown = shownIn(journey, portion)
  const { differing, strangers, settled } = await readDifferences(journey.database.kysely, {
    tenant,
    connection: source.connection.id,
    route: route.id,
    accountKeys: portion.people.map((person) => person.key),
    ...window,
    shown: [...shown.values()],
  })
  const known = new Map(differing.map((punch) => [naturalKey(punch), punch]))
  const absent = new Set(strangers)

  const comparison: Comparison = {
    compared: [],
    settled: [],
    settledStates: settled,
    // What the ordinary read has never shown has not vanished from it.
    vanished: differing.filter((punch) => punch.hash !== machineOnly && !shown.has(naturalKey(punch))),
    untold: [],
    returned: [],
    counts: { read: shown.size, fresh: 0, unchanged: 0, revised: 0 },
  }
  const { counts } = comparison
  for (const one of shown.values()) {
    const name = naturalKey(one)
    one.known = owedAgain(journey, known.get(name) ?? null, one)
    if (!one.known && !absent.has(name)) {
      counts.unchanged++
      comparison.settled.push(one)
      continue
    }
    comparison.compared.push(one)
    one.isRevised = one.known !== null && one.known.hash !== one.hash
    if (!one.known) counts.fresh++
    else if (one.isRevised) counts.revised++
    else counts.unchanged++
    if (one.known?.isGone && !one.isRevised) comparison.returned.push(one.known.id)
  }
  comparison.untold = await untoldOf(journey, portion, comparison.vanished)
  return comparison
}

/**
 * A punch was there without us, and the source has moved it since: nothing of ours stands in its old second, and nothing
 * at all in its new one, so it waits again. Not where what was there may have been written by us after all: before a
 * backup was put back, or shown later than the platform shows.
 */
function owedAgain({ target }: Journey, known: KnownPunch | null, { at }: Compared): KnownPunch | null {
  if (known?.delivery?.state !== 'alreadyThere' || known.fills === null || known.fills === at) return known
  const { writesFrom, lateSightings } = target.connection
  const mayBeOurs = lateSightings > 0 || (writesFrom !== null && known.fills <= epochSecond(writesFrom))
  return mayBeOurs ? known : { ...known, delivery: { state: 'waiting', reason: null } }
}

/** What is owed of those who have left, and of earlier holders, is theirs whether the source still shows it or not. */
async function untoldOf(
  { database, tenant, isRehearsal }: Journey,
  { people }: Portion,
  vanished: readonly KnownPunch[],
): Promise<StoredPunch[]> {
  const travellers = new Map(people.map((traveller) => [traveller.key, traveller]))
  const owed = new Map(
    vanished
      .filter(({ accountKey, at, delivery }) => {
        const traveller = travellers.get(accountKey)
        return delivery && isOpen(delivery) && traveller && !isTold(traveller, at)
      })
      .map(({ id, delivery }) => [id, delivery]),
  )
  if (owed.size === 0 || isRehearsal) return []
  const stored = await readStored(database.kysely, tenant, [...owed.keys()])
  return stored.map((punch) => ({ ...punch, delivery: owed.get(punch.id) ?? null }))
}

/** What the portion shows, by natural key. */
function shownIn({ source }: Journey, { answers }: Portion): Map<string, Compared> {
  const shown = new Map<string, Compared>()
  answers.forEach(({ punches }, answer) => {
    for (const punch of punches) {
      const key = accountKey(source.platform.name, punch.userId)
      const { externalId } = punch
      shown.set(naturalKey({ externalId, accountKey: key }), {
        punch,
        externalId,
        accountKey: key,
        hash: contentHash(punch, key),
        at: epochSecond(punch.at),
        known: null,
        isRevised: false,
        answer,
      })
    }
  })
  return shown
}
