import type { LinkStatus } from './person.ts'

export type SkipReason = 'echo' | 'void' | 'merged' | 'tooOld' | 'future' | 'gone'
/** What stands at the target already, and is not ours to overwrite. */
export const inTheWay = ['approvedSlot', 'voidThere'] as const
export type HoldReason = 'unlinked' | 'suggested' | 'conflicting' | (typeof inTheWay)[number]

export type Decision =
  | { kind: 'skip'; because: SkipReason }
  | { kind: 'hold'; because: HoldReason }
  | { kind: 'alreadyThere' }
  | { kind: 'deliver' }

/** All that is known when a punch is decided. */
export type Known = {
  isOurOwnWrite: boolean
  isVoid: boolean
  /** The source no longer shows it. */
  isGone: boolean
  /** Another punch of the same person in the same second is already on its way. */
  isMerged: boolean
  /** Epoch seconds, as the two below: comparing instants was half of what deciding a punch costs. */
  at: number
  now: number
  /** The target accepts nothing older. */
  oldestAccepted: number
  link: LinkStatus
  /** The target already shows a punch of this person in this second. */
  isThere: boolean
  /** It shows one, and discounts it: a second record could not be told from it when what was written is looked for. */
  isVoidThere: boolean
  /** An approval filled the slot at the target. */
  isApprovedSlot: boolean
}

/** What becomes of one punch. The first rule that applies wins, so their order is the policy. */
export function decideDelivery(known: Known): Decision {
  if (known.isOurOwnWrite) return { kind: 'skip', because: 'echo' }
  if (known.isVoid) return { kind: 'skip', because: 'void' }
  if (known.isGone) return { kind: 'skip', because: 'gone' }
  if (known.isMerged) return { kind: 'skip', because: 'merged' }
  if (known.at < known.oldestAccepted) return { kind: 'skip', because: 'tooOld' }
  if (known.at > known.now) return { kind: 'skip', because: 'future' }
  if (known.link === 'suggested' || known.link === 'conflicting') return { kind: 'hold', because: known.link }
  if (known.link === 'unmatched') return { kind: 'hold', because: 'unlinked' }
  if (known.isThere) return { kind: 'alreadyThere' }
  if (known.isVoidThere) return { kind: 'hold', because: 'voidThere' }
  if (known.isApprovedSlot) return { kind: 'hold', because: 'approvedSlot' }
  return { kind: 'deliver' }
}
