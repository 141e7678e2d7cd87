import type { WorldAsk } from './found-world.ts'

/** Days on which stories begin: an ordinary Monday, the last working day of a month, and the day before a long holiday. */
const beginnings = ['2026-03-02T04:00:00+08:00', '2026-03-31T04:00:00+08:00', '2026-09-30T04:00:00+08:00']

/** Of the long proof's days now and then one of a company in which a sweep takes many calls and a batch is full. */
const isLarge = (seed: number, { direction, days }: Pick<WorldAsk, 'direction' | 'days'>): boolean =>
  seed > 600 && seed % 18 === 3 && days === 1 && direction !== 'both'

/** What kind of world a seed tells of: every direction, small and larger companies, tidy and untidy ones. */
export function worldOf(seed: number, database: WorldAsk['database'], days = 1): WorldAsk {
  const pick = <T>(list: readonly T[], by: number): T => list[Math.floor(seed / by) % list.length]!
  const direction = pick(['both', 'dingtalk-to-wecom', 'both', 'wecom-to-dingtalk'] as const, 1)
  return {
    database,
    seed,
    days,
    direction,
    people: isLarge(seed, { direction, days }) ? 300 : 3 + (seed % 5),
    style: seed % 6 === 5 ? 'sample' : 'plain',
    edition: pick([['standard'], ['standard', 'development-pack']], 4),
    punchIn: direction === 'dingtalk-to-wecom' ? 'dingtalk' : direction === 'both' ? 'both' : 'wecom',
    pollEvery: pick(['1h', '2h', '3h'], 2),
    start: pick(beginnings, 7),
    // Every ninth story has hardly a call left that month, and must make do.
    ...(seed % 9 === 4 && { callsLeft: 5 + (seed % 40) }),
    hasEvents: seed % 3 !== 0,
    hasNeighbour: seed % 50 === 7,
    faults: { writtenTexts: seed % 2 === 0 ? 'stripped' : 'kept' },
  }
}
