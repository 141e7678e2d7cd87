import type { AccountName } from './operations.ts'

/** A punch that went out, or may have, under a link that a person has found wrong. */
export type DeliveredRecord = {
  route: string
  punch: string
  source: AccountName
  at: string
  target: AccountName
  state: DeliveredState
}

/**
 * `verified`, `sent` and `inDoubt` are or may be in the target because of us; `sending` is in a call at this moment;
 * `alreadyThere` was there without us and needs nothing.
 */
export type DeliveredState = 'verified' | 'sent' | 'inDoubt' | 'sending' | 'alreadyThere'

/**
 * `records` holds the oldest thousand of `count`. `link` is `wrong` where a person's word makes them records of two
 * people, `open` where nobody says so: the link is only not sure any more.
 */
export type DeliveredReport = {
  link: 'wrong' | 'open'
  count: number
  states: Partial<Record<DeliveredState, number>>
  records: DeliveredRecord[]
}

/** What followed from a person's act about who is who. */
export type ActEffects = {
  /** Its number, to take it back by; null when it changed nothing. */
  act: number | null
  /** Punches that were held for want of a link and now flow. */
  released: number
  /** Punches that had gone to the wrong person and go to the right one with the next runs. */
  redirected: number
  /** Deliveries that were planned and are held now; they were never sent. */
  recalled: number
  /** What went out under links that are not there any more. */
  delivered: DeliveredReport
}

export type ActEntry = {
  id: number
  at: string
  actor: string
  kind: string
  subject: string
  /** What stood before and what the act put in its place, as `hq u001 = zhangsan`; the first of them. */
  before: string[]
  after: string[]
  /** Rows in all. */
  changes: number
  undoneAt: string | null
  undoneBy: number | null
  undoes: number | null
}

export type UndoActReport = ActEffects & { undone: number; kind: string; subject: string }
