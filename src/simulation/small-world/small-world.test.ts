import { describe, expect, test } from 'vitest'
import { nextState } from '#domain/delivery-states.ts'
import { judgeReadBack } from '#domain/judge-read-back.ts'
import { asTheProductDecides, type Decisions } from './decisions.ts'
import { exploreSmallWorld } from './explore.ts'
import { proveEnds } from './prove-ends.ts'
import {
  type LinkStoryName,
  linkStories,
  placements,
  plainWorld,
  type RealPunch,
  type SmallWorld,
} from './world.ts'

const byDingtalk: RealPunch = { person: 0, side: 'dingtalk', second: 0 }
const byWecom: RealPunch = { person: 0, side: 'wecom', second: 0 }
const inTheSameMinute = [byDingtalk, { ...byWecom, second: 1 }] as const

/** What is wrong in a world, with the story that led there. */
const wrongsOf = (world: Omit<SmallWorld, keyof typeof plainWorld> & Partial<SmallWorld>) => {
  const { wrongs, isWhole } = exploreSmallWorld({ world: { ...plainWorld, ...world } })
  expect(isWhole).toBe(true)
  return wrongs
}

describe('whatever the platforms do, wherever the process dies', () => {
  // One world of each kind; `npm run prove` visits all there are, and those with three punches.
  const kinds: { kind: string; punches: RealPunch[] }[] = [
    { kind: 'one person, on one side', punches: [byWecom, { ...byWecom, second: 1 }] },
    { kind: 'one person, on both sides in one minute', punches: [byDingtalk, { ...byWecom, second: 1 }] },
    { kind: 'one person, on both sides in one second', punches: [byDingtalk, byWecom] },
    { kind: 'two people, either on another side', punches: [byDingtalk, { ...byWecom, person: 1 }] },
  ]
  test.for(kinds)(
    'two punches reach the other side once, and all runs end the same: $kind',
    ({ punches }) => {
      const explored = exploreSmallWorld({ world: { ...plainWorld, punches } })
      expect(explored).toMatchObject({ isWhole: true, wrongs: [], stalls: [] })
      expect(explored.states).toBeGreaterThan(1_000) // an empty walk would find nothing wrong
    },
  )

  test('so it is where the ledger has forgotten what is settled, and a second record is merged with the first', () => {
    const punches = inTheSameMinute
    expect(wrongsOf({ punches, forgets: true })).toEqual([])
    expect(wrongsOf({ punches, duplicates: 'merged' })).toEqual([])
  })

  test('so it is where a punch may be thought hidden behind another of its slot, but for what a person is asked', () => {
    expect(wrongsOf({ punches: inTheSameMinute, tellsSlots: true })).toEqual([])
  })

  test('so it is in whole runs, which look back with what they knew when they began', () => {
    expect(wrongsOf({ punches: [byDingtalk], wholeRuns: true, links: linkStories.wrongThenRight })).toEqual(
      [],
    )
  })

  test.for(Object.keys(linkStories) as LinkStoryName[])(
    'so it is for one punch under links that are %s',
    (name) => {
      for (const punches of placements(1, { interchangeable: false, tellsSlots: false }))
        expect(wrongsOf({ punches, links: linkStories[name] })).toEqual([])
    },
  )
})

describe('the explorer finds', () => {
  const bugs: { bug: string; wrong: string; decisions: Partial<Decisions>; world?: Partial<SmallWorld> }[] = [
    {
      bug: 'calls in flight that a new process takes for calls never made',
      wrong: 'a second record of one second stands at a target because of us',
      decisions: { recover: 'reset' },
    },
    {
      bug: 'a new process that leaves calls in flight as they are',
      wrong: 'a call is under way for ever',
      decisions: { recover: 'never' },
    },
    {
      bug: 'a miss that counts before V has passed',
      wrong: 'a second record of one second stands at a target because of us',
      decisions: {
        judgeReadBack: (facts) => judgeReadBack({ ...facts, sinceAttemptMs: Number.POSITIVE_INFINITY }),
      },
    },
    {
      bug: 'a lost answer that is sent again without a read',
      wrong: 'a second record of one second stands at a target because of us',
      decisions: { nextState: (state, event) => (event === 'lose' ? 'waiting' : nextState(state, event)) },
    },
    {
      bug: 'an answer that is taken for a receipt',
      wrong: 'a delivery is called verified and is not there',
      decisions: { nextState: (state, event) => (event === 'accept' ? 'verified' : nextState(state, event)) },
    },
    {
      bug: 'a miss that changes nothing',
      wrong: 'a delivery is in doubt though nothing hides it',
      decisions: {
        nextState: (state, event) =>
          state === 'inDoubt' && event === 'miss' ? 'inDoubt' : nextState(state, event),
      },
    },
    {
      bug: 'echoes that are known by their mark alone, where the target is not looked at either',
      wrong: 'an echo of our own write is sent back',
      decisions: { knowsEchoes: 'byMark', looksBeforeWriting: false },
    },
    {
      bug: 'echoes in the wrong person’s name that are known by their mark alone',
      wrong: 'an echo of our own write is sent back',
      decisions: { knowsEchoes: 'byMark' },
      world: { links: linkStories.wrongThenRight },
    },
    {
      bug: 'wrong deliveries that are not remembered once they were put right',
      wrong: 'an echo of our own write is sent back',
      decisions: { keepsMisdelivered: false },
      world: { links: linkStories.wrongThenRight },
    },
    {
      bug: 'a claim that does not heed a link taken apart meanwhile',
      wrong: 'a punch is sent to somebody who is not the same person',
      decisions: { heedsRecalls: false },
      world: { links: linkStories.wrongThenRight },
    },
    {
      bug: 'links that are not turned round for the way back',
      wrong: 'a punch never reached the other side, and nothing says so',
      decisions: { reverseMatches: () => new Map() },
      world: { punches: [byWecom] },
    },
  ]
  test.for(bugs)('$bug', ({ wrong, decisions, world }) => {
    const { wrongs } = exploreSmallWorld({
      world: { ...plainWorld, punches: [byDingtalk], ...world },
      decisions: { ...asTheProductDecides, ...decisions },
      stopsAtFirst: true,
    })
    expect(wrongs.map(({ what }) => what)).toContain(wrong)
    expect(wrongs[0]!.story.length).toBeGreaterThan(1)
  })

  test('settled deliveries forgotten while a wrong link may still be put right: retention must outlast every window', () => {
    const world = { ...plainWorld, punches: [byDingtalk], links: linkStories.wrongThenRight, forgets: true }
    const { wrongs } = exploreSmallWorld({ world, stopsAtFirst: true })
    expect(wrongs.map(({ what }) => what)).toEqual(['an echo of our own write is sent back'])
  })
})

describe('the proof of ends', () => {
  const end = (...shown: string[]) => ({ shown, doubted: [] as string[] })

  test('finds the longest run, and one end where all runs meet', () => {
    expect(proveEnds([[1, 2], [3], [3], []], [null, null, null, end('a')])).toMatchObject({
      longestRun: 2,
      ends: [end('a')],
      circle: null,
      fork: null,
    })
  })

  test('finds a circle, however one may leave it', () => {
    expect(proveEnds([[1], [0, 2], []], [null, null, end('a')]).circle).toBe(0)
  })

  test('finds a fork, unless a person is asked about the difference', () => {
    expect(proveEnds([[1, 2], [], []], [null, end('a'), end('b')]).fork).toBe(0)
    const asked = { shown: ['a'], doubted: ['b'] }
    expect(proveEnds([[1, 2], [], []], [null, asked, end('a', 'b')]).fork).toBe(null)
  })
})
