import type {
  GoneBecause,
  KnownAccount,
  RosterAccount,
  RosterChange,
  RosterStep,
  ToldField,
} from './roster-changes.ts'
import { type HolderVerdict, judgeHolder, plainName } from './same-holder.ts'

export type RosterQuestion = {
  known: readonly KnownAccount[]
  fresh: readonly RosterAccount[]
  /** When the fresh roster was read. */
  at: Temporal.Instant
  /** WeCom lets an administrator change a user id once; DingTalk's never change. */
  mayChangeUserIds: boolean
  /** Changes of user ids that the platform itself declared, as keys. */
  declared?: readonly { from: string; to: string }[]
}

export type RosterComparison = {
  /** One step for every account that changed, by key; nothing for the others. */
  steps: RosterStep[]
  /** Accounts that were there before. */
  present: number
  /** Of those, how many are gone or belong to somebody else now. */
  lost: number
}

/**
 * Lays a fresh roster beside what is known: who joined, left, came back, changed, and whose user id belongs to somebody
 * else now. The order of either side does not matter, and comparing twice finds nothing the second time. Leavers get the
 * cause `not-listed` until the platform is asked (`withCauses`).
 */
export function compareRosters(question: RosterQuestion): RosterComparison {
  const known = new Map(question.known.map((account) => [account.key, account]))
  const fresh = new Map(question.fresh.map((account) => [account.key, account]))
  const formerKeys = movedUserIds(question, known, fresh)
  const newKeys = new Map([...formerKeys].map(([to, { from }]) => [from, to]))
  const steps: RosterStep[] = []
  for (const account of fresh.values()) {
    const before = known.get(account.key) ?? null
    const former = formerKeys.get(account.key)
    const step = former
      ? continued(account, before, known.get(former.from)!, former.isDeclared, question.at)
      : seen(account, before, question.at)
    if (step) steps.push(step)
  }
  for (const before of known.values()) {
    if (before.goneAt !== null || fresh.has(before.key)) continue
    const to = newKeys.get(before.key)
    const because: GoneBecause = to
      ? { code: 'userid-changed', to: fresh.get(to)!.userId }
      : { code: 'not-listed' }
    steps.push({
      key: before.key,
      before,
      after: { ...before, goneAt: question.at, goneBecause: because },
      formerKey: null,
      // The step of the new user id tells it.
      changes: to ? [] : [{ kind: 'left', because }],
    })
  }
  const counted = (kind: RosterChange['kind']) =>
    steps.filter((step) => step.changes.some((change) => change.kind === kind)).length
  return {
    steps: steps.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    present: question.known.filter((account) => account.goneAt === null).length,
    lost: counted('left') + counted('reused'),
  }
}

/**
 * The steps of one change of a user id that the platform declared, without reading anybody. Nothing when neither id says
 * anything yet, or when both are there: the next read will tell.
 */
export function declareUserIdChange(
  known: readonly KnownAccount[],
  change: { fromKey: string; toKey: string; toUserId: string; at: Temporal.Instant },
): RosterStep[] {
  const from = known.find((account) => account.key === change.fromKey)
  const to = known.find((account) => account.key === change.toKey)
  if (!from || from.goneBecause?.code === 'userid-changed') return []
  const toIsThere = to?.goneAt === null
  if (from.goneAt === null)
    return toIsThere
      ? []
      : compareRosters({
          known: to ? [from, to] : [from],
          fresh: [{ ...from, key: change.toKey, userId: change.toUserId }],
          at: change.at,
          mayChangeUserIds: true,
          declared: [{ from: change.fromKey, to: change.toKey }],
        }).steps
  if (!toIsThere) return []
  // A read came first: it took them for one who left and one who joined.
  const goneBecause: GoneBecause = { code: 'userid-changed', to: change.toUserId }
  return [
    { key: from.key, before: from, after: { ...from, goneBecause }, formerKey: null, changes: [] },
    {
      key: to.key,
      before: to,
      after: to,
      formerKey: from.key,
      changes: [{ kind: 'userid-changed', from: from.userId, isDeclared: true }],
    },
  ]
}

