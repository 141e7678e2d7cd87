import { type DeliveryEvent, type DeliveryState, nextState } from '#domain/delivery-states.ts'
import { legsOf } from '#domain/direction.ts'
import { judgeReadBack, type ReadBack, type ReadBackFacts } from '#domain/judge-read-back.ts'
import { reverseMatches } from '#domain/reverse-matches.ts'

/**
 * What the small world takes from the product as it is, and what of the journey between can be left out or done wrong on
 * purpose. What decides a punch (4-decide.ts, load.ts) is called where it is needed and cannot be exchanged.
 */
export type Decisions = {
  nextState: (state: DeliveryState, event: DeliveryEvent) => DeliveryState
  judgeReadBack: (facts: ReadBackFacts) => ReadBack
  reverseMatches: typeof reverseMatches
  /** `reset`: calls in flight are taken for calls never made. */
  recover: 'asIs' | 'never' | 'reset'
  /** Seconds we filled ourselves are known by the ledger; otherwise by a mark that platforms may strip. */
  knowsEchoes: 'byLedger' | 'byMark'
  /** The target is read before anything is written. */
  looksBeforeWriting: boolean
  /** A claim fails when a person has taken a link apart since the run read the links. */
  heedsRecalls: boolean
  /** Where wrong deliveries went is remembered when they are sent to the right person. */
  keepsMisdelivered: boolean
}

export const asTheProductDecides: Decisions = {
  nextState,
  judgeReadBack,
  reverseMatches,
  recover: 'asIs',
  knowsEchoes: 'byLedger',
  looksBeforeWriting: true,
  heedsRecalls: true,
  keepsMisdelivered: true,
}

/** Both ways of a route, in the product's order: their places number them everywhere in the small world. */
export const ways = legsOf('both')
