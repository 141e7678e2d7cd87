import type { Reason, Remedy } from '../evidence.ts'
import type { LinkStatus } from '../person.ts'
import type { Evidence } from './evidence-levels.ts'
import type { Model } from './model.ts'
import type { StaffAccount } from './staff-account.ts'

/** The claim that an account is the same person as another one, with all that speaks for and against it. */
export type Claim = {
  /** The other account. */
  id: string
  connection: string
  status: Exclude<LinkStatus, 'unmatched'>
  /** That both are one person, rivals considered. */
  probability: number
  /** What all evidence weighs, in bits. */
  weight: number
  weights: readonly { evidence: Evidence | 'explicit'; bits: number }[]
  because: Reason[]
  wouldChange: Remedy[]
}

/** What became of one account, towards one other connection or on the whole. */
export type Verdict = {
  status: LinkStatus
  /** Certain: the same person. */
  links: Claim[]
  /** Possible: a person must look. The likeliest first. */
  candidates: Claim[]
  because: Reason[]
  wouldChange: Remedy[]
}

export type Outcome = Verdict & {
  id: string
  connection: string
  /** The first id of all accounts of this person: stable as long as that account is one of them. */
  person: string
}

/** Who is who among all accounts of a group. Outcomes are made when asked for, so that a large group fits in memory. */
export type Resolution = {
  model: Model
  /** The account as it was given. Fails with a RangeError for an id that is not among the accounts. */
  accountOf(id: string): StaffAccount
  /** Fails with a RangeError for an id that is not among the accounts. */
  outcomeOf(id: string): Outcome
  /** The same towards one connection: who is this account's twin there? */
  towards(id: string, connection: string): Verdict
  /** Every account, in the order of ids. */
  outcomes(): Iterable<Outcome>
  /** Every person: the ids of their accounts, in order; unlinked accounts are persons of their own. */
  people(): Iterable<readonly string[]>
  counts: Readonly<Record<LinkStatus, number>>
}
