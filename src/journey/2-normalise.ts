import { accountKey } from '#domain/ids.ts'
import type { SourcePunch } from '#domain/punch.ts'
import { contentHash } from '#domain/punch-content.ts'
import { epochSecond } from '#domain/spans.ts'
import { type KnownPunch, readKnown, readKnownByExternalId } from '#store/punches.ts'
import type { Portion } from './1-ingest.ts'
import type { Journey } from './context.ts'

/** A source punch beside what the ledger knows of it. */
export type Compared = {
  punch: SourcePunch
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
  compared: Compared[]
  /** In the ledger, in the window, and not shown any more. */
  vanished: KnownPunch[]
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
  const db = journey.database.kysely
  const ask = { tenant, connection: source.connection.id, route: route.id }
  const keys = portion.people.map((person) => person.key)
  const inWindow = await readKnown(db, { ...ask, accountKeys: keys, ...window })
  const known = new Map(inWindow.map((punch) => [punch.externalId, punch]))

  const compared = new Map<string, Compared>()
  portion.answers.forEach(({ punches }, answer) => {
    for (const punch of punches) {
      const key = accountKey(source.platform.name, punch.userId)
      compared.set(punch.externalId, {
        punch,
        accountKey: key,
        hash: contentHash(punch, key),
        at: epochSecond(punch.at),
        known: known.get(punch.externalId) ?? null,
        isRevised: false,
        answer,
      })
    }
  })
  const strangers = [...compared.values()].filter((one) => !one.known).map((one) => one.punch.externalId)
  for (const moved of await readKnownByExternalId(db, { ...ask, externalIds: strangers }))
    compared.get(moved.externalId)!.known = moved

  const counts = { read: compared.size, fresh: 0, unchanged: 0, revised: 0 }
  const returned: number[] = []
  for (const one of compared.values()) {
    if (!one.known) counts.fresh++
    else if (one.known.hash === one.hash) counts.unchanged++
    else {
      counts.revised++
      one.isRevised = true
    }
    if (one.known?.isGone && !one.isRevised) returned.push(one.known.id)
  }
  const vanished = inWindow.filter((punch) => !punch.isGone && !compared.has(punch.externalId))
  return { compared: [...compared.values()], vanished, returned, counts }
}
