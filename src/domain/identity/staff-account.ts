/**
 * What resolution looks at: one account of one connection, for as long as one human holds it. A user id that somebody
 * else holds later is a second account with an `id` of its own.
 */
export type StaffAccount = {
  /** Unique among all accounts of the group; says nothing else. */
  id: string
  /** The connection's key, e.g. `hq-dingtalk`. */
  connection: string
  userId: string
  name: string
  /** For comparing only: E.164, or a keyed fingerprint of it. Null when hidden, empty or not a phone number. */
  mobile: string | null
  /** Its last four digits, for people to read. */
  mobileTail: string | null
  jobNumber: string | null
  email: string | null
  /** Paths of department names, e.g. `总部/研发中心`. */
  departments: readonly string[]
  title: string | null
  /** The user id of the direct superior on the same connection. */
  manager: string | null
  /** `YYYY-MM-DD`; null when unknown. */
  hiredOn: string | null
  /** `YYYY-MM-DD`, the last day; null while employed or unknown. */
  leftOn: string | null
}

/** Two accounts by `StaffAccount.id`, in any order. */
export type Pair = readonly [string, string]

/** What is known beside the accounts themselves. */
export type KnownFacts = {
  /** Pairs a person has declared to be one human: they beat every rule. */
  links: readonly Pair[]
  /** Pairs a person has taken apart: no evidence brings them together again, only an explicit link. */
  apart: readonly Pair[]
  /** What a platform said about the owner of an account's mobile on another connection; `owner` null: nobody there. */
  probes: readonly { account: string; connection: string; owner: string | null }[]
  /** How often two accounts punched in the same second, of how many punches of the rarer of the two. */
  together: readonly { pair: Pair; sameSecond: number; of: number }[]
}

export const nothingKnown: KnownFacts = { links: [], apart: [], probes: [], together: [] }
