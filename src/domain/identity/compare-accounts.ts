import { compareNames, type NameComparison, soundsChance } from './compare-names.ts'
import { type Evidence, evidences, type LevelOf, levelName, levelNumber, placeOf } from './evidence-levels.ts'
import type { NameFrequencies } from './name-frequencies.ts'
import { identityPolicy } from './policy.ts'
import { type Department, isAfterOther, type Profile } from './profile.ts'

/** What comparing needs to know beside the two accounts. */
export type Surroundings = {
  names: NameFrequencies
  /** The share of a connection's people with this value; the larger of the two rosters'. */
  share(kind: 'department' | 'title' | 'hiredOn', value: string, a: Profile, b: Profile): number
  /** Two departments that are one under two names. */
  areTwins(a: Department, b: Department): boolean
  /** How many hold this value at once, on the roster where it is more: 1 when it is unique on both. */
  holders(kind: Identifier, value: string, a: Profile, b: Profile): number
  /** What the platform said about the mobiles of the two: `same`, `different`, or null when it was not asked. */
  probed(a: Profile, b: Profile): 'same' | 'different' | null
  together(a: Profile, b: Profile): { sameSecond: number; of: number } | null
  /** Accounts of the larger of the two rosters. */
  size(a: Profile, b: Profile): number
}
export type Identifier = 'mobile' | 'jobNumber' | 'core' | 'email' | 'address'

/**
 * One comparison: per kind of evidence the number of its level (0: missing) and how likely a stranger would agree as
 * well; 0 leaves that to the model. Reused from pair to pair.
 */
export class Comparison {
  readonly levels = new Uint8Array(evidences.length)
  readonly chances = new Float64Array(evidences.length)

  set<E extends Evidence>(evidence: E, level: LevelOf<E>, chance = 0): void {
    this.levels[placeOf(evidence)] = levelNumber(evidence, level)
    this.chances[placeOf(evidence)] = chance
  }

  clear(): void {
    this.levels.fill(0)
    this.chances.fill(0)
  }
}

/** What is told by chance at most: kinds of evidence that depend on each other must not add up to certainty. */
const leastChances = { department: 0.02, title: 0.12, manager: 0.15, hiredOn: 0.004 }
/** Namesakes whose addresses are both spelt from the name, by whether a number makes them differ. */
const speltChance = { plain: 0.15, numbered: 0.03 }
const tailChance = 0.002

/** Weighs nothing yet: says for each kind of evidence how closely two accounts agree. */
export function compareAccounts(a: Profile, b: Profile, around: Surroundings, into: Comparison): void {
  into.clear()
  const written = compareNames(a.name, b.name, around.names)
  const name = agrees(written)
    ? written
    : (nameInAddress(a, b, around) ?? nameInAddress(b, a, around) ?? written)
  if (name) into.set('name', name.level, name.chance)
  compareMobiles(a, b, around, into)
  compareJobNumbers(a, b, around, into)
  compareEmails(a, b, name, around, into)
  compareUserIds(a, b, name, around, into)
  compareWork(a, b, around, into)
}

/** A nickname, or a name that lost a character: the address may spell the name that the other side writes. */
function nameInAddress(named: Profile, other: Profile, around: Surroundings): NameComparison {
  const [spelt] = named.name.pinyinKeys
  if (spelt === undefined || named.name.chars.length < 2 || other.name.chars.length > 1) return null
  const isThere = [other.userId.local, other.email?.local].some(
    (local) => local !== undefined && local.replace(/[\d._-]/g, '') === spelt,
  )
  return isThere ? { level: 'pinyin', chance: soundsChance(named.name, around.names) } : null
}

function compareMobiles(a: Profile, b: Profile, around: Surroundings, into: Comparison): void {
  const probed = around.probed(a, b)
  if (probed) {
    into.set('mobile', probed)
    return
  }
  const [mine, theirs] = [a.account.mobile, b.account.mobile]
  if (mine === null || theirs === null) return
  const holders = mine === theirs ? around.holders('mobile', mine, a, b) : 0
  if (holders === 0) into.set('mobile', 'different')
  else if (holders === 1) into.set('mobile', 'same')
  else into.set('mobile', 'shared', (holders - 1) / around.size(a, b))
}

function compareJobNumbers(a: Profile, b: Profile, around: Surroundings, into: Comparison): void {
  if (!a.job || !b.job) {
    const [job, other] = a.job ? [a.job, b] : [b.job, a]
    // WeCom companies often use the job number as the user id.
    if (job && job.text.length >= 3 && other.userId.local.toUpperCase() === job.text)
      into.set('jobNumber', 'alike')
    return
  }
  const isSame = a.job.text === b.job.text
  if (!isSame && (a.job.core === null || a.job.core !== b.job.core)) {
    if (!a.job.isDoubtful && !b.job.isDoubtful) into.set('jobNumber', 'different')
    return
  }
  const holders = isSame
    ? around.holders('jobNumber', a.job.text, a, b)
    : around.holders('core', a.job.core ?? '', a, b)
  if (holders > 1) into.set('jobNumber', 'shared', Math.min(1, (holders - 1) / around.size(a, b)))
  else into.set('jobNumber', isSame && !a.job.isDoubtful ? 'same' : 'alike')
}

