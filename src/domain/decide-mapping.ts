import { accountKey } from './ids.ts'
import type { BadEntry, EntryProblem, MappingEntry } from './mapping-entry.ts'
import { type Decision, type MappingRoute, rowNameOf, type StandingDecision } from './mapping-table.ts'

/** What an import is judged by. Accounts are looked up by comparing key within their connection. */
export type KnownAccounts = {
  routes: readonly MappingRoute[]
  connections: readonly string[]
  accounts: ReadonlyMap<string, ReadonlyMap<string, { key: string; userId: string }>>
  decisions: readonly StandingDecision[]
}

/** A decision that changes something. User ids are spelled as the rosters spell them. */
export type MappingChange = {
  line: number
  route: string
  decision: Decision
  sourceKey: string
  sourceUser: string
  targetKey: string
  targetUser: string
  note: string
}

export type MappingVerdict = {
  changes: MappingChange[]
  linked: number
  unlinked: number
  /** Decisions that stand already. */
  unchanged: number
  /** Rows without a decision. */
  ignored: number
  /** In the order of the lines. When there is one, nothing may be applied. */
  bad: BadEntry[]
}

type Pair = { entry: MappingEntry; route: MappingRoute; sourceKey: string; targetKey: string }
type Decided = Pair & { decision: Decision }

/**
 * What becomes of a mapping table that came back. Rows are judged alone first, then against each other and against what
 * was decided before; what a row repeats without change is never refused, whatever the rosters have become.
 */
export function decideMapping(entries: readonly MappingEntry[], known: KnownAccounts): MappingVerdict {
  const bad: BadEntry[] = []
  const decided: Decided[] = []
  let ignored = 0
  for (const entry of entries) {
    const judged = judgeAlone(entry, known)
    if (judged === 'ignored') ignored++
    else if ('kind' in judged) bad.push({ line: entry.line, problem: judged })
    else decided.push(judged)
  }
  const standing = standingOf(known.decisions)
  const isNews = (one: Decided) => standing.decisionOf(one) !== one.decision
  const fresh = decided.filter(isNews)
  bad.push(...fresh.flatMap((one) => judgeAccounts(one, known)))
  bad.push(...judgeTogether(decided, isNews), ...judgeAgainst(fresh, decided, standing))
  const changes = [...new Map(fresh.map((one) => [nameOf(one), toChange(one, known)])).values()]
  return {
    changes,
    linked: changes.filter((one) => one.decision === 'link').length,
    unlinked: changes.filter((one) => one.decision === 'apart').length,
    unchanged: decided.length - changes.length,
    ignored,
    bad: bad.toSorted((a, b) => a.line - b.line),
  }
}

const nameOf = ({ route, sourceKey, targetKey }: Pair) => rowNameOf(route.key, sourceKey, targetKey)

function judgeAlone(entry: MappingEntry, known: KnownAccounts): Decided | EntryProblem | 'ignored' {
  const [trouble] = entry.trouble
  if (trouble) return { kind: 'cell', cell: trouble.cell, trouble: trouble.kind }
  const { decision } = entry
  if (decision === null && entry.decisionText !== '')
    return { kind: 'unknown-decision', text: entry.decisionText }
  if (decision === null && entry.row === '') return 'ignored'
  const route = routeOf(entry, known)
  if ('kind' in route) return route
  const sourceKey = accountKey('dingtalk', entry.dingtalkUser)
  const targetKey = accountKey('wecom', entry.wecomUser)
  if (entry.row !== '' && !isOwnRow(entry.row, route.key, sourceKey, targetKey))
    return { kind: 'keys-changed' }
  if (decision === null) {
    const isFilledIn = entry.row !== rowNameOf(route.key, sourceKey, targetKey)
    return isFilledIn ? { kind: 'no-decision' } : 'ignored'
  }
  if (sourceKey === '') return { kind: 'one-side-only', missing: 'dingtalk' }
  if (targetKey === '') return { kind: 'one-side-only', missing: 'wecom' }
  return { entry, route, sourceKey, targetKey, decision }
}

/** A row may gain the side it lacked; what it was written for stays. */
const isOwnRow = (row: string, route: string, sourceKey: string, targetKey: string): boolean =>
  [
    rowNameOf(route, sourceKey, targetKey),
    rowNameOf(route, sourceKey, ''),
    rowNameOf(route, '', targetKey),
  ].includes(row)

/** The row's route: named, or the only one its connections are on, or the only one there is. */
function routeOf(entry: MappingEntry, { routes, connections }: KnownAccounts): MappingRoute | EntryProblem {
  const { dingtalkConnection: dingtalk, wecomConnection: wecom } = entry
  for (const connection of [dingtalk, wecom])
    if (connection !== '' && !connections.includes(connection))
      return { kind: 'unknown-connection', connection, known: [...connections] }
  const named = routes.filter((route) => entry.route === '' || route.key === entry.route)
  if (named.length === 0)
    return { kind: 'unknown-route', route: entry.route, known: routes.map((route) => route.key) }
  const fitting = named.filter(
    (route) => ['', route.dingtalk].includes(dingtalk) && ['', route.wecom].includes(wecom),
  )
  const [route] = fitting
  if (fitting.length === 1 && route) return route
  const [only] = named
  if (fitting.length === 0 && named.length === 1 && only)
    return {
      kind: 'not-on-route',
      connection: ['', only.dingtalk].includes(dingtalk) ? wecom : dingtalk,
      route: only.key,
    }
  return { kind: 'which-route', known: named.map((one) => one.key) }
}