/** The steps once the platform was asked about those it does not list; `there` people stay as they are. */
export function withCauses(
  steps: readonly RosterStep[],
  causes: ReadonlyMap<string, GoneBecause | 'there'>,
): RosterStep[] {
  return steps.flatMap((step) => {
    const cause = causes.get(step.key)
    if (!cause || !isLeaving(step)) return [step]
    if (cause === 'there') return []
    const after = { ...step.after, goneBecause: cause }
    return [{ ...step, after, changes: [{ kind: 'left' as const, because: cause }] }]
  })
}

/** The account is not listed any more, and nobody took its place. */
export const isLeaving = ({ changes }: RosterStep): boolean => changes.some(({ kind }) => kind === 'left')

/** Only an import that was taken back has ever shown it. */
const wasNever = ({ goneBecause }: KnownAccount): boolean => goneBecause?.code === 'undone'

/** A user id that is listed: new, back, unchanged (null), changed, or somebody else's. */
function seen(fresh: RosterAccount, before: KnownAccount | null, at: Temporal.Instant): RosterStep | null {
  if (!before) return step(fresh, null, { life: 1, since: at }, [{ kind: 'joined' }])
  if (wasNever(before)) return step(fresh, before, { life: before.life, since: at }, [{ kind: 'joined' }])
  const isBack = before.goneAt !== null
  // Nearly everybody, nearly always.
  const verdict = isUnchanged(before, fresh) ? agrees : judgeHolder(before, fresh, isBack)
  if (!verdict.isSame) {
    const since = before.goneAt ?? at
    return step(fresh, before, { life: before.life + 1, since }, [
      { kind: 'reused', formerName: before.name, ...judged(verdict) },
    ])
  }
  // Some answers leave names out; nobody loses theirs for it.
  const named = fresh.name === '' ? { ...fresh, name: before.name } : fresh
  const changes = changesOf(before, named, verdict)
  if (isBack) changes.unshift({ kind: 'rehired', ...judged(verdict) })
  return changes.length > 0 ? step(named, before, before, changes) : null
}

/** The same human under a new user id: what was known goes on there. */
function continued(
  fresh: RosterAccount,
  atNewKey: KnownAccount | null,
  former: KnownAccount,
  isDeclared: boolean,
  at: Temporal.Instant,
): RosterStep {
  const named = fresh.name === '' ? { ...fresh, name: former.name } : fresh
  const life =
    atNewKey && !wasNever(atNewKey)
      ? { life: atNewKey.life + 1, since: atNewKey.goneAt ?? at }
      : { life: 1, since: former.since }
  const changes: RosterChange[] = [
    { kind: 'userid-changed', from: former.userId, isDeclared },
    ...changesOf({ ...former, userId: fresh.userId }, named, agrees),
  ]
  return { ...step(named, atNewKey, life, changes), formerKey: former.key }
}

const agrees: HolderVerdict = { isSame: true, because: 'agrees', isUncertain: false }

const isUnchanged = (was: RosterAccount, is: RosterAccount): boolean =>
  was.name === is.name &&
  was.humanId === is.humanId &&
  was.mobilePrint === is.mobilePrint &&
  was.jobNumber === is.jobNumber &&
  was.email === is.email

const judged = ({ because, isUncertain }: HolderVerdict) => ({ because, isUncertain })

const step = (
  fresh: RosterAccount,
  before: KnownAccount | null,
  { life, since }: Pick<KnownAccount, 'life' | 'since'>,
  changes: RosterChange[],
): RosterStep => ({
  key: fresh.key,
  before,
  after: { ...fresh, life, since, goneAt: null, goneBecause: null },
  formerKey: null,
  changes,
})

