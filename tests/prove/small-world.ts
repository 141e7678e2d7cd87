import { type Explored, exploreSmallWorld } from '#simulation/small-world/explore.ts'
import {
  type LinkStoryName,
  linkStories,
  placements,
  plainWorld,
  type RealPunch,
  type SmallWorld,
} from '#simulation/small-world/world.ts'

/**
 * Every state that two people and up to three punches can come to, whatever either platform answers, stores or hides and
 * wherever the process dies, over the product's own decisions: no second record because of us, nothing verified that is
 * not there, no run without an end, and from every state one end. With `quick`, up to two punches.
 */
const mostPunches = process.argv.includes('quick') ? 2 : 3

type Group = { name: string; world: Omit<SmallWorld, 'punches'>; punches: RealPunch[][]; isKnownLimit?: true }

const right = { interchangeable: true, tellsSlots: false }
const counts = [1, 2, 3].filter((count) => count <= mostPunches)

/**
 * Two people in one second: under a wrong link nobody can tell whether the record there is ours or their own, and a punch
 * of the second may be taken for our record of the first.
 */
const isShared = (punches: RealPunch[]) =>
  punches.some((one) => punches.some(({ person, second }) => person !== one.person && second === one.second))

const wrongLinks = ['wrongThenRight', 'crossedThenRight'] as const
const otherLinks = ['late', 'parted', 'faded', 'left', 'reused'] as const
const underLinks = (name: LinkStoryName, punches: RealPunch[][]): Group => ({
  name: `links ${name}`,
  world: { ...plainWorld, links: linkStories[name] },
  punches,
})
const pairs = placements(2, { interchangeable: false, tellsSlots: false })
const singles = placements(1, { interchangeable: false, tellsSlots: false })

const groups: Group[] = [
  ...counts.map((count) => ({ name: 'links right', world: plainWorld, punches: placements(count, right) })),
  {
    name: 'what is settled is forgotten, seconds are merged',
    world: { ...plainWorld, forgets: true, duplicates: 'merged' },
    punches: placements(2, right),
  },
  {
    name: 'slots may hide a punch',
    world: { ...plainWorld, tellsSlots: true },
    punches: placements(2, { interchangeable: true, tellsSlots: true }),
  },
  { name: 'whole runs too', world: { ...plainWorld, wholeRuns: true }, punches: placements(2, right) },
  ...otherLinks.flatMap((name) => [underLinks(name, singles), underLinks(name, pairs)]),
  ...wrongLinks.flatMap((name) => [
    underLinks(name, singles),
    underLinks(
      name,
      pairs.filter((punches) => !isShared(punches)),
    ),
  ]),
  ...wrongLinks.map((name) => ({
    ...underLinks(name, pairs.filter(isShared)),
    name: `links ${name}, two people in one second`,
    isKnownLimit: true as const,
  })),
]

let bad = 0
console.log(
  '| world | punches | worlds | states | moves | longest run | ends | wrong | steps that change nothing | seconds |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|')
const all = { states: 0, transitions: 0 }
for (const { name, world, punches, isKnownLimit } of groups) {
  const started = performance.now()
  const found = punches.map((those) => exploreSmallWorld({ world: { ...world, punches: those } }))
  const sum = (of: (one: Explored) => number) => found.reduce((total, one) => total + of(one), 0)
  const most = (of: (one: Explored) => number) => Math.max(...found.map(of))
  const wrong = new Set(found.flatMap(({ wrongs }) => wrongs.map(({ what }) => what)))
  if (found.some(({ isWhole }) => !isWhole)) wrong.add('not everything was visited')
  if (wrong.size > 0 && !isKnownLimit) {
    bad++
    tellFirst(found)
  }
  all.states += sum(({ states }) => states)
  all.transitions += sum(({ transitions }) => transitions)
  const row = [
    name,
    punches[0]!.length,
    punches.length,
    sum(({ states }) => states),
    sum(({ transitions }) => transitions),
    most(({ longestRun }) => longestRun),
    `${most(({ ends }) => ends.length)} at most`,
    [...wrong].join('; ') || 'nothing',
    sum(({ stalls }) => stalls.length),
    ((performance.now() - started) / 1000).toFixed(0),
  ]
  console.log(`| ${row.join(' | ')} |`)
}
console.log(
  `${all.states} states, ${all.transitions} moves; ${bad === 0 ? 'passed' : `${bad} groups failed`}`,
)
process.exitCode = bad === 0 ? 0 : 1

function tellFirst(found: Explored[]): void {
  const wrong = found.flatMap(({ wrongs }) => wrongs)[0]
  if (wrong) console.log(`${wrong.what}:\n  ${wrong.story.join('\n  ')}`)
}
