import { readJobNumber } from './identity/job-number.ts'
import { readName } from './identity/written-name.ts'
import type { PlatformName } from './ids.ts'
import type { MappingAccount, MappingOutcome, MappingRoute } from './mapping-table.ts'

/** A connection whose people are looked at. */
export type CleaningConnection = {
  key: string
  platform: PlatformName
  /** False where the setup says that job numbers are not kept there. */
  hasJobNumbers: boolean
}

export type CleaningAccount = MappingAccount & {
  /** A keyed fingerprint, for comparing only. */
  mobilePrint: string | null
  /** The person has gone, not just out of sight. */
  hasResigned: boolean
}

/** Two accounts known to be one person; either may have left. */
export type Twins = { one: CleaningAccount; other: CleaningAccount }

/** What should be put right in a platform's console. User ids name the others concerned. */
export type Finding =
  | { kind: 'job-number-shared'; jobNumber: string; with: string[] }
  | { kind: 'job-number-placeholder'; jobNumber: string }
  | { kind: 'job-number-differs'; jobNumber: string; theirs: string; twin: string }
  | { kind: 'mobile-shared'; tail: string; with: string[] }
  | { kind: 'leaver-by-name'; name: string }
  | { kind: 'twin-gone'; twin: string }
  | { kind: 'name-differs'; name: string; theirs: string; twin: string }
  | { kind: 'name-note'; name: string; bare: string }
  | { kind: 'no-job-numbers'; people: number }
  | { kind: 'job-number-missing'; theirs: string | null }
  | { kind: 'never-activated' }

export type CleaningItem = {
  connection: string
  platform: PlatformName
  /** Null where the whole connection is meant. */
  account: CleaningAccount | null
  finding: Finding
}

/** Pairs that are linked now, and leavers whose twin is still there and nobody else's. */
export function twinsOf(
  routes: readonly MappingRoute[],
  accounts: readonly CleaningAccount[],
  outcomes: readonly MappingOutcome[],
): Twins[] {
  const byPlace = new Map(accounts.map((one) => [`${one.connection} ${one.key}`, one]))
  const pairs = routes.flatMap((route) =>
    outcomes
      .filter((outcome) => outcome.route === route.key && outcome.twinKey !== null)
      .flatMap(({ sourceKey, twinKey }) => {
        const one = byPlace.get(`${route.dingtalk} ${sourceKey}`)
        const other = byPlace.get(`${route.wecom} ${twinKey}`)
        return one && other ? [{ one, other }] : []
      }),
  )
  const present = pairs.filter(({ one, other }) => !one.hasLeft && !other.hasLeft)
  const taken = new Set(present.flatMap(({ one, other }) => [one, other]))
  const lone = pairs.filter(
    ({ one, other }) =>
      (one.hasResigned && !other.hasLeft && !taken.has(other)) ||
      (other.hasResigned && !one.hasLeft && !taken.has(one)),
  )
  return [...present, ...lone]
}

// What makes links wrong stands before what only makes them harder.
const order: Finding['kind'][] = [
  'job-number-shared',
  'mobile-shared',
  'job-number-differs',
  'leaver-by-name',
  'twin-gone',
  'job-number-placeholder',
  'name-differs',
  'name-note',
  'no-job-numbers',
  'job-number-missing',
  'never-activated',
]

/** What to correct on both sides before matching is tried again, most harmful first. Nothing here changes an account. */
export function listCleaning(
  connections: readonly CleaningConnection[],
  accounts: readonly CleaningAccount[],
  twins: readonly Twins[],
): CleaningItem[] {
  const twinOf = new Map(twins.flatMap(({ one, other }) => [[one, other] as const, [other, one] as const]))
  const items = connections.flatMap((connection) => {
    const here = accounts.filter((one) => one.connection === connection.key && !one.hasLeft)
    return [
      ...wholeConnection(connection, here),
      ...sharedBy(here, numberOf).flatMap((sharers) => sharers.map(sharedNumber(sharers))),
      ...sharedBy(here, (one) => one.mobilePrint).flatMap((sharers) => sharers.map(sharedMobile(sharers))),
      ...here.flatMap((account) =>
        findingsOf(account, twinOf.get(account), asksNumbers(connection, here)).map((finding) => ({
          account,
          finding,
        })),
      ),
    ].map((item) => ({ connection: connection.key, platform: connection.platform, ...item }))
  })
  return items
    .map((item) => ({ item, place: placeOf(item) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ item }) => item)
}

