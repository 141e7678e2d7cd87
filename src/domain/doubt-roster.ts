import type { RosterComparison } from './compare-rosters.ts'

/** A roster that loses more than both of these at once is more likely a changed visible range than people leaving. */
export const suspiciousLoss = { share: 0.3, people: 5 }

/** Why a roster read is not believed until a person accepts it. */
export type RosterDoubt =
  /** So many of those known are gone, or are somebody else, at once. */
  | { code: 'many-lost'; lost: number; of: number }
  /** Nobody at all was listed. */
  | { code: 'nobody-listed'; of: number }
  /** It is what a person has just taken back. */
  | { code: 'undone'; import: number }

/** Null when the read may be believed. */
export function doubtRoster({ present, lost }: RosterComparison, listed: number): RosterDoubt | null {
  if (present > 0 && listed === 0) return { code: 'nobody-listed', of: present }
  if (lost > suspiciousLoss.people && lost > present * suspiciousLoss.share)
    return { code: 'many-lost', lost, of: present }
  return null
}
