import type { Sandbox } from '#sandbox/sandbox.ts'

/** What the product says of one punch, read from `punches --json` or the store by the caller. */
export type Claim = { userId: string; at: number; isVoid: boolean; state: string | null }

export type EndState = {
  /** Real punches of people who exist on both sides, not void. */
  expected: number
  /** Expected, not shown at the target, and the product says neither held nor refused nor in doubt. */
  lost: string[]
  /** Shown more than once at the target for one second of one person. */
  doubled: string[]
  /** Shown at the target although no punch of that person exists in that second, or it is void. */
  invented: string[]
  /** The product says verified and the target does not hold it. */
  falselyVerified: string[]
  inDoubt: number
}

/**
 * Holds the two worlds against each other and against what the product claims. It knows nothing of the product: both
 * worlds are the sandbox's, the claims come as plain values. `pairs`: DingTalk id → WeCom id of people who should be linked.
 */
export function checkEndState(
  sandbox: Sandbox,
  claims: Claim[],
  pairs: Map<string, string>,
  window: { from: string; to: string },
): EndState {
  const stored = new Map<string, number>()
  for (const { userid, checkin_time } of sandbox.records()) {
    const key = `${userid.toLowerCase()}@${checkin_time}`
    stored.set(key, (stored.get(key) ?? 0) + 1)
  }
  const claimed = new Map<string, Set<string>>()
  for (const claim of claims) {
    const key = `${claim.userId}@${claim.at}`
    if (!claimed.has(key)) claimed.set(key, new Set())
    if (claim.state) claimed.get(key)!.add(claim.state)
  }
  const truth = sandbox.expectedPunches(window).filter((punch) => !punch.void && punch.shown)
  const wanted = new Set<string>()
  const end: EndState = { expected: 0, lost: [], doubled: [], invented: [], falselyVerified: [], inDoubt: 0 }
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
  for (const [key, count] of stored) {
    if (count > 1) end.doubled.push(key)
    if (!wanted.has(key)) end.invented.push(key)
  }
  return end
}
