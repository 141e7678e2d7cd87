import { distinctFacts, type Reason, type Remedy } from '../evidence.ts'
import type { LinkStatus } from '../person.ts'
import { pairModelOf } from './edge.ts'
import { slotOf } from './evidence-levels.ts'
import { type Explained, explainPair } from './explain.ts'
import type { Model } from './model.ts'
import type { IdentityPolicy } from './policy.ts'
import type { Profile } from './profile.ts'
import type { Registry } from './registry.ts'
import type { Claim, Outcome, Verdict } from './resolution.ts'
import type { Settled, Tie } from './settle.ts'

/** Everything that telling an outcome needs. */
export type Told = {
  registry: Registry
  model: Model
  policy: IdentityPolicy
  cutOf: (slot: number) => number
}

const idOf = ({ registry }: Told, slot: number) => registry.profiles[slot]!.account.id
const farEnd = (tie: Tie, slot: number) => (tie.a === slot ? tie.b : tie.a)

/** What became of one account, in facts that can be told. */
export function outcomeOf(told: Told, slot: number, settled: Settled): Outcome {
  const { account } = told.registry.profiles[slot]!
  const ghosts = told.registry.facts
    .linksOf(account.id)
    .filter((id) => told.registry.slots.get(id) === undefined)
  return {
    id: account.id,
    connection: account.connection,
    person: idOf(told, settled.person[0]!),
    ...verdictOf(told, slot, settled.ties, settled.status, ghosts),
  }
}

/** The same towards one connection. */
export function verdictTowards(told: Told, slot: number, settled: Settled, connection: string): Verdict {
  const ties = settled.ties.filter(
    (tie) => told.registry.profiles[farEnd(tie, slot)]!.account.connection === connection,
  )
  const has = (status: LinkStatus) => ties.some((tie) => tie.status === status)
  const status = (['linked', 'conflicting', 'suggested'] as const).find(has) ?? 'unmatched'
  return verdictOf(told, slot, ties, status, [])
}

function verdictOf(
  told: Told,
  slot: number,
  ties: readonly Tie[],
  status: LinkStatus,
  ghosts: readonly string[],
): Verdict {
  const claims = ties.map((tie) => claimOf(told, slot, tie))
  const links = claims.filter((claim) => claim.status === 'linked')
  const candidates = claims.filter((claim) => claim.status !== 'linked')
  if (status === 'unmatched' && ghosts[0] !== undefined)
    return {
      status: 'suggested',
      links,
      candidates,
      because: [{ code: 'explicit-link' }, { code: 'twin-not-visible', userId: ghosts[0] }],
      wouldChange: [{ code: 'show-twin', userId: ghosts[0] }],
    }
  return { status, links, candidates, ...reasonsOf(told, slot, status, links, candidates) }
}

function reasonsOf(
  told: Told,
  slot: number,
  status: LinkStatus,
  links: Claim[],
  candidates: Claim[],
): { because: Reason[]; wouldChange: Remedy[] } {
  if (status === 'linked')
    return {
      because: distinctFacts(links.flatMap(({ because }) => because)),
      wouldChange: [{ code: 'unlink' }],
    }
  const { name } = told.registry.profiles[slot]!
  const cut = told.cutOf(slot)
  const many: Reason[] = cut > 0 ? [{ code: 'too-many-namesakes', name: name.key, people: cut }] : []
  const [first] = candidates
  if (!first)
    return {
      because: [{ code: 'no-counterpart' }, ...many],
      wouldChange: [...(name.key === '' ? [] : lackingOf(told, slot)), { code: 'name-twin' }],
    }
  const several: Reason[] =
    candidates.length > 1 ? [{ code: 'several-candidates', count: candidates.length }] : []
  return {
    because: distinctFacts([...first.because, ...several, ...many]),
    wouldChange: distinctFacts(candidates.flatMap(({ wouldChange }) => wouldChange)),
  }
}

function lackingOf(told: Told, slot: number): Remedy[] {
  const { account } = told.registry.profiles[slot]!
  const lacking: Remedy[] = []
  if (account.mobile === null) lacking.push({ code: 'enter-mobile', connections: [account.connection] })
  if (account.jobNumber === null)
    lacking.push({ code: 'enter-job-number', connections: [account.connection] })
  return lacking
}

/** Bits that a person's word weighs: more than any evidence. */
const explicitBits = 64