function judgeAccounts({ entry, route, sourceKey, targetKey }: Decided, known: KnownAccounts): BadEntry[] {
  const sides = [
    { connection: route.dingtalk, key: sourceKey, userId: entry.dingtalkUser },
    { connection: route.wecom, key: targetKey, userId: entry.wecomUser },
  ]
  return sides.flatMap(({ connection, key, userId }) => {
    const accounts = known.accounts.get(connection)
    if (accounts?.has(key)) return []
    const suggestion = accounts ? lookalike(key, accounts) : null
    return [{ line: entry.line, problem: { kind: 'unknown-account', connection, userId, suggestion } }]
  })
}

/** What a spreadsheet makes of a user id: `007` becomes 7, and case is easily lost. Several that fit suggest nothing. */
function lookalike(key: string, accounts: ReadonlyMap<string, { userId: string }>): string | null {
  const bare = (text: string) => text.replace(/^0+(?=.)/, '').toLowerCase()
  const found = [...accounts].filter(([other]) => bare(other) === bare(key))
  return found.length === 1 ? found[0]![1].userId : null
}

/** Rows that cannot both be right. Two that stand so already are left alone: no row of the file brought them. */
function judgeTogether(decided: readonly Decided[], isNews: (one: Decided) => boolean): BadEntry[] {
  const bad: BadEntry[] = []
  const links = decided.filter((one) => one.decision === 'link')
  const sides = [
    {
      of: (one: Decided) => one.sourceKey,
      connection: (one: Decided) => one.route.dingtalk,
      userId: (one: Decided) => one.entry.dingtalkUser,
    },
    {
      of: (one: Decided) => one.targetKey,
      connection: (one: Decided) => one.route.wecom,
      userId: (one: Decided) => one.entry.wecomUser,
    },
  ]
  for (const { of, connection, userId } of sides)
    for (const rivals of grouped(links, (one) => JSON.stringify([one.route.key, of(one)])).values()) {
      if (!rivals.some(isNews)) continue
      for (const one of rivals) {
        const other = rivals.find((rival) => nameOf(rival) !== nameOf(one))
        if (other)
          bad.push({
            line: one.entry.line,
            problem: {
              kind: 'claimed-twice',
              connection: connection(one),
              userId: userId(one),
              line: other.entry.line,
            },
          })
      }
    }
  for (const same of grouped(decided, nameOf).values())
    for (const one of same) {
      const other = same.find((rival) => rival.decision !== one.decision)
      if (other)
        bad.push({
          line: one.entry.line,
          problem: { kind: 'contradiction', line: other.entry.line },
        })
    }
  return bad
}

/** A new link never takes an account silently from the person somebody gave it to. */
function judgeAgainst(
  fresh: readonly Decided[],
  decided: readonly Decided[],
  standing: ReturnType<typeof standingOf>,
): BadEntry[] {
  const parted = new Set(decided.filter((one) => one.decision === 'apart').map(nameOf))
  const spoken = new Set(decided.filter((one) => one.decision === 'link').map(nameOf))
  return fresh
    .filter((one) => one.decision === 'link')
    .flatMap((one) =>
      standing
        .linksOf(one)
        .map((link) => ({ link, name: rowNameOf(link.route, link.sourceKey, link.targetKey) }))
        // Those whose row still says so are told as rivals within the file.
        .filter(({ name }) => name !== nameOf(one) && !parted.has(name) && !spoken.has(name))
        .map(({ link }) => {
          const isSource = link.sourceKey === one.sourceKey
          return {
            line: one.entry.line,
            problem: {
              kind: 'linked-elsewhere' as const,
              connection: isSource ? one.route.dingtalk : one.route.wecom,
              userId: isSource ? one.entry.dingtalkUser : one.entry.wecomUser,
              twin: isSource ? link.targetKey : link.sourceKey,
            },
          }
        }),
    )
}

function standingOf(decisions: readonly StandingDecision[]) {
  const byPair = new Map(decisions.map((one) => [rowNameOf(one.route, one.sourceKey, one.targetKey), one]))
  const links = decisions.filter((one) => one.decision === 'link')
  const bySource = grouped(links, (one) => JSON.stringify([one.route, one.sourceKey]))
  const byTarget = grouped(links, (one) => JSON.stringify([one.route, one.targetKey]))
  return {
    decisionOf: (pair: Pair) => byPair.get(nameOf(pair))?.decision ?? null,
    linksOf: ({ route, sourceKey, targetKey }: Pair): StandingDecision[] => [
      ...(bySource.get(JSON.stringify([route.key, sourceKey])) ?? []),
      ...(byTarget.get(JSON.stringify([route.key, targetKey])) ?? []),
    ],
  }
}

function toChange({ entry, route, sourceKey, targetKey, decision }: Decided, known: KnownAccounts) {
  const spelled = (connection: string, key: string) => known.accounts.get(connection)?.get(key)?.userId ?? key
  return {
    line: entry.line,
    route: route.key,
    decision,
    sourceKey,
    sourceUser: spelled(route.dingtalk, sourceKey),
    targetKey,
    targetUser: spelled(route.wecom, targetKey),
    note: entry.note,
  }
}

function grouped<T>(list: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const key = by(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
