/** What tells one holder of a user id from another. Null or '' is "not known", never "different". */
export type HolderFacts = {
  name: string
  /** The platform's own id of the human behind the account, where it has one. */
  humanId: string | null
  mobilePrint: string | null
  jobNumber: string | null
  email: string | null
}

/** Why a user id seen again is taken to have the same holder, or another one. */
export type HolderReason =
  /** The name, or a fact of the person's own, agrees. */
  | 'agrees'
  /** The name alone agrees; the known facts all changed. */
  | 'only-name-agrees'
  /** Another name, and of the facts only those that belong to the post agree. */
  | 'only-post-agrees'
  /** Another name, and no fact is known on both sides. */
  | 'nothing-known'
  /** Another name, and every known fact differs. */
  | 'differs'
  /** A name almost the same, while every known fact differs. */
  | 'name-alike'
  /** Only a job number, a work mailbox or a company telephone was handed on. */
  | 'post-handed-on'
  /** The same name, while the platform and another fact say that it is somebody else. */
  | 'namesake'

/** `isUncertain`: a person has to be told, because it could be otherwise. */
export type HolderVerdict = { isSame: boolean; because: HolderReason; isUncertain: boolean }

type Agreement = 'agrees' | 'differs' | 'unknown'

/** The least facts that must differ before an equal name is not enough. */
const factsAgainstAName = 2

/**
 * Whether whoever has this user id now is whoever had it before. What is taken for the same although it is not gives one
 * person's punches to another, so a fact of the person's own weighs more than one that goes with the post. Where nothing
 * speaks either way, an account that never went away stays the same one, and one that came back does not.
 */
export function judgeHolder(was: HolderFacts, is: HolderFacts, hasBeenAway: boolean): HolderVerdict {
  const name = compareNames(was.name, is.name)
  const human = agreement(was.humanId, is.humanId)
  const mobile = agreement(was.mobilePrint, is.mobilePrint)
  const jobNumber = agreement(plainCode(was.jobNumber), plainCode(is.jobNumber))
  const email = agreement(plainCode(was.email), plainCode(is.email))
  const post = [jobNumber, email]
  const differing = [human, mobile, ...post].filter((one) => one === 'differs').length

  if (human === 'agrees') return same('agrees')
  if (mobile === 'agrees' && (human === 'unknown' || name !== 'different')) return same('agrees')
  if (mobile === 'agrees') return other('post-handed-on', true)
  if (post.includes('agrees')) {
    if (name !== 'different') return same('agrees')
    const isContradicted = human === 'differs' || mobile === 'differs'
    return isContradicted ? other('post-handed-on', true) : same('only-post-agrees', true)
  }
  if (name === 'same') {
    const isAgainst = differing >= factsAgainstAName
    if (human === 'differs' && isAgainst) return other('namesake', true)
    return isAgainst || (hasBeenAway && differing > 0) ? same('only-name-agrees', true) : same('agrees')
  }
  if (differing > 0) return name === 'alike' ? other('name-alike', true) : other('differs', false)
  return hasBeenAway && name === 'different' ? other('nothing-known', true) : same('nothing-known', true)
}

const same = (because: HolderReason, isUncertain = false): HolderVerdict => ({
  isSame: true,
  because,
  isUncertain,
})
const other = (because: HolderReason, isUncertain: boolean): HolderVerdict => ({
  isSame: false,
  because,
  isUncertain,
})

const agreement = (was: string | null, is: string | null): Agreement =>
  was === null || is === null ? 'unknown' : was === is ? 'agrees' : 'differs'

const plainCode = (code: string | null): string | null =>
  code?.normalize('NFKC').replace(/\s+/gu, '').toUpperCase() || null

/** A name without blanks, width, case and what was noted behind it, e.g. `张三（离职）`. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .replace(/\([^()]*\)$/u, '')
    .toLowerCase()

/** In a name of fewer characters than this, one of them is too much of it to be a slip. */
const shortestAlike = 3

/** `alike`: one character was put right, or something was written before or behind the name. */
export function compareNames(was: string, is: string): 'same' | 'alike' | 'different' {
  const [a, b] = [[...plainName(was)], [...plainName(is)]]
  const [left, right] = [a.join(''), b.join('')]
  if (left === right || left === '' || right === '') return 'same'
  if (left.startsWith(right) || right.startsWith(left) || left.endsWith(right) || right.endsWith(left))
    return 'alike'
  const apart = a.filter((character, i) => character !== b[i]).length
  return a.length === b.length && a.length >= shortestAlike && apart === 1 ? 'alike' : 'different'
}
