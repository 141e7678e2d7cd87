import { expect, test } from 'vitest'
import { judgeReadBack, type ReadBackFacts } from './judge-read-back.ts'

const nine = 9 * 3600
const six = 18 * 3600
const facts: ReadBackFacts = {
  at: nine - 120,
  isShown: false,
  sinceAttemptMs: 3_600_000,
  visibilityMaxMs: 2_700_000,
  wasEverLater: false,
  showsAll: false,
  slots: [],
  slotRadius: 4 * 3600,
}
const inSlot = (punchedAt: number | null) => ({ kind: 'in' as const, plannedAt: nine, punchedAt })
const outSlot = (punchedAt: number | null) => ({ kind: 'out' as const, plannedAt: six, punchedAt })

test.for<{ when: string; facts: Partial<ReadBackFacts>; gives: unknown }>([
  { when: 'it shows', facts: { isShown: true, sinceAttemptMs: 0 }, gives: { kind: 'see' } },
  { when: 'it is too early to say', facts: { sinceAttemptMs: 2_699_999 }, gives: { kind: 'wait' } },
  { when: 'the longest delay has passed and nothing explains it', facts: {}, gives: { kind: 'miss' } },
  {
    when: 'the account is gone, and the longest delay has passed',
    facts: { isAccountGone: true },
    gives: { kind: 'doubt', because: 'account-gone' },
  },
  {
    when: 'the account is gone, and it was seen before the last row went',
    facts: { isAccountGone: true, isShown: true },
    gives: { kind: 'see' },
  },
  {
    when: 'this platform was once even later',
    facts: { wasEverLater: true },
    gives: { kind: 'doubt', because: 'late-platform' },
  },
  {
    when: 'an earlier in-punch of the slot shows instead',
    facts: { slots: [inSlot(nine - 600)] },
    gives: { kind: 'doubt', because: 'superseded' },
  },
  {
    when: 'only a later in-punch shows: ours would have won',
    facts: { slots: [inSlot(nine + 60)] },
    gives: { kind: 'miss' },
  },
  {
    when: 'a later out-punch of the slot shows instead',
    facts: { at: six + 60, slots: [inSlot(nine - 600), outSlot(six + 300)] },
    gives: { kind: 'doubt', because: 'superseded' },
  },
  {
    when: 'the slot is shown empty',
    facts: { at: six + 60, slots: [inSlot(nine - 600), outSlot(null)] },
    gives: { kind: 'miss' },
  },
  {
    when: 'it was missed once before: twice the delay has not passed',
    facts: { misses: 1, sinceAttemptMs: 2 * 2_700_000 - 1 },
    gives: { kind: 'wait' },
  },
  {
    when: 'it was missed once before, and twice the delay has passed',
    facts: { misses: 1, sinceAttemptMs: 2 * 2_700_000 },
    gives: { kind: 'miss' },
  },
  {
    when: 'it was written five times and never showed',
    facts: { misses: 4, sinceAttemptMs: 16 * 2_700_000 },
    gives: { kind: 'doubt', because: 'never-shown' },
  },
  {
    when: 'the platform may hide punches of that time, and its slot may still show as empty',
    facts: { mayBeHidden: true, slots: [outSlot(null)] },
    gives: { kind: 'wait' },
  },
  {
    when: 'the platform may hide punches of that time, and its slot never showed',
    facts: { mayBeHidden: true, sinceAttemptMs: 24 * 3_600_000 },
    gives: { kind: 'doubt', because: 'unreadable-hours' },
  },
  {
    when: 'the platform may hide punches of that time, and shows the slot without one',
    facts: { mayBeHidden: true, slots: [inSlot(null)] },
    gives: { kind: 'miss' },
  },
  {
    when: 'this platform shows all punches of a slot',
    facts: { showsAll: true, slots: [inSlot(nine - 600)] },
    gives: { kind: 'miss' },
  },
])('$when', ({ facts: change, gives }) => {
  expect(judgeReadBack({ ...facts, ...change })).toEqual(gives)
})