const placeOf = ({ connection, account, finding }: CleaningItem): string => {
  const rank = String(order.indexOf(finding.kind)).padStart(2, '0')
  const group = 'jobNumber' in finding ? numberText(finding.jobNumber) : 'tail' in finding ? finding.tail : ''
  return [rank, connection, group, account?.key ?? ''].join('\n')
}

const numberText = (jobNumber: string) => readJobNumber(jobNumber)?.text ?? ''
const numberOf = ({ jobNumber }: CleaningAccount) => readJobNumber(jobNumber)?.text ?? null

/** A roster without a single number is one thing to put right, not one for each person. */
const asksNumbers = ({ hasJobNumbers }: CleaningConnection, here: readonly CleaningAccount[]): boolean =>
  hasJobNumbers && here.some((one) => one.jobNumber !== null)

function wholeConnection(connection: CleaningConnection, here: readonly CleaningAccount[]) {
  if (!connection.hasJobNumbers || here.length === 0 || asksNumbers(connection, here)) return []
  return [{ account: null, finding: { kind: 'no-job-numbers' as const, people: here.length } }]
}

/** Accounts that have the same of something, two or more at a time. */
function sharedBy(
  accounts: readonly CleaningAccount[],
  of: (account: CleaningAccount) => string | null,
): CleaningAccount[][] {
  const groups = Map.groupBy(accounts, of)
  return [...groups].flatMap(([value, sharers]) => (value === null || sharers.length < 2 ? [] : [sharers]))
}

const othersOf = (account: CleaningAccount, sharers: readonly CleaningAccount[]) =>
  sharers.filter((one) => one !== account).map((one) => one.userId)

const sharedNumber = (sharers: readonly CleaningAccount[]) => (account: CleaningAccount) => ({
  account,
  finding: {
    kind: 'job-number-shared' as const,
    jobNumber: account.jobNumber ?? '',
    with: othersOf(account, sharers),
  },
})

const sharedMobile = (sharers: readonly CleaningAccount[]) => (account: CleaningAccount) => ({
  account,
  finding: {
    kind: 'mobile-shared' as const,
    tail: account.mobileTail ?? '',
    with: othersOf(account, sharers),
  },
})

function findingsOf(
  account: CleaningAccount,
  twin: CleaningAccount | undefined,
  asksNumber: boolean,
): Finding[] {
  const { name, jobNumber } = account
  const found: Finding[] = []
  const written = readName(name)
  const bare = bareName(name)
  if (written.saysLeft) found.push({ kind: 'leaver-by-name', name })
  else if (bare !== null) found.push({ kind: 'name-note', name, bare })
  if (jobNumber !== null && readJobNumber(jobNumber) === null)
    found.push({ kind: 'job-number-placeholder', jobNumber })
  if (jobNumber === null && asksNumber)
    found.push({ kind: 'job-number-missing', theirs: twin?.jobNumber ?? null })
  if (!account.isActive) found.push({ kind: 'never-activated' })
  if (!twin) return found
  if (twin.hasLeft) found.push({ kind: 'twin-gone', twin: twin.userId })
  const theirs = readName(twin.name)
  if (written.key !== '' && theirs.key !== '' && written.key !== theirs.key)
    found.push({ kind: 'name-differs', name, theirs: twin.name, twin: twin.userId })
  const [mine, other] = [numberOf(account), numberOf(twin)]
  if (mine !== null && other !== null && mine !== other && jobNumber !== null && twin.jobNumber !== null)
    found.push({ kind: 'job-number-differs', jobNumber, theirs: twin.jobNumber, twin: twin.userId })
  return found
}

// Brackets at the end, or a dash and a word: only behind Chinese characters, for `Jean-Luc` is a name.
const note = /^(.*\p{Script=Han}.*?)\s*(?:[（(【[〔][^）)】\]〕]*[）)】\]〕]|[-－—_]+[^-－—_]+)$/u

/** The name without what was noted behind it; null where nothing was. */
function bareName(name: string): string | null {
  const bare = note.exec(name.trim())?.[1]?.trim()
  return bare ? bare : null
}
