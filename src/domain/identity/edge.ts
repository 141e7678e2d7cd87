import { Comparison, compareAccounts } from './compare-accounts.ts'
import { compareNames } from './compare-names.ts'
import { type Evidence, evidences, levelName, placeOf, slotOf } from './evidence-levels.ts'
import { bitsOf, type Model, modelBetween, type PairModel } from './model.ts'
import type { IdentityPolicy } from './policy.ts'
import type { Registry } from './registry.ts'

export type Ground = 'hard' | 'soft' | 'none'

/** Two accounts that may be one person. */
export type Edge = {
  a: number
  b: number
  /** What all evidence weighs. */
  bits: number
  /** Odds of one person against none, rivals not considered. Infinite for an explicit link. */
  odds: number
  isExplicit: boolean
  /** What the evidence is: hard or soft, it may link without a person if it is likely enough; never the name alone. */
  ground: Ground
  /** A mobile (a job number) that nobody else has says so. */
  byMobile: boolean
  byJobNumber: boolean
  /** It rests on columns that are kept by name, so that a namesake's entries may stand in them. */
  isListed: boolean
  /** The name and a job number say so, and no other identifier. */
  isByNumberAlone: boolean
  /** Bits of department, title, hire date and superior. */
  workBits: number
  /** Of namesakes: what mobiles, job numbers and times leave of the chance that they were mixed up; 0 of all others. */
  namesake: number
  /** The same where the job numbers may be what was mixed up. */
  namesakeButNumber: number
}

const scratch = new Comparison()

export function pairModelOf(registry: Registry, model: Model, a: number, b: number): PairModel | undefined {
  return modelBetween(model, registry.profiles[a]!.connection, registry.profiles[b]!.connection)
}

/** The claim that two accounts are one person; null when there is too little in it, or a person took them apart. */
export function edgeBetween(
  registry: Registry,
  model: Model,
  policy: IdentityPolicy,
  a: number,
  b: number,
): Edge | null {
  const pairModel = pairModelOf(registry, model, a, b)
  if (!pairModel) return null
  const [mine, theirs] = [registry.profiles[a]!, registry.profiles[b]!]
  const isExplicit = registry.facts.isLinked(mine.account.id, theirs.account.id)
  if (!isExplicit && registry.facts.isApart(mine.account.id, theirs.account.id)) return null
  compareAccounts(mine, theirs, registry, scratch)
  let bits = 0
  for (let kind = 0; kind < evidences.length; kind++) bits += bitsOf(scratch, kind, pairModel)
  const odds = isExplicit ? Number.POSITIVE_INFINITY : pairModel.odds * 2 ** Math.min(bits, 200)
  const level = (evidence: Evidence) => levelName(evidence, scratch.levels[placeOf(evidence)]!)
  const namesake = level('name') === 'same' ? 2 ** doubtBits(scratch, pairModel) : 0
  if (odds < (isWorthKeeping(namesake) ? policy.namesakeOddsAtLeast : policy.oddsAtLeast)) return null
  const ground = isExplicit
    ? 'hard'
    : mayDecide(registry, a, b, level)
      ? groundOf(level, scratch, pairModel, policy)
      : 'none'
  const isJobNumber = level('jobNumber') === 'same'
  const isMobile = level('mobile') === 'same'
  const bitsIn = (all: readonly Evidence[]) =>
    all.reduce((sum, evidence) => sum + bitsOf(scratch, placeOf(evidence), pairModel), 0)
  return {
    a,
    b,
    bits,
    odds,
    isExplicit,
    ground,
    byMobile: isMobile,
    byJobNumber: isJobNumber,
    isListed: ground === 'soft' && level('together') !== 'often',
    isByNumberAlone:
      isJobNumber && !isMobile && !isExplicit && level('email') !== 'same' && level('together') !== 'often',
    workBits: bitsIn(work),
    namesake,
    namesakeButNumber: namesake === 0 ? 0 : 2 ** doubtBits(scratch, pairModel, beyondNumbers),
  }
}

