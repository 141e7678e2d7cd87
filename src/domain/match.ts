import type { Reason, Remedy } from './evidence.ts'
import type { LinkStatus } from './person.ts'

/** How sure a claim is that two accounts are one person. */
export type Certainty = {
  /** 0–1, rivals considered; null where there is no counterpart. */
  probability: number | null
  /** What all evidence weighs, in bits. */
  weight: number | null
  /** Bits by kind of evidence. */
  weights: Record<string, number>
  /** What a person could do that would change it. */
  wouldChange: Remedy[]
}

/** An account of the target that may be the same person. */
export type Candidate = Certainty & { key: string; userId: string; because: Reason[] }

/** What became of one source account on a route. */
export type Match = Certainty & {
  status: LinkStatus
  /** The twin's key, when linked. */
  twin: string | null
  because: Reason[]
  candidates: Candidate[]
}