function changesOf(before: RosterAccount, fresh: RosterAccount, verdict: HolderVerdict): RosterChange[] {
  const changes: RosterChange[] = []
  if (before.name !== fresh.name)
    changes.push({ kind: 'renamed', from: before.name, to: fresh.name, ...judged(verdict) })
  if (!isSameSet(before.departmentIds, fresh.departmentIds))
    changes.push({ kind: 'moved', from: before.departments, to: fresh.departments })
  else if (!isSameSet(before.departments, fresh.departments))
    changes.push(
      changed('departments', before.departments.join('、') || null, fresh.departments.join('、') || null),
    )
  if (before.mobilePrint !== fresh.mobilePrint)
    changes.push(changed('mobile', before.mobileTail, fresh.mobileTail))
  for (const field of ['userId', 'jobNumber', 'email', 'title', 'manager'] as const)
    if (before[field] !== fresh[field]) changes.push(changed(field, before[field], fresh[field]))
  const [was, is] = [before.hiredOn?.toString() ?? null, fresh.hiredOn?.toString() ?? null]
  if (was !== is) changes.push(changed('hiredOn', was, is))
  if (before.humanId !== fresh.humanId) changes.push(changed('humanId', null, null))
  if (before.isActive !== fresh.isActive) changes.push({ kind: fresh.isActive ? 'activated' : 'deactivated' })
  return changes
}

const changed = (field: ToldField, from: string | null, to: string | null): RosterChange => ({
  kind: 'changed',
  field,
  from,
  to,
})

const isSameSet = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false
  if (a.every((text, i) => text === b[i])) return true
  const there = new Set(a)
  return b.every((text) => there.has(text)) && new Set(b).size === there.size
}

/**
 * New key → the key it had until now: what the platform declared, and where one account vanished while exactly one new
 * one carries the same name and a fact that nobody else has.
 */
function movedUserIds(
  { mayChangeUserIds, declared = [] }: RosterQuestion,
  known: ReadonlyMap<string, KnownAccount>,
  fresh: ReadonlyMap<string, RosterAccount>,
): Map<string, { from: string; isDeclared: boolean }> {
  const moved = new Map<string, { from: string; isDeclared: boolean }>()
  if (!mayChangeUserIds) return moved
  const isVanished = (key: string) => known.get(key)?.goneAt === null && !fresh.has(key)
  for (const { from, to } of declared)
    if (isVanished(from) && fresh.has(to) && known.get(to)?.goneAt !== null)
      moved.set(to, { from, isDeclared: true })
  const taken = new Set([...moved.values()].map(({ from }) => from))
  const vanished = [...known.values()].filter((one) => isVanished(one.key) && !taken.has(one.key))
  if (vanished.length === 0) return moved
  const arrived = [...fresh.values()].filter((one) => {
    const before = known.get(one.key)
    return !moved.has(one.key) && (!before || before.goneAt !== null)
  })
  const byTrace = groupBy(vanished, tracesOf)
  const arrivals = groupBy(arrived, tracesOf)
  const claims = new Map<string, Set<string>>()
  for (const [trace, [to, ...more]] of arrivals) {
    const from = byTrace.get(trace)
    if (!to || more.length > 0 || from?.length !== 1) continue
    claims.set(to.key, (claims.get(to.key) ?? new Set()).add(from[0]!.key))
  }
  const claimed = groupBy([...claims.values()], (froms) => [...froms])
  for (const [to, froms] of claims) {
    const [from] = froms
    const isOneToOne = froms.size === 1 && from !== undefined && claimed.get(from)!.length === 1
    if (isOneToOne && isPlausible(known.get(from)!, fresh.get(to)!, known.get(to)))
      moved.set(to, { from, isDeclared: false })
  }
  return moved
}

/** A name with one hard fact beside it: who carries the same is the same human, if nobody else does. */
function tracesOf(account: RosterAccount): string[] {
  const name = plainName(account.name)
  if (name === '') return []
  const facts = [account.humanId, account.mobilePrint, account.jobNumber, account.email]
  return facts.flatMap((fact, i) => (fact === null ? [] : [`${name} ${i} ${fact}`]))
}

/** Nothing of the person's own contradicts it, and whoever had the new user id before is not simply back. */
function isPlausible(was: KnownAccount, is: RosterAccount, earlier: KnownAccount | undefined): boolean {
  const contradicts = (a: string | null, b: string | null) => a !== null && b !== null && a !== b
  if (contradicts(was.humanId, is.humanId) || contradicts(was.mobilePrint, is.mobilePrint)) return false
  return !earlier || wasNever(earlier) || !judgeHolder(earlier, is, true).isSame
}

function groupBy<T>(items: readonly T[], keysOf: (item: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key)
      if (group) group.push(item)
      else groups.set(key, [item])
    }
  return groups
}
