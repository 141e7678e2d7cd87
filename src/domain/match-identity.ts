import type { Reason } from './evidence.ts'
import type { LinkStatus } from './person.ts'

/** What matching looks at: one account of one connection. Mobiles come as keyed fingerprints, never in clear. */
export type MatchAccount = {
  /** The account's comparing key (domain/ids.ts). */
  key: string
  userId: string
  name: string
  mobile: { print: string; tail: string } | null
  jobNumber: string | null
}

export type Candidate = { key: string; userId: string; because: Reason[] }

export type Match = {
  status: LinkStatus
  /** The twin's key, when linked. */
  twin: string | null
  because: Reason[]
  candidates: Candidate[]
}

export type MatchInput = {
  source: readonly MatchAccount[]
  target: readonly MatchAccount[]
  /** Explicit links, source key → target key: they beat every rule. */
  links: ReadonlyMap<string, { key: string; userId: string }>
  /** What the target platform itself said about a source account's mobile: the owner's key, or null for nobody. */
  probes: ReadonlyMap<string, string | null>
  /** Pairs that a person has taken apart (`pairOf`): no evidence brings them together again, only an explicit link. */
  apart: ReadonlySet<string>
}

/** The name of a pair in `MatchInput.apart`. */
export const pairOf = (sourceKey: string, targetKey: string): string => `${sourceKey}\n${targetKey}`

/** Names are compared without blanks, width or case; nothing else is forgiven here. */
export const comparableName = (name: string): string =>
  name.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()

/** Job numbers are compared without blanks, width or case; leading zeros count. */
export const comparableJobNumber = (jobNumber: string): string =>
  jobNumber.normalize('NFKC').replace(/\s+/gu, '').toUpperCase()

/**
 * Who is who between two connections: every source account gets exactly one outcome, one-to-one on links,
 * and the same outcome in whatever order the accounts arrive. A name alone never links.
 */
export function matchIdentity(input: MatchInput): Map<string, Match> {
  const matches = new Map<string, Match>()
  const linkedTargets = new Map<string, string[]>()
  const targets = new Map(input.target.map((account) => [account.key, account]))
  for (const [source, target] of input.links) push(linkedTargets, target.key, source)

  const free = input.target.filter((account) => !linkedTargets.has(account.key))
  const known: Known = {
    byJobNumber: index(free, jobNumberOf),
    byMobile: index(free, mobileOf),
    byName: index(free, (account) => comparableName(account.name) || null),
    sourcesByJobNumber: index(input.source, jobNumberOf),
    sourcesByMobile: index(input.source, mobileOf),
    free: new Map(free.map((account) => [account.key, account])),
    probes: input.probes,
    apart: input.apart,
    takenBy: takenBy(input, targets),
  }
  for (const account of input.source) {
    const explicit = input.links.get(account.key)
    matches.set(
      account.key,
      explicit ? byLink(account, explicit, linkedTargets, targets) : byEvidence(account, known),
    )
  }
  return oneToOne(matches, new Map(input.source.map((account) => [account.key, account])))
}

type Known = {
  byJobNumber: Map<string, MatchAccount[]>
  byMobile: Map<string, MatchAccount[]>
  byName: Map<string, MatchAccount[]>
  sourcesByJobNumber: Map<string, MatchAccount[]>
  sourcesByMobile: Map<string, MatchAccount[]>
  free: Map<string, MatchAccount>
  probes: ReadonlyMap<string, string | null>
  apart: ReadonlySet<string>
  /** Job numbers and mobiles of accounts that an explicit link gave to somebody, and to whom. */
  takenBy: ReadonlyMap<string, string>
}

const notApart = (account: MatchAccount, known: Known, found: MatchAccount[]): MatchAccount[] =>
  known.apart.size === 0 ? found : found.filter((twin) => !known.apart.has(pairOf(account.key, twin.key)))

