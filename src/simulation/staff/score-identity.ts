import { createHash } from 'node:crypto'
import type { Resolution } from '#domain/identity/resolution.ts'
import type { Staff } from './generate-staff.ts'

/** A claim of the resolution with what is true: `probability` as told. */
export type Judged = { probability: number; isTrue: boolean; isLinked: boolean }

/** What a resolution got right, counted so that the scores of several companies add up. */
export type Score = {
  /** Pairs of accounts that are linked automatically, and those of them that are two humans. */
  linked: number
  wrong: number
  /** Pairs of one human's accounts on two connections at one time: all, linked, and only suggested. */
  truePairs: number
  truePairsLinked: number
  truePairsSuggested: number
  /** Earlier and later accounts of one human on one connection: all, and linked. */
  returns: number
  returnsLinked: number
  conflicting: number
  unmatched: number
  people: number
  claims: Judged[]
  /** The wrong ones, by account ids. */
  wrongPairs: (readonly [string, string])[]
}

/** Holds a resolution against the truth. Knows nothing of how it was made. */
export function scoreIdentity(staff: Staff, resolution: Resolution): Score {
  const humanOf = new Map(staff.people.flatMap(({ accounts }, n) => accounts.map((id) => [id, n] as const)))
  const isTrue = (a: string, b: string) => humanOf.get(a) === humanOf.get(b)
  const personOf = new Map<string, number>()
  const wrongPairs: (readonly [string, string])[] = []
  let [linked, person] = [0, 0]
  for (const ids of resolution.people()) {
    for (const id of ids) personOf.set(id, person)
    person++
    for (const pair of pairsOf(ids)) {
      linked++
      if (!isTrue(...pair)) wrongPairs.push(pair)
    }
  }
  const claims = new Map<string, Judged>()
  const candidates = new Set<string>()
  for (const outcome of resolution.outcomes())
    for (const claim of [...outcome.links, ...outcome.candidates]) {
      const key = pairKey(outcome.id, claim.id)
      claims.set(key, {
        probability: claim.probability,
        isTrue: isTrue(outcome.id, claim.id),
        isLinked: claim.status === 'linked',
      })
      if (claim.status !== 'linked') candidates.add(key)
    }
  const score = { truePairs: 0, truePairsLinked: 0, truePairsSuggested: 0, returns: 0, returnsLinked: 0 }
  for (const { accounts } of staff.people)
    for (const [a, b] of pairsOf(accounts)) {
      const isLinked = personOf.get(a) === personOf.get(b)
      if (isReturn(staff, a, b)) {
        score.returns++
        if (isLinked) score.returnsLinked++
      } else if (areAtOneTime(staff, a, b)) {
        score.truePairs++
        if (isLinked) score.truePairsLinked++
        else if (candidates.has(pairKey(a, b))) score.truePairsSuggested++
      }
    }
  const { conflicting, unmatched } = resolution.counts
  return {
    ...score,
    linked,
    wrong: wrongPairs.length,
    wrongPairs,
    conflicting,
    unmatched,
    people: staff.people.length,
    claims: [...claims.values()],
  }
}

/** The scores of several companies as one. */
export function addScores(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0)
  return {
    linked: sum(({ linked }) => linked),
    wrong: sum(({ wrong }) => wrong),
    truePairs: sum(({ truePairs }) => truePairs),
    truePairsLinked: sum(({ truePairsLinked }) => truePairsLinked),
    truePairsSuggested: sum(({ truePairsSuggested }) => truePairsSuggested),
    returns: sum(({ returns }) => returns),
    returnsLinked: sum(({ returnsLinked }) => returnsLinked),
    conflicting: sum(({ conflicting }) => conflicting),
    unmatched: sum(({ unmatched }) => unmatched),
    people: sum(({ people }) => people),
    claims: scores.flatMap(({ claims }) => claims),
    wrongPairs: scores.flatMap(({ wrongPairs }) => wrongPairs),
  }
}

/** Expected calibration error: how far what was said is from what was so, over ten bins, weighed by their size. */
export function calibrationError(claims: readonly Judged[], bins = 10): number {
  const byBin = Map.groupBy(claims, ({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)))
  let error = 0
  for (const bin of byBin.values()) {
    const said = bin.reduce((sum, { probability }) => sum + probability, 0)
    const so = bin.filter(({ isTrue }) => isTrue).length
    error += Math.abs(said - so)
  }
  return claims.length === 0 ? 0 : error / claims.length
}

/** The same for the same outcomes, in whatever order the accounts were given. */
export function hashOf(resolution: Resolution): string {
  const hash = createHash('sha256')
  for (const outcome of resolution.outcomes())
    hash.update(
      JSON.stringify([
        outcome.id,
        outcome.person,
        outcome.status,
        outcome.links,
        outcome.candidates,
        outcome.because,
      ]),
    )
  return hash.digest('hex')
}

const pairKey = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`)

function* pairsOf(ids: readonly string[]): Iterable<readonly [string, string]> {
  for (const [n, a] of ids.entries()) for (const b of ids.slice(n + 1)) yield [a, b]
}

const isReturn = ({ generated }: Staff, a: string, b: string): boolean =>
  generated.get(a)!.account.connection === generated.get(b)!.account.connection

function areAtOneTime({ generated }: Staff, a: string, b: string): boolean {
  const [one, other] = [generated.get(a)!, generated.get(b)!]
  return one.from <= (other.to ?? Infinity) && other.from <= (one.to ?? Infinity)
}