function claimOf(told: Told, slot: number, tie: Tie): Claim {
  const other = farEnd(tie, slot)
  const { account } = told.registry.profiles[other]!
  const explained = explainPair(told.registry, told.model, slot, other, tie.isExplicit)
  const because = [...explained.pro]
  if (tie.through !== null)
    because.unshift({ code: 'through', userId: told.registry.profiles[tie.through]!.account.userId })
  if (tie.status !== 'linked')
    because.push(...explained.contra, ...shortfallOf(told, tie, explained), ...troubleOf(told, tie))
  else
    because.push(
      ...explained.contra.filter(({ code }) => code === 'name-differs' || code === 'job-number-differs'),
    )
  return {
    id: account.id,
    connection: account.connection,
    status: tie.status,
    probability: tie.probability,
    weight: Math.round(10 * (tie.isExplicit ? explicitBits + tie.bits : tie.bits)) / 10,
    weights: tie.isExplicit
      ? [{ evidence: 'explicit', bits: explicitBits }, ...explained.weights]
      : explained.weights,
    because,
    wouldChange:
      tie.status === 'linked' ? [{ code: 'unlink' }] : remediesOf(told, slot, other, tie, explained),
  }
}

/** Why a claim that the numbers are sure of waits for a person all the same, where nothing else says so. */
function shortfallOf({ policy }: Told, tie: Tie, { pro, contra }: Explained): Reason[] {
  const isByName = pro.some(({ code }) => code === 'same-name' || code === 'name-alike')
  const isSaid = contra.some(({ code }) => code === 'name-only' || code === 'periods-apart')
  const isShort = tie.trouble === null && tie.ground !== 'hard' && tie.probability >= policy.sureAt
  return isShort && isByName && !isSaid ? [{ code: 'little-beside-name' }] : []
}

function troubleOf({ registry }: Told, { trouble }: Tie): Reason[] {
  const userIdOf = (slot: number) => registry.profiles[slot]!.account.userId
  if (trouble === null) return []
  switch (trouble.kind) {
    case 'taken':
      return [{ code: 'twin-taken', by: userIdOf(trouble.by) }]
    case 'namesake':
      return [{ code: 'namesake-open', userId: userIdOf(trouble.by) }]
    case 'better-namesake':
      return [{ code: 'namesake-fits', userId: userIdOf(trouble.by) }]
    case 'disagrees':
      return [
        {
          code: 'evidence-disagrees',
          mobileSays: userIdOf(trouble.mobileSays),
          jobNumberSays: userIdOf(trouble.jobNumberSays),
        },
      ]
  }
}

/** What would settle the claim: only facts whose agreement would carry it over the line, and a person's word. */
function remediesOf(told: Told, slot: number, other: number, tie: Tie, explained: Explained): Remedy[] {
  const [a, b] = [told.registry.profiles[slot]!, told.registry.profiles[other]!]
  const model = pairModelOf(told.registry, told.model, slot, other)
  const remedies: Remedy[] = []
  const differs = (code: Reason['code']) => explained.contra.some((reason) => reason.code === code)
  const odds = tie.probability / Math.max(1 - tie.probability, 1e-12)
  const isSettledBy = (evidence: 'mobile' | 'jobNumber') => {
    const after = odds * 2 ** (model?.weights[slotOf(evidence, 'same')] ?? 0)
    return after / (1 + after) >= told.policy.linkAt && !differs('name-differs')
  }
  const lacking = (field: 'mobile' | 'jobNumber') =>
    [a, b].flatMap(({ account }) => (account[field] === null ? [account.connection] : []))
  const jobNumbers = lacking('jobNumber')
  if (isSettledBy('mobile')) remedies.push(...mobileRemedies(told, a, b))
  if (jobNumbers.length > 0 && isSettledBy('jobNumber'))
    remedies.push({ code: 'enter-job-number', connections: jobNumbers })
  if (differs('mobile-differs') || tie.trouble?.kind === 'disagrees')
    remedies.push({ code: 'correct-mobile' })
  if (differs('job-number-differs'))
    remedies.push({
      code: 'correct-job-number',
      ours: a.account.jobNumber ?? '',
      theirs: b.account.jobNumber ?? '',
    })
  if (differs('name-differs') || differs('name-unclear'))
    remedies.push({ code: 'correct-name', ours: a.account.name, theirs: b.account.name })
  if ((a.hasLeft && a.account.leftOn === null) || (b.hasLeft && b.account.leftOn === null))
    remedies.push({ code: 'enter-leave-date' })
  remedies.push({ code: 'confirm' })
  return remedies
}

/** What agreement of the mobiles takes, where one of them is not known: what was asked before is not asked again. */
function mobileRemedies({ registry }: Told, a: Profile, b: Profile): Remedy[] {
  const lacking = [a, b].filter(({ account }) => account.mobile === null)
  const connections = lacking.map(({ account }) => account.connection)
  if (lacking.length !== 1) return lacking.length === 0 ? [] : [{ code: 'enter-mobile', connections }]
  const [hider, shower] = lacking[0] === a ? [a, b] : [b, a]
  if (registry.isMobileShared(shower, hider))
    return [{ code: 'enter-own-mobile', connections: [a, b].map(({ account }) => account.connection) }]
  const { connection } = hider.account
  // Once the platform has said whose it is, the two differ or agree: nothing is lacking any more.
  if (registry.facts.probeOf(shower.account.id, connection) !== undefined) return []
  return [
    { code: 'ask-platform', connection },
    { code: 'enter-mobile', connections },
  ]
}