function byLink(
  account: MatchAccount,
  target: { key: string; userId: string },
  linkedTargets: Map<string, string[]>,
  targets: Map<string, MatchAccount>,
): Match {
  const rivals = (linkedTargets.get(target.key) ?? []).filter((key) => key !== account.key).sort()
  const candidate: Candidate = {
    key: target.key,
    userId: target.userId,
    because: [{ code: 'explicit-link' }],
  }
  if (rivals[0] !== undefined)
    return {
      status: 'conflicting',
      twin: null,
      because: [{ code: 'twin-taken', by: rivals[0] }],
      candidates: [candidate],
    }
  if (!targets.has(target.key))
    return {
      status: 'suggested',
      twin: null,
      because: [{ code: 'explicit-link' }, { code: 'twin-not-visible', userId: target.userId }],
      candidates: [candidate],
    }
  return { status: 'linked', twin: target.key, because: [{ code: 'explicit-link' }], candidates: [] }
}

/** What would have pointed at an account, had no person given it to somebody else. */
function takenBy(input: MatchInput, targets: Map<string, MatchAccount>): Map<string, string> {
  const names = new Map(input.source.map((account) => [account.key, account.userId]))
  const taken = new Map<string, string>()
  for (const [source, { key }] of input.links) {
    const target = targets.get(key)
    for (const evidence of [target && jobNumberOf(target), target && mobileOf(target)])
      if (evidence) taken.set(evidence, names.get(source) ?? source)
  }
  return taken
}

/** One kind of evidence: the accounts it points at, and whether it points at one only, from one only. */
type Evidence = { found: MatchAccount[]; isUnique: boolean; because: Reason[] }

function byEvidence(account: MatchAccount, known: Known): Match {
  const mobile = mobileEvidence(account, known)
  const job = jobNumberEvidence(account, known)
  const mobileTwin = mobile.isUnique ? mobile.found[0] : undefined
  const jobTwin = job.isUnique ? job.found[0] : undefined

  if (mobileTwin && jobTwin) {
    if (mobileTwin.key === jobTwin.key) return linked(jobTwin, [...mobile.because, ...job.because])
    return {
      status: 'conflicting',
      twin: null,
      because: [{ code: 'evidence-disagrees', mobileSays: mobileTwin.userId, jobNumberSays: jobTwin.userId }],
      candidates: [candidateOf(mobileTwin, mobile.because), candidateOf(jobTwin, job.because)].sort(byKey),
    }
  }
  const twin = jobTwin ?? mobileTwin
  if (twin) {
    const because = jobTwin ? [...job.because, ...mobile.because] : [...mobile.because, ...job.because]
    const nameAgrees = comparableName(twin.name) === comparableName(account.name)
    const jobNumbersDiffer =
      !jobTwin && jobNumberOf(account) && jobNumberOf(twin) && jobNumberOf(account) !== jobNumberOf(twin)
    if (nameAgrees && !jobNumbersDiffer) return linked(twin, because)
    const doubt: Reason[] = nameAgrees
      ? [{ code: 'job-number', jobNumber: twin.jobNumber ?? '' }]
      : [{ code: 'name-differs', ours: account.name, theirs: twin.name }]
    return {
      status: 'suggested',
      twin: null,
      because: [...because, ...doubt],
      candidates: [candidateOf(twin, because)],
    }
  }
  return byWeakEvidence(account, known, mobile, job)
}

/** Shared mobiles, reused job numbers and equal names point at people but prove nothing. */
function byWeakEvidence(account: MatchAccount, known: Known, mobile: Evidence, job: Evidence): Match {
  const because: Reason[] = [...mobile.because, ...job.because]
  const found = new Map<string, Reason[]>()
  for (const twin of mobile.found) push(found, twin.key, ...mobile.because)
  for (const twin of job.found) push(found, twin.key, ...job.because)
  const namesakes = notApart(account, known, known.byName.get(comparableName(account.name)) ?? [])
  for (const twin of namesakes) push(found, twin.key, { code: 'same-name', name: account.name })
  const candidates = [...found]
    .map(([key, reasons]) => candidateOf(known.free.get(key)!, reasons))
    .sort((a, b) => b.because.length - a.because.length || byKey(a, b))
  const rival = known.takenBy.get(jobNumberOf(account) ?? '') ?? known.takenBy.get(mobileOf(account) ?? '')
  if (candidates.length === 0 && rival !== undefined)
    return { status: 'conflicting', twin: null, because: [{ code: 'twin-taken', by: rival }], candidates }
  if (candidates.length === 0)
    return { status: 'unmatched', twin: null, because: [{ code: 'no-counterpart' }], candidates }
  if (namesakes.length > 0) because.push({ code: 'same-name', name: account.name })
  if (candidates.length > 1) because.push({ code: 'several-candidates', count: candidates.length })
  return { status: 'suggested', twin: null, because, candidates: candidates.slice(0, 10) }
}

