import type { WorldAsk } from './found-world.ts'
import { type Ending, tellWorld } from './tell-world.ts'

/**
 * A morning of three people, long enough for everything a lane does: rosters, sweeps, events, writing, looking back. Nobody
 * punches on both sides in it: there a write that a crash cut short stays in doubt for a person, as it must.
 */
export const morning = (database: WorldAsk['database'], direction: WorldAsk['direction']): WorldAsk => ({
  ...{ database, direction, seed: 3, people: 3, style: 'plain', edition: ['standard'], hasEvents: true },
  punchIn: direction === 'dingtalk-to-wecom' ? 'dingtalk' : direction === 'both' ? 'both' : 'wecom',
  start: '2026-03-02T07:30:00+08:00',
  // Over before anybody goes home: what is punched at the very end may have been swept or not.
  ...{ days: 1 / 8, calmHours: 7, pollEvery: '1h' },
})

/** What a crash left otherwise than it would have been; empty where the end is the same. */
export type Scar = { atAwait: number; what: string }

/**
 * Tells the same morning again with one crash, at its n-th await: another process goes on. The end must be that of the
 * morning `whole` in which nothing crashed (I8): every invariant, as many records, and the same ledger.
 */
export async function crashAt(ask: WorldAsk, whole: Ending, atAwait: number): Promise<Scar[]> {
  const told = await tellWorld(ask, [{ kind: 'kill', at: 0, afterSteps: atAwait }])
  const found = told.breaches.map(({ invariant, what }) => `${invariant} ${what}`)
  if (told.written !== whole.written) found.push(`${told.written} records were written, not ${whole.written}`)
  if (told.endState !== whole.endState) found.push('the ledger ends otherwise')
  if (told.kills !== 1) found.push(`${told.kills} crashes`)
  return found.map((what) => ({ atAwait, what }))
}
