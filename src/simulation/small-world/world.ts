import type { PlatformName } from '#domain/ids.ts'
import type { LinkStatus } from '#domain/person.ts'

/** Two people, each with an account on either side: so few that everything that can happen to them can be tried. */
export const people = [0, 1] as const
export type PersonIndex = (typeof people)[number]
export const platforms = ['dingtalk', 'wecom'] as const

/** Epoch seconds in which people punch: two in one minute, around the start of work, and one that is far from both. */
export const seconds = [1_772_585_890, 1_772_585_920, 1_772_618_520] as const
export type SecondIndex = 0 | 1 | 2

/** Planned slots of the day, where a world's platforms tell of slots: the first two seconds lie in one. */
export const slots = [
  { kind: 'in', plannedAt: 1_772_586_000, of: [0, 1] },
  { kind: 'out', plannedAt: 1_772_618_400, of: [2] },
] as const

/** One punch that a person really makes, on one side. */
export type RealPunch = { person: PersonIndex; side: PlatformName; second: SecondIndex }

/** An account: DingTalk's two, then WeCom's two. */
export type AccountIndex = 0 | 1 | 2 | 3
export const accountOf = (side: PlatformName, person: PersonIndex): AccountIndex =>
  ((side === 'dingtalk' ? 0 : 2) + person) as AccountIndex
export const accountKeys = ['d0', 'd1', 'w0', 'w1'] as const
export const sideOf = (account: number): PlatformName => (account < 2 ? 'dingtalk' : 'wecom')
export const indexOfKey = (key: string): AccountIndex =>
  accountKeys.indexOf(key as (typeof accountKeys)[number]) as AccountIndex

/** One second of one account: the place where a record stands, or does not. */
export const cellOf = (account: number, second: number): number => account * seconds.length + second
export const accountOfCell = (cell: number): AccountIndex => Math.floor(cell / seconds.length) as AccountIndex
export const secondOfCell = (cell: number): SecondIndex => (cell % seconds.length) as SecondIndex
export const cellCount = accountKeys.length * seconds.length

/** Who is who, seen from DingTalk: the WeCom account of either DingTalk account, or how far it is from knowing. */
export type Links = readonly [LinkOf, LinkOf]
export type LinkOf = { status: LinkStatus; twin: AccountIndex | null }

const linked = (twin: AccountIndex): LinkOf => ({ status: 'linked', twin })
const open: LinkOf = { status: 'unmatched', twin: null }

/** What happens to the links. `byWord`: a person says so, at any moment; otherwise a run itself finds it out. */
export type LinkStory = {
  first: Links
  change: { links: Links; byWord: boolean; leaver: AccountIndex | null } | null
  /** Punches of the first account before this second were made while somebody else held its user id; null: none. */
  heldSince: SecondIndex | null
}

const right: Links = [linked(2), linked(3)]
const steady = { first: right, change: null, heldSince: null }
const word = { byWord: true, leaver: null }

/** `faded`: new evidence, not a person, opened a link; `left`: the first account is gone; `reused`: see `heldSince`. */
export const linkStories = {
  right: steady,
  late: { ...steady, first: [open, open], change: { ...word, links: right } },
  wrongThenRight: { ...steady, first: [linked(3), open], change: { ...word, links: right } },
  crossedThenRight: { ...steady, first: [linked(3), linked(2)], change: { ...word, links: right } },
  parted: { ...steady, change: { ...word, links: [open, linked(3)] } },
  faded: { ...steady, change: { byWord: false, leaver: null, links: [open, linked(3)] } },
  left: { ...steady, change: { byWord: false, leaver: 0, links: right } },
  reused: { ...steady, heldSince: 2 },
} as const satisfies Record<string, LinkStory>
export type LinkStoryName = keyof typeof linkStories

export type SmallWorld = {
  punches: readonly RealPunch[]
  links: LinkStory
  /** What a platform does with a second record in one second of an account. */
  duplicates: 'stored' | 'merged'
  /** Whether reads tell of planned slots, so that a punch might be thought hidden behind the winner of its slot. */
  tellsSlots: boolean
  /** Settled deliveries may be forgotten at any time. */
  forgets: boolean
  /** Whole runs, as `sync` makes them, beside the steps of the planner. */
  wholeRuns: boolean
}

export const plainWorld: Omit<SmallWorld, 'punches'> = {
  links: linkStories.right,
  duplicates: 'stored',
  tellsSlots: false,
  forgets: false,
  wholeRuns: false,
}

/** Records one write call takes: DingTalk's one, and for WeCom so many that batches are shared and split. */
export const writeRecords: Record<PlatformName, number> = { dingtalk: 1, wecom: 2 }

/**
 * Every way to place so many punches on two people, two sides and three seconds. Of placements that are the same but for
 * the people's names (`interchangeable`) one stands for all, and so for the seconds, unless slots tell them apart.
 */
export function placements(
  count: number,
  { interchangeable, tellsSlots }: { interchangeable: boolean; tellsSlots: boolean },
): RealPunch[][] {
  const all: RealPunch[] = people.flatMap((person) =>
    platforms.flatMap((side) => ([0, 1, 2] as const).map((second) => ({ person, side, second }))),
  )
  const found = new Map<string, RealPunch[]>()
  for (const chosen of subsets(all, count)) {
    const names = interchangeable ? [(p: number) => p, (p: number) => 1 - p] : [(p: number) => p]
    const clocks = tellsSlots ? [[0, 1, 2]] : permutations
    const key = names.flatMap((name) => clocks.map((clock) => textOf(chosen, name, clock))).toSorted()[0]!
    if (!found.has(key)) found.set(key, chosen)
  }
  return [...found.values()]
}

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

const textOf = (punches: RealPunch[], name: (person: number) => number, clock: readonly number[]): string =>
  punches
    .map(({ person, side, second }) => `${name(person)}${side[0]}${clock[second]}`)
    .toSorted()
    .join()

function* subsets<T>(all: readonly T[], count: number): Generator<T[]> {
  if (count === 0) yield []
  else
    for (const [i, first] of all.entries())
      for (const rest of subsets(all.slice(i + 1), count - 1)) yield [first, ...rest]
}
