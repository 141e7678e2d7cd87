import type { HolderFacts, HolderReason } from './same-holder.ts'

/** One account of one connection as a roster read tells it, ready to be compared and kept. */
export type RosterAccount = HolderFacts & {
  /** How the user id is compared (ids.ts). */
  key: string
  userId: string
  mobileTail: string | null
  departments: string[]
  departmentIds: string[]
  isActive: boolean
  title: string | null
  hiredOn: Temporal.PlainDate | null
  /** The user id of the direct superior. */
  manager: string | null
}

/** Why an account is not there any more. */
export type GoneBecause =
  /** The platform says that there is no such user. */
  | { code: 'left' }
  /** The user exists; the app may not see them any more. */
  | { code: 'out-of-range' }
  /** Not listed any more, and the platform would not say why. */
  | { code: 'not-listed' }
  /** The same human goes on under another user id. */
  | { code: 'userid-changed'; to: string }
  /** The user id belongs to somebody else now. */
  | { code: 'reused' }
  /** A person took the import back that had brought it. */
  | { code: 'undone'; import: number }

/**
 * An account as it is known. `life` counts the humans who held the user id one after the other; `since` is the first
 * instant of this life: whatever carries the id before it belongs to an earlier holder, or to nobody.
 */
export type KnownAccount = RosterAccount & {
  life: number
  since: Temporal.Instant
  goneAt: Temporal.Instant | null
  goneBecause: GoneBecause | null
}

/** Fields of an account whose change is worth telling, beside its name and its departments. */
export const toldFields = [
  'userId',
  'jobNumber',
  'mobile',
  'email',
  'title',
  'manager',
  'hiredOn',
  'humanId',
] as const
export type ToldField = (typeof toldFields)[number] | 'departments'

type Judged = { because: HolderReason; isUncertain: boolean }

/** What happened to one account between two reads. Mobiles are told by their tails. */
export type RosterChange =
  | { kind: 'joined' }
  | { kind: 'left'; because: GoneBecause }
  | ({ kind: 'rehired' } & Judged)
  /** The user id belongs to somebody else now: a new life of it begins. */
  | ({ kind: 'reused'; formerName: string } & Judged)
  /** The same human under a new user id. `isDeclared`: the platform itself said so. */
  | { kind: 'userid-changed'; from: string; isDeclared: boolean }
  | ({ kind: 'renamed'; from: string; to: string } & Judged)
  | { kind: 'moved'; from: string[]; to: string[] }
  | { kind: 'changed'; field: ToldField; from: string | null; to: string | null }
  | { kind: 'activated' }
  | { kind: 'deactivated' }

export type RosterChangeKind = RosterChange['kind']

/** One account's step from what was known to what is known now. */
export type RosterStep = {
  key: string
  /** Null for a user id that was never seen. */
  before: KnownAccount | null
  after: KnownAccount
  /** The key under which the same human was known until now. */
  formerKey: string | null
  changes: RosterChange[]
}

/** The accounts that are there after these steps, leavers and former lives marked, by key. */
export function applySteps(known: readonly KnownAccount[], steps: readonly RosterStep[]): KnownAccount[] {
  const after = new Map(known.map((account) => [account.key, account]))
  for (const step of steps) after.set(step.key, step.after)
  return [...after.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Taken for one holder or another, although it could be otherwise: a person has to be told. */
export const isUncertain = (change: RosterChange): boolean => 'isUncertain' in change && change.isUncertain

/** How many accounts took each kind of step. */
export function countChanges(steps: readonly RosterStep[]): Partial<Record<RosterChangeKind, number>> {
  const counts: Partial<Record<RosterChangeKind, number>> = {}
  for (const { changes } of steps)
    for (const kind of new Set(changes.map((change) => change.kind))) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