/** What speaks against two namesakes beside the columns that may have been mixed up. */
const doubtBits = (comparison: Comparison, model: PairModel, evidences = beyondLists): number =>
  evidences.reduce((sum, evidence) => sum + Math.min(0, bitsOf(comparison, placeOf(evidence), model)), 0)

const beyondNumbers: Evidence[] = ['mobile', 'period']
const beyondLists: Evidence[] = [...beyondNumbers, 'jobNumber']
const work: Evidence[] = ['department', 'title', 'hiredOn', 'manager']

/** Doubts of more than three bits leave so little that it changes nothing. */
export const isWorthKeeping = (namesake: number): boolean => namesake >= 1 / 8

/**
 * False where evidence may suggest only: a person has named another twin that cannot be seen; or somebody who returned
 * to a connection would be somebody with another mobile, as a namesake is who was given the job number.
 */
function mayDecide(
  registry: Registry,
  a: number,
  b: number,
  level: (evidence: Evidence) => string | null,
): boolean {
  if (registry.hasUnseenLink(a) || registry.hasUnseenLink(b)) return false
  const isReturn = registry.profiles[a]!.connection === registry.profiles[b]!.connection
  return !(isReturn && level('mobile') === 'different')
}

/** Names that are written alike in some way; a nickname that says nothing is not among them. */
export const nameAgrees = (level: string | null): boolean =>
  level !== null && level !== 'different' && level !== 'opaque'

/** Never by the name alone: hard evidence, or soft evidence beside the name that weighs enough. */
function groundOf(
  level: (evidence: Evidence) => string | null,
  comparison: Comparison,
  model: PairModel,
  policy: IdentityPolicy,
): Ground {
  const name = level('name')
  const isMobile = level('mobile') === 'same'
  // A number of somebody who had left before may have been given to a newcomer.
  const isApart = level('period') === 'apart'
  const isJobNumber = level('jobNumber') === 'same' && !isApart
  const isEmail = level('email') === 'same'
  if (isMobile && (name !== 'different' || isJobNumber)) return 'hard'
  if (isJobNumber && isEmail && name !== 'different') return 'hard'
  if (!nameAgrees(name)) return 'none'
  if (isJobNumber || isEmail) return 'hard'
  const bits = (evidence: Evidence) => bitsOf(comparison, placeOf(evidence), model)
  if (isApart) return 'none'
  if (level('jobNumber') === 'alike' && bits('jobNumber') >= policy.alikeBits) return 'hard'
  // Addresses are often made of the name, so that they must not carry a link alone; doubts count against it.
  const address = Math.min(bits('email') + Math.max(0, bits('userId')), policy.softBits - 0.5)
  const counted = (weight: number) => (weight > 0 ? weight : weight / 2)
  const beside = besideName.reduce((sum, evidence) => sum + counted(bits(evidence)), counted(address))
  return beside >= policy.softBits ? 'soft' : 'none'
}

const besideName: Evidence[] = [
  'department',
  'title',
  'manager',
  'hiredOn',
  'jobNumber',
  'mobile',
  'together',
]

/**
 * Odds of namesakes that were too many to look at, on one other connection. None of them has the account's mobile or job
 * number: with those they would have been looked at.
 */
export function oddsOfUnseen(
  registry: Registry,
  model: Model,
  slot: number,
  other: number,
  cut: number,
): number {
  if (cut === 0) return 0
  const profile = registry.profiles[slot]!
  const pairModel = modelBetween(model, profile.connection, other)
  const alike = compareNames(profile.name, profile.name, registry.names)
  if (!pairModel || !alike) return 0
  const share = cut / Math.max(1, model.connections.length - 1)
  const otherNumber = (evidence: 'mobile' | 'jobNumber', isKnown: boolean) => {
    const known = isKnown ? registry.shareWith(evidence, other) : 0
    return 1 - known + known * 2 ** pairModel.weights[slotOf(evidence, 'different')]!
  }
  const against =
    otherNumber('mobile', profile.account.mobile !== null) * otherNumber('jobNumber', profile.job !== null)
  return (share * pairModel.odds * against * pairModel.same[slotOf('name', 'same')]!) / alike.chance
}