function mobileEvidence(account: MatchAccount, known: Known): Evidence {
  if (!account.mobile) return { found: [], isUnique: false, because: [] }
  const { print, tail } = account.mobile
  const owners = known.sourcesByMobile.get(print)?.length ?? 0
  const probed = known.probes.get(account.key)
  const answered = probed ? known.free.get(probed) : undefined
  const found = notApart(account, known, answered ? [answered] : (known.byMobile.get(print) ?? []))
  if (found.length === 0) return { found, isUnique: false, because: [] }
  if (found.length > 1 || owners > 1)
    return {
      found,
      isUnique: false,
      because: [{ code: 'shared-mobile', tail, people: Math.max(found.length, owners) }],
    }
  return { found, isUnique: true, because: [{ code: 'mobile', tail }] }
}

function jobNumberEvidence(account: MatchAccount, known: Known): Evidence {
  const jobNumber = jobNumberOf(account)
  if (!jobNumber) return { found: [], isUnique: false, because: [] }
  const found = notApart(account, known, known.byJobNumber.get(jobNumber) ?? [])
  const owners = known.sourcesByJobNumber.get(jobNumber)?.length ?? 0
  if (found.length === 0) return { found, isUnique: false, because: [] }
  const shown = account.jobNumber ?? jobNumber
  if (found.length > 1 || owners > 1)
    return {
      found,
      isUnique: false,
      because: [{ code: 'reused-job-number', jobNumber: shown, people: Math.max(found.length, owners) }],
    }
  return { found, isUnique: true, because: [{ code: 'job-number', jobNumber: shown }] }
}

/** A twin belongs to one person only: whoever else claims it makes both conflicting. */
function oneToOne(matches: Map<string, Match>, sources: Map<string, MatchAccount>): Map<string, Match> {
  const claims = new Map<string, string[]>()
  for (const [key, match] of matches) if (match.twin) push(claims, match.twin, key)
  for (const [twin, claimants] of claims) {
    if (claimants.length < 2) continue
    for (const key of claimants) {
      const match = matches.get(key)!
      const rival = claimants.filter((other) => other !== key).sort()[0]!
      matches.set(key, {
        status: 'conflicting',
        twin: null,
        because: [...match.because, { code: 'twin-taken', by: sources.get(rival)?.userId ?? rival }],
        candidates: [{ key: twin, userId: twin, because: match.because }],
      })
    }
  }
  return matches
}

const linked = (twin: MatchAccount, because: Reason[]): Match => ({
  status: 'linked',
  twin: twin.key,
  because,
  candidates: [],
})
const candidateOf = (account: MatchAccount, because: Reason[]): Candidate => ({
  key: account.key,
  userId: account.userId,
  because,
})
const jobNumberOf = (account: MatchAccount) =>
  account.jobNumber ? comparableJobNumber(account.jobNumber) || null : null
const mobileOf = (account: MatchAccount) => account.mobile?.print ?? null
const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

function index(
  accounts: readonly MatchAccount[],
  by: (account: MatchAccount) => string | null,
): Map<string, MatchAccount[]> {
  const found = new Map<string, MatchAccount[]>()
  for (const account of accounts) {
    const key = by(account)
    if (key) push(found, key, account)
  }
  return found
}

function push<K, V>(map: Map<K, V[]>, key: K, ...values: V[]): void {
  const list = map.get(key)
  if (list) list.push(...values)
  else map.set(key, values)
}
