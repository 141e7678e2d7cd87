import type { Sandbox } from '#sandbox/sandbox.ts'

/** What the checker asks of the two worlds: a sandbox, or what one told of itself. */
export type Worlds = {
  records(): Pick<ReturnType<Sandbox['records']>[number], 'userid' | 'checkin_time' | 'origin'>[]
  expectedPunches(window: {
    from: string
    to: string
  }): Pick<ReturnType<Sandbox['expectedPunches']>[number], 'userId' | 'at' | 'void' | 'shown'>[]
}

/** A punch as the source showed it at some moment. */
export type ShownOnce = ReturnType<Worlds['expectedPunches']>[number]

/** What the product says of one punch, read from `punches --json` or the store by the caller. */
export type Claim = { userId: string; at: number; isVoid: boolean; state: string | null }

export type EndState = {
  /** Real punches of people who exist on both sides, not void. */
  expected: number
  /** Expected, not shown at the target, and the product says neither held nor refused nor in doubt. */
  lost: string[]
  /** Shown more than once at the target for one second of one person. */
  doubled: string[]
  /** Written to the target although the source never showed a punch of that person in that second that counts. */
  invented: string[]
  /** Written while the source showed it; since then it moved the punch or made it void, and nothing can be deleted. */
  outdated: string[]
  /** The product says verified and the target does not hold it. */
  falselyVerified: string[]
  inDoubt: number
}

/**
 * Holds the two worlds against each other and against what the product claims. It knows nothing of the product: both
 * worlds are the sandbox's, the claims come as plain values. `pairs`: DingTalk id → WeCom id of people who should be linked.
 * `earlier`: punches as the source showed them before it changed its mind; they excuse a record, and ask for none.
 */
export function checkEndState(
  sandbox: Worlds,
  claims: Claim[],
  pairs: Map<string, string>,
  window: { from: string; to: string },
  earlier: readonly ShownOnce[] = [],
): EndState {
  const stored = new Map<string, number>()
  const written = new Set<string>()
  for (const { userid, checkin_time, origin } of sandbox.records()) {
    const key = `${userid.toLowerCase()}@${checkin_time}`
    if (origin === 'api') written.add(key)
    stored.set(key, (stored.get(key) ?? 0) + 1)
  }
  const claimed = new Map<string, Set<string>>()
  for (const claim of claims) {
    const key = `${claim.userId}@${claim.at}`
    if (!claimed.has(key)) claimed.set(key, new Set())
    if (claim.state) claimed.get(key)!.add(claim.state)
  }
  const counts = (punch: ShownOnce) => !punch.void && punch.shown
  const truth = sandbox.expectedPunches(window).filter(counts)
  const wanted = new Set<string>()
  const end: EndState = {
    expected: 0,
    lost: [],
    doubled: [],
    invented: [],
    outdated: [],
    falselyVerified: [],
    inDoubt: 0,
  }
  for (const punch of truth) {
    const twin = pairs.get(punch.userId)
    if (!twin) continue
    const target = `${twin.toLowerCase()}@${punch.at}`
    if (wanted.has(target)) continue
    wanted.add(target)
    end.expected++
    const states = claimed.get(`${punch.userId}@${punch.at}`) ?? new Set()
    const isThere = stored.has(target)
    const isOpen = ['held', 'refused', 'inDoubt', 'sent', 'sending'].some((state) => states.has(state))
    if (['inDoubt', 'sent', 'sending'].some((state) => states.has(state))) end.inDoubt++
    if (!isThere && states.has('verified')) end.falselyVerified.push(target)
    if (!isThere && !isOpen && !states.has('alreadyThere')) end.lost.push(target)
  }
  const excused = new Set(
    earlier.filter(counts).flatMap((punch) => {
      const twin = pairs.get(punch.userId)
      return twin ? [`${twin.toLowerCase()}@${punch.at}`] : []
    }),
  )
  for (const [key, count] of stored) if (count > 1) end.doubled.push(key)
  for (const key of written) if (!wanted.has(key)) (excused.has(key) ? end.outdated : end.invented).push(key)
  return end
}
