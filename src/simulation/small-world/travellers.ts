import type { Traveller } from '#journey/context.ts'
import { type Decisions, ways } from './decisions.ts'
import { linksOf } from './ledger.ts'
import type { Run } from './state.ts'
import { accountKeys, accountOf, indexOfKey, people, type SmallWorld, seconds } from './world.ts'

/**
 * 3-match.ts match and travellers: who travels this way under the links the run has read. The WeCom side is the DingTalk
 * side turned round by the product's own `reverseMatches`.
 */
export function travellersOf(world: SmallWorld, run: Run, decisions: Decisions): Traveller[] {
  const links = linksOf(world, run.linksRead)
  const forward = new Map(
    links.map(({ status, twin }, person) => [
      accountKeys[accountOf('dingtalk', person as 0 | 1)],
      { status, twin: twin === null ? null : accountKeys[twin], candidates: [] },
    ]),
  )
  const { source } = ways[run.way]!
  const matches = source === 'dingtalk' ? forward : decisions.reverseMatches(forward)
  return people
    .map((person): Traveller => {
      const key = accountKeys[accountOf(source, person)]
      const { status, twin } = matches.get(key) ?? { status: 'unmatched' as const, twin: null }
      return {
        key,
        userId: key,
        name: key,
        personId: key,
        status,
        twin: twin === null ? null : { key: twin, userId: twin },
        since: sinceOf(world, key, twin),
        leftAt: null,
      }
    })
    .filter(({ key }) => isAmong(world, run, key))
}

/** A new holder of one of the two user ids has no punches from before (context.ts travellerAt). */
function sinceOf({ links }: SmallWorld, key: string, twin: string | null): number | null {
  const isReused = key === accountKeys[0] || twin === accountKeys[0]
  return isReused && links.heldSince !== null ? seconds[links.heldSince] : null
}

/** A leaver travels only with a window that reaches back to before they left: steps that read nobody have none. */
function isAmong({ links }: SmallWorld, { kind, linksRead }: Run, key: string): boolean {
  const isGone = linksRead === 1 && links.change?.leaver === indexOfKey(key)
  return !isGone || (kind !== 'deliver' && kind !== 'readBack')
}
