import type { NameLikeness, Reason } from '../evidence.ts'
import { Comparison, compareAccounts } from './compare-accounts.ts'
import { pairModelOf } from './edge.ts'
import { type Evidence, levelName, placeOf } from './evidence-levels.ts'
import { bitsOf, type Model } from './model.ts'
import type { Profile } from './profile.ts'
import type { Registry } from './registry.ts'

/** How two accounts compare, in facts that can be told. */
export type Explained = {
  /** Reasons for one person; the strongest first as far as kinds go. */
  pro: Reason[]
  /** Reasons against. */
  contra: Reason[]
  weights: { evidence: Evidence | 'explicit'; bits: number }[]
}

const comparison = new Comparison()

/** Says what the evidence between two accounts is and what each piece weighs. `a` is "ours". */
export function explainPair(
  registry: Registry,
  model: Model,
  a: number,
  b: number,
  isExplicit: boolean,
): Explained {
  const [mine, theirs] = [registry.profiles[a]!, registry.profiles[b]!]
  const pairModel = pairModelOf(registry, model, a, b)
  const explained: Explained = { pro: [], contra: [], weights: [] }
  if (isExplicit) explained.pro.push({ code: 'explicit-link' })
  if (!pairModel) return explained
  compareAccounts(mine, theirs, registry, comparison)
  for (const evidence of [
    'mobile',
    'jobNumber',
    'email',
    'name',
    'userId',
    'department',
    'title',
    'hiredOn',
    'manager',
    'together',
    'period',
  ] as const) {
    const level = levelName(evidence, comparison.levels[placeOf(evidence)]!)
    if (level === null) continue
    const bits = bitsOf(comparison, placeOf(evidence), pairModel)
    if (Math.abs(bits) >= 0.05) explained.weights.push({ evidence, bits: Math.round(bits * 10) / 10 })
    const told = tell(evidence, level, mine, theirs, registry)
    if (told) explained[told.isFor ? 'pro' : 'contra'].push(told.reason)
  }
  if (
    explained.pro.length === 1 &&
    (explained.pro[0]!.code === 'same-name' || explained.pro[0]!.code === 'name-alike')
  )
    explained.contra.unshift({ code: 'name-only' })
  return explained
}

type Told = { isFor: boolean; reason: Reason } | null
const speaksFor = (reason: Reason): Told => ({ isFor: true, reason })
const speaksAgainst = (reason: Reason): Told => ({ isFor: false, reason })

function tell(evidence: Evidence, level: string, a: Profile, b: Profile, registry: Registry): Told {
  const [ours, theirs] = [a.account, b.account]
  switch (evidence) {
    case 'name':
      return tellName(level, ours.name, theirs.name)
    case 'mobile': {
      const tail = (ours.mobile === null ? theirs.mobileTail : ours.mobileTail) ?? ''
      if (level === 'different') return speaksAgainst({ code: 'mobile-differs' })
      if (level === 'same') return speaksFor({ code: 'mobile', tail })
      const people = registry.holders('mobile', ours.mobile ?? '', a, b)
      return speaksFor({ code: 'shared-mobile', tail, people })
    }
    case 'jobNumber':
      return tellJobNumber(level, a, b, registry)
    case 'email':
      if (level === 'different') return null
      return ours.email !== null && a.email?.whole === b.email?.whole
        ? speaksFor({ code: 'same-email', email: ours.email })
        : speaksFor({ code: 'email-alike', ours: ours.email ?? '', theirs: theirs.email ?? '' })
    case 'userId':
      if (level === 'different') return null
      return level === 'mobile-tail'
        ? speaksFor({
            code: 'mobile-tail',
            tail: (ours.userId.endsWith(theirs.mobileTail ?? '-') ? theirs : ours).mobileTail ?? '',
          })
        : speaksFor({ code: 'same-user-id', userId: ours.userId })
    case 'department': {
      const shared = a.departments.find(({ last }) => b.departments.some((other) => other.last === last))
      if (shared) return speaksFor({ code: 'same-department', department: shared.last })
      const names = { ours: ours.departments[0] ?? '', theirs: theirs.departments[0] ?? '' }
      if (level === 'same') return speaksFor({ code: 'department-alike', ...names })
      return level === 'different' ? speaksAgainst({ code: 'department-differs', ...names }) : null
    }
    case 'title':
      return level === 'same' ? speaksFor({ code: 'same-title', title: ours.title ?? '' }) : null
    case 'hiredOn': {
      const dates = { ours: ours.hiredOn ?? '', theirs: theirs.hiredOn ?? '' }
      if (level === 'same') return speaksFor({ code: 'same-hire-date', on: dates.ours })
      return level === 'near'
        ? speaksFor({ code: 'near-hire-date', ...dates })
        : speaksAgainst({ code: 'hire-date-differs', ...dates })
    }
    case 'period':
      return level === 'apart' ? speaksAgainst({ code: 'periods-apart' }) : null
    case 'manager':
      return level === 'same' ? speaksFor({ code: 'same-manager' }) : null
    case 'together':
      return speaksFor({ code: 'punched-together', times: registry.together(a, b)?.sameSecond ?? 0 })
  }
}

function tellName(level: string, ours: string, theirs: string): Told {
  if (level === 'same') return speaksFor({ code: 'same-name', name: ours })
  if (level === 'different') return speaksAgainst({ code: 'name-differs', ours, theirs })
  if (level === 'opaque') return speaksAgainst({ code: 'name-unclear', ours, theirs })
  return speaksFor({ code: 'name-alike', how: level as NameLikeness, ours, theirs })
}

function tellJobNumber(level: string, a: Profile, b: Profile, registry: Registry): Told {
  const ours = a.account.jobNumber ?? a.account.userId
  const theirs = b.account.jobNumber ?? b.account.userId
  if (level === 'different') return speaksAgainst({ code: 'job-number-differs', ours, theirs })
  if (level === 'alike') return speaksFor({ code: 'job-number-alike', ours, theirs })
  if (level === 'same') return speaksFor({ code: 'job-number', jobNumber: ours })
  const people = registry.holders('jobNumber', a.job?.text ?? '', a, b)
  return speaksFor({ code: 'reused-job-number', jobNumber: ours, people })
}
