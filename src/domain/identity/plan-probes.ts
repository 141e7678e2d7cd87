import { slotOf } from './evidence-levels.ts'
import { type Model, modelBetween } from './model.ts'
import { type IdentityPolicy, identityPolicy } from './policy.ts'
import type { Resolution, Verdict } from './resolution.ts'
import type { KnownFacts, StaffAccount } from './staff-account.ts'

/** One question to a platform: who on `connection` has this account's mobile? */
export type Probe = {
  account: string
  connection: string
  /** That somebody has it. */
  probability: number
  /** The answer decides between these accounts. */
  candidates: string[]
}

/** Why an account that is open is not asked about now. */
export type NotAsked = {
  account: string
  connection: string
  because: 'no-mobile' | 'shared-mobile' | 'unlikely' | 'asked-before' | 'over-budget' | 'too-many-wrong'
}

export type ProbePlan = { probes: Probe[]; notAsked: NotAsked[] }

export type ProbeAsk = {
  /** Every answer so far; nobody is asked about twice, and those that found nobody count towards the limit. */
  asked: KnownFacts['probes']
  /** By connection that may be asked: how many questions may find nobody, ever. */
  mostWrong: ReadonlyMap<string, number>
  /** Most questions to each connection now. */
  budget: number
  policy?: Partial<IdentityPolicy>
}

/**
 * How many questions to a connection may find nobody: a share (`wayToLimit`) of the way to where its platform bars the
 * call, which is itself a share of the head-count.
 */
export const mostWrongProbes = (of: { headCount: number; limitShare: number; wayToLimit: number }): number =>
  // Rounded before it is cut: 0.2 × 0.25 × 100 is 5, whatever binary fractions make of it.
  Math.floor(Math.round(of.headCount * of.limitShare * of.wayToLimit * 1e6) / 1e6)

/**
 * Which mobiles to ask the platforms about: only where the answer settles a case, the likeliest hits first. Never more
 * than what keeps wrong questions within their share of the head-count even if every one of them finds nobody.
 */
export function planProbes(
  resolution: Resolution,
  accounts: readonly StaffAccount[],
  { asked, mostWrong, budget, policy: own }: ProbeAsk,
): ProbePlan {
  const policy = { ...identityPolicy, ...own }
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const before = new Set(asked.map(({ account, connection }) => questionKey(account, connection)))
  const holders = new Map<string, number>()
  for (const { connection, mobile } of accounts)
    if (mobile !== null)
      holders.set(questionKey(connection, mobile), (holders.get(questionKey(connection, mobile)) ?? 0) + 1)

  const likely: Probe[] = []
  const notAsked: NotAsked[] = []
  for (const account of accounts)
    for (const connection of mostWrong.keys()) {
      if (connection === account.connection) continue
      const verdict = resolution.towards(account.id, connection)
      if (verdict.candidates.length === 0 || verdict.status === 'linked') continue
      const skip = (because: NotAsked['because']) =>
        notAsked.push({ account: account.id, connection, because })
      const { mobile } = account
      const probe = probeOf(account, connection, verdict, byId, resolution.model)
      if (mobile === null) skip('no-mobile')
      else if (before.has(questionKey(account.id, connection))) skip('asked-before')
      else if (holders.get(questionKey(account.connection, mobile)) !== 1) skip('shared-mobile')
      else if (probe.probability < policy.probeHitAtLeast) skip('unlikely')
      else likely.push(probe)
    }
  likely.sort((a, b) => b.probability - a.probability || (a.account < b.account ? -1 : 1))

  const wrong = new Map<string, number>()
  for (const { connection, owner } of asked)
    if (owner === null) wrong.set(connection, (wrong.get(connection) ?? 0) + 1)
  const probes: Probe[] = []
  const spent = new Map<string, number>()
  for (const probe of likely) {
    const { connection } = probe
    const used = spent.get(connection) ?? 0
    const allowed = mostWrong.get(connection)! - (wrong.get(connection) ?? 0)
    const because = used >= allowed ? 'too-many-wrong' : used >= budget ? 'over-budget' : null
    if (because) notAsked.push({ account: probe.account, connection, because })
    else {
      probes.push(probe)
      spent.set(connection, used + 1)
    }
  }
  return { probes, notAsked }
}

const questionKey = (one: string, other: string) => `${one}\n${other}`

/** A candidate whose own mobile is known would not be found by another one. */
function probeOf(
  account: StaffAccount,
  connection: string,
  { candidates }: Verdict,
  byId: ReadonlyMap<string, StaffAccount>,
  model: Model,
): Probe {
  const hidden = candidates.filter(({ id }) => byId.get(id)?.mobile === null)
  const places = [account.connection, connection].map((name) => model.connections.indexOf(name))
  const same = modelBetween(model, Math.min(...places), Math.max(...places))?.same
  const agrees = same ? same[slotOf('mobile', 'same')]! + same[slotOf('mobile', 'shared')]! : 0
  const probability =
    agrees *
    Math.min(
      1,
      hidden.reduce((sum, claim) => sum + claim.probability, 0),
    )
  return { account: account.id, connection, probability, candidates: hidden.map(({ id }) => id) }
}
