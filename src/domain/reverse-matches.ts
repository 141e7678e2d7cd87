import type { LinkStatus } from './person.ts'

/** As much of a match as turning it round needs. */
type Turned = { status: LinkStatus; twin: string | null; candidates: readonly { key: string }[] }

/** What became of an account, as far as its punches are concerned. */
export type Twin = { status: LinkStatus; twin: string | null }

/** How much a person has to do: an account claimed by several is as open as the most open claim. */
const openness: Record<LinkStatus, number> = { linked: 3, conflicting: 2, suggested: 1, unmatched: 0 }

/**
 * Who is who seen from the other side: by the twin's key, the account it is one person with, or how far it is from
 * knowing. An account nobody claims is in no row.
 */
export function reverseMatches(matches: ReadonlyMap<string, Turned>): Map<string, Twin> {
  const reversed = new Map<string, Twin>()
  const claim = (key: string, claimed: Twin) => {
    const before = reversed.get(key)
    if (!before || openness[claimed.status] > openness[before.status]) reversed.set(key, claimed)
  }
  for (const [key, { status, twin, candidates }] of matches) {
    if (status === 'linked' && twin !== null) claim(twin, { status, twin: key })
    else for (const candidate of candidates) claim(candidate.key, { status, twin: null })
  }
  return reversed
}