function compareEmails(
  a: Profile,
  b: Profile,
  name: NameComparison,
  around: Surroundings,
  into: Comparison,
): void {
  if (!a.email || !b.email) return
  const isSpelt = agrees(name) && (a.email.isFromName || b.email.isFromName)
  if (a.email.whole === b.email.whole) {
    const isPlain = isSpelt && !/\d/.test(a.email.local)
    const holders = around.holders('email', a.email.whole, a, b)
    if (isPlain) into.set('email', 'spelt')
    else if (holders === 1) into.set('email', 'same')
    else into.set('email', 'shared', (holders - 1) / around.size(a, b))
  } else if (a.email.local === b.email.local) {
    if (isSpelt) into.set('email', 'spelt-local', chanceOf(a.email.local))
    else if (around.holders('address', a.email.local, a, b) === 1) into.set('email', 'local')
  } else into.set('email', 'different')
}

function compareUserIds(
  a: Profile,
  b: Profile,
  name: NameComparison,
  around: Surroundings,
  into: Comparison,
): void {
  const [mine, theirs] = [a.userId.local, b.userId.local]
  const isCounted = into.levels[placeOf('jobNumber')]! > 0 && (isJobNumber(a) || isJobNumber(b))
  if (isCounted) return
  const shared = [mine, a.email?.local].find(
    (local) =>
      local && local.length > 2 && (local === theirs || (local === mine && local === b.email?.local)),
  )
  if (shared) {
    const isSpelt = [a.userId, b.userId, a.email, b.email].some((address) => address?.isFromName)
    const email = levelName('email', into.levels[placeOf('email')]!)
    const known = email !== null && email !== 'different'
    if (isSpelt && agrees(name)) {
      if (!known) into.set('userId', 'spelt', chanceOf(shared))
    } else if (!known && around.holders('address', shared, a, b) === 1) into.set('userId', 'same')
    return
  }
  const tail = hasTail(mine, b) || hasTail(theirs, a)
  if (tail && into.levels[placeOf('mobile')] === 0) into.set('userId', 'mobile-tail', tailChance)
  else into.set('userId', 'different')
}

const isJobNumber = (profile: Profile) => profile.job?.text === profile.userId.local.toUpperCase()
const hasTail = (local: string, { account }: Profile) =>
  account.mobileTail !== null && /\D\d{4}$/.test(local) && local.endsWith(account.mobileTail)
const agrees = (name: NameComparison) =>
  name !== null && name.level !== 'different' && name.level !== 'opaque'
const chanceOf = (local: string) => (/\d/.test(local) ? speltChance.numbered : speltChance.plain)

function compareWork(a: Profile, b: Profile, around: Surroundings, into: Comparison): void {
  compareDepartments(a, b, around, into)
  if (a.title !== null && b.title !== null) {
    if (a.title === b.title)
      into.set('title', 'same', Math.max(leastChances.title, around.share('title', a.title, a, b)))
    else into.set('title', 'different')
  }
  if (Number.isFinite(a.hired) && Number.isFinite(b.hired)) {
    if (a.hired === b.hired)
      into.set('hiredOn', 'same', Math.max(leastChances.hiredOn, around.share('hiredOn', `${a.hired}`, a, b)))
    else
      into.set('hiredOn', Math.abs(a.hired - b.hired) <= identityPolicy.nearHireDays ? 'near' : 'different')
  }
  // Two accounts of one connection are only ever compared when they are apart.
  if (isAfterOther(a, b)) {
    if (a.connection !== b.connection) into.set('period', 'apart')
  } else into.set('period', a.hasLeft ? (b.hasLeft ? 'left' : 'half') : b.hasLeft ? 'half' : 'current')
  if (a.managerName && b.managerName) {
    if (a.managerName === b.managerName) into.set('manager', 'same', leastChances.manager)
    else into.set('manager', 'different')
  }
  const together = around.together(a, b)
  // One person's two punches fall into one second again and again; strangers meet at the machine now and then.
  if (together && together.sameSecond >= 3 && together.sameSecond / together.of > 0.3)
    into.set('together', 'often', 1e-4)
  else if (together && together.sameSecond > 0) into.set('together', 'once', 0.2)
}

function compareDepartments(a: Profile, b: Profile, around: Surroundings, into: Comparison): void {
  if (a.departments.length === 0 || b.departments.length === 0) return
  let level: LevelOf<'department'> = 'different'
  let chance = 0
  for (const mine of a.departments)
    for (const theirs of b.departments) {
      const shared = sharedTail(mine, theirs)
      if (shared > 0) {
        const shorter = Math.min(mine.parts.length, theirs.parts.length)
        const isSame = shared === shorter && (shared > 1 || mine.parts.length === theirs.parts.length)
        if (isSame) level = 'same'
        else if (level !== 'same') level = 'last'
        const here = around.share('department', mine.tails[shared - 1]!, a, b)
        chance = chance === 0 ? here : Math.min(chance, here)
      }
      if (around.areTwins(mine, theirs)) {
        level = 'same'
        const here = around.share('department', mine.tails.at(-1)!, a, b)
        chance = chance === 0 ? here : Math.min(chance, here)
      } else if (
        shared === 0 &&
        level === 'different' &&
        (mine.parts.includes(theirs.last) || theirs.parts.includes(mine.last))
      )
        level = 'part'
    }
  into.set('department', level, chance === 0 ? 0 : Math.max(leastChances.department, chance))
}

/** How many segments two paths share, counted from their ends. */
function sharedTail({ parts: mine }: Department, { parts: theirs }: Department): number {
  let shared = 0
  while (shared < mine.length && shared < theirs.length && mine.at(-1 - shared) === theirs.at(-1 - shared))
    shared++
  return shared
}
