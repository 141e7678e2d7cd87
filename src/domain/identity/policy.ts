/** Every limit and threshold of resolution. Probabilities are 0–1, weights are bits. */
export const identityPolicy = {
  /** A pair is linked without a person from this probability on. */
  linkAt: 0.999,
  /** A pair is worth a person's look from this probability on. */
  suggestAt: 0.05,
  /** Most candidates that are told for one account and connection. */
  candidatesAtMost: 10,
  /** Two pieces of hard evidence contradict each other when either alone would be at least this sure. */
  contradictionAt: 0.9,
  /** The same where only soft evidence stands beside the name. */
  softLinkAt: 0.9995,
  /** From this probability on, people are told why a pair is not linked. */
  sureAt: 0.9,
  /** Bits that soft evidence beside the name must weigh together to link at all. */
  softBits: 4.5,
  /** A job number that agrees but for a prefix or zeros is hard evidence from this weight on. */
  alikeBits: 9,
  /** Namesakes whose entries in a roster describe one another: lists are joined by name (ADR 0021). */
  mixedUp: 0.002,
  /** Pairs with less odds than this (before competition) are not kept; namesakes who may be mixed up have their own. */
  oddsAtLeast: 1e-3,
  namesakeOddsAtLeast: 1e-6,
  /** Of all accounts of a connection at most and at least this share is believed to have a twin on another one. */
  overlapAtMost: 0.9,
  overlapAtLeast: 0.0005,
  /** A probe less likely to hit than this is not asked. */
  probeHitAtLeast: 0.6,
  /** Hire dates this many days apart still speak for one person. */
  nearHireDays: 7,
} as const

export type IdentityPolicy = { readonly [Name in keyof typeof identityPolicy]: number }

/** Blocks with more accounts than this are cut by department and hire date (names) or passed over (the rest). */
export const blockLimits = { name: 40, pinyin: 24, nearName: 16, identifier: 50, opaque: 12 } as const
