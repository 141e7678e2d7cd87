import { createHash } from 'node:crypto'
import type { Reason, Remedy } from './evidence.ts'
import type { LinkStatus } from './person.ts'

/** The columns of the mapping table, in the order they stand in; `problem` is only in a file that came back marked. */
export const mappingColumns = [
  'row',
  'name',
  'status',
  'decision',
  'note',
  'problem',
  'subsidiary',
  'route',
  'dingtalkConnection',
  'dingtalkUser',
  'dingtalkName',
  'dingtalkDepartments',
  'dingtalkJobNumber',
  'dingtalkMobileTail',
  'dingtalkState',
  'wecomConnection',
  'wecomUser',
  'wecomName',
  'wecomDepartments',
  'wecomJobNumber',
  'wecomMobileTail',
  'wecomState',
  'evidence',
  'probability',
  'advice',
  'person',
] as const
export type MappingColumn = (typeof mappingColumns)[number]

/** What a person says of two accounts: one human, or not. */
export type Decision = 'link' | 'apart'

/** A route of the table: the keys of its two connections. */
export type MappingRoute = { key: string; dingtalk: string; wecom: string }

/** One account as the table and the cleaning list show it. */
export type MappingAccount = {
  /** The connection's key. */
  connection: string
  /** The account's comparing key (domain/ids.ts). */
  key: string
  userId: string
  name: string
  person: string
  subsidiary: string
  departments: readonly string[]
  jobNumber: string | null
  mobileTail: string | null
  isActive: boolean
  hasLeft: boolean
  /** This person has an account at a subsidiary that is not shown. */
  alsoElsewhere?: boolean
}

/** What matching made of one DingTalk account on one route. Keys are comparing keys. */
export type MappingOutcome = {
  route: string
  sourceKey: string
  status: LinkStatus
  twinKey: string | null
  because: readonly Reason[]
  probability: number | null
  wouldChange: readonly Remedy[]
  candidates: readonly { key: string; because: readonly Reason[]; probability: number | null }[]
}

/** What a person has decided and still holds. */
export type StandingDecision = {
  route: string
  sourceKey: string
  targetKey: string
  decision: Decision
}

/** What a reader may do with a row. */
export type MappingAdvice = 'nothing' | 'confirm' | 'choose' | 'compare' | 'look-for'

/** One row: a pair of accounts, or an account for which there is no pair. */
export type MappingRow = {
  /** Says which accounts the row was written for, so that a shifted or edited row is noticed. */
  row: string
  route: string
  status: LinkStatus
  decision: Decision | null
  dingtalk: MappingAccount | null
  wecom: MappingAccount | null
  because: readonly Reason[]
  probability: number | null
  advice: MappingAdvice
  /** What would change the outcome, beside a decision. */
  wouldChange: readonly Remedy[]
}

export type MappingFacts = {
  routes: readonly MappingRoute[]
  accounts: readonly MappingAccount[]
  outcomes: readonly MappingOutcome[]
  decisions: readonly StandingDecision[]
}

/** The name of a row: the same accounts on the same route have the same name; '' where one side is empty. */
export const rowNameOf = (route: string, sourceKey: string, targetKey: string): string =>
  `r_${createHash('sha256')
    .update(JSON.stringify([route, sourceKey, targetKey]))
    .digest('base64url')
    .slice(0, 12)}`

/** Whoever needs a person's eye stands first. */
const rank: LinkStatus[] = ['conflicting', 'suggested', 'unmatched', 'linked']

/**
 * Every pair that is linked, proposed or decided, and every present account that is in no pair. People without
 * certainty stand first; the order does not depend on that of the facts.
 */
export function toMappingRows(facts: MappingFacts): MappingRow[] {
  const rows = facts.routes.flatMap((route) => rowsOfRoute(route, facts))
  return rows
    .map((row) => ({ row, order: orderOf(row) }))
    .toSorted((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ row }) => row)
}

const orderOf = ({ status, route, dingtalk, wecom }: MappingRow): string =>
  [rank.indexOf(status), route, dingtalk ? 0 : 1, dingtalk?.key ?? '', wecom?.key ?? ''].join('\n')

function rowsOfRoute(route: MappingRoute, facts: MappingFacts): MappingRow[] {
  const sources = byKey(facts.accounts, route.dingtalk)
  const targets = byKey(facts.accounts, route.wecom)
  const outcomes = facts.outcomes.filter((one) => one.route === route.key)
  const decided = new Map(
    facts.decisions
      .filter((one) => one.route === route.key)
      .map((one) => [rowNameOf(route.key, one.sourceKey, one.targetKey), one]),
  )
  const rows = new Map<string, MappingRow>()
  const add = (
    sourceKey: string,
    targetKey: string,
    more: Pick<MappingRow, 'status' | 'because' | 'probability' | 'advice' | 'wouldChange'>,
  ) => {
    const name = rowNameOf(route.key, sourceKey, targetKey)
    if (rows.has(name)) return
    rows.set(name, {
      row: name,
      route: route.key,
      decision: decided.get(name)?.decision ?? null,
      dingtalk: sourceKey === '' ? null : (sources.get(sourceKey) ?? unseen(route.dingtalk, sourceKey)),
      wecom: targetKey === '' ? null : (targets.get(targetKey) ?? unseen(route.wecom, targetKey)),
      ...more,
    })
  }
  const statuses = new Map<string, LinkStatus>()
  const paired = new Set<string>()
  for (const { sourceKey, status, twinKey, because, probability, wouldChange, candidates } of outcomes) {
    if (sources.get(sourceKey)?.hasLeft !== false) continue
    statuses.set(sourceKey, status)
    const advice = adviceFor(status, candidates.length)
    if (twinKey !== null) add(sourceKey, twinKey, { status, because, probability, advice, wouldChange })
    for (const candidate of candidates)
      add(sourceKey, candidate.key, {
        status,
        because: candidate.because.length > 0 ? candidate.because : because,
        probability: candidate.probability,
        advice,
        wouldChange,
      })
    if (twinKey === null && candidates.length === 0)
      add(sourceKey, '', { status, because, probability, advice, wouldChange })
  }
  for (const { sourceKey, targetKey } of decided.values())
    add(sourceKey, targetKey, {
      status: statuses.get(sourceKey) ?? 'unmatched',
      because: [],
      probability: null,
      advice: 'nothing',
      wouldChange: [],
    })
  for (const row of rows.values()) if (row.wecom) paired.add(row.wecom.key)
  const alone = {
    status: 'unmatched',
    because: [],
    probability: null,
    advice: 'look-for',
    wouldChange: [],
  } as const
  for (const source of sources.values())
    if (!source.hasLeft && !statuses.has(source.key)) add(source.key, '', alone)
  for (const target of targets.values())
    if (!target.hasLeft && !paired.has(target.key)) add('', target.key, alone)
  return [...rows.values()]
}

function adviceFor(status: LinkStatus, candidates: number): MappingAdvice {
  if (status === 'linked') return 'nothing'
  if (status === 'conflicting') return 'compare'
  if (candidates === 0) return 'look-for'
  return candidates === 1 ? 'confirm' : 'choose'
}

const byKey = (accounts: readonly MappingAccount[], connection: string) =>
  new Map(accounts.filter((one) => one.connection === connection).map((one) => [one.key, one]))

/** An account that somebody named and no roster shows. */
const unseen = (connection: string, key: string): MappingAccount => ({
  connection,
  key,
  userId: key,
  name: '',
  person: '',
  subsidiary: '',
  departments: [],
  jobNumber: null,
  mobileTail: null,
  isActive: true,
  hasLeft: true,
})
