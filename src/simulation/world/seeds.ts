import type { WorldAsk } from './found-world.ts'

/** What kind of world a seed tells of: every direction, small and larger companies, tidy and untidy ones. */
export function worldOf(seed: number, database: WorldAsk['database'], days = 1): WorldAsk {
  const pick = <T>(list: readonly T[], by: number): T => list[Math.floor(seed / by) % list.length]!
  const direction = pick(['both', 'dingtalk-to-wecom', 'both', 'wecom-to-dingtalk'] as const, 1)
  return {
    database,
    seed,
    days,
    direction,
    people: 3 + (seed % 5),
    style: seed % 6 === 5 ? 'sample' : 'plain',
    edition: pick([['standard'], ['standard', 'development-pack']], 4),
    punchIn: direction === 'dingtalk-to-wecom' ? 'dingtalk' : direction === 'both' ? 'both' : 'wecom',
    pollEvery: pick(['1h', '2h', '3h'], 2),
    faults: { writtenTexts: seed % 2 === 0 ? 'stripped' : 'kept' },
  }
}
