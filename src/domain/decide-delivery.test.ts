import { expect, test } from 'vitest'
import { decideDelivery, type Known } from './decide-delivery.ts'

const at = Temporal.Instant.from('2026-03-02T08:58:00+08:00').epochMilliseconds / 1000
const known: Known = {
  isOurOwnWrite: false,
  isVoid: false,
  isGone: false,
  isMerged: false,
  at,
  now: at + 3600,
  oldestAccepted: at - 86_400,
  link: 'linked',
  isThere: false,
  isVoidThere: false,
  isApprovedSlot: false,
}

test.for<{ when: string; known: Partial<Known>; gives: unknown }>([
  { when: 'a linked person punches', known: {}, gives: { kind: 'deliver' } },
  {
    when: 'our own write comes back',
    known: { isOurOwnWrite: true },
    gives: { kind: 'skip', because: 'echo' },
  },
  { when: 'the platform voids it', known: { isVoid: true }, gives: { kind: 'skip', because: 'void' } },
  {
    when: 'the source no longer shows it',
    known: { isGone: true },
    gives: { kind: 'skip', because: 'gone' },
  },
  {
    when: 'the same second is already on its way',
    known: { isMerged: true },
    gives: { kind: 'skip', because: 'merged' },
  },
  {
    when: 'the target takes nothing that old',
    known: { oldestAccepted: at + 1 },
    gives: { kind: 'skip', because: 'tooOld' },
  },
  { when: 'it is exactly as old as allowed', known: { oldestAccepted: at }, gives: { kind: 'deliver' } },
  {
    when: 'it lies in the future',
    known: { now: at - 1 },
    gives: { kind: 'skip', because: 'future' },
  },
  {
    when: 'nobody knows whose it is',
    known: { link: 'unmatched' },
    gives: { kind: 'hold', because: 'unlinked' },
  },
  {
    when: 'somebody must confirm whose it is',
    known: { link: 'suggested' },
    gives: { kind: 'hold', because: 'suggested' },
  },
  {
    when: 'the evidence disagrees',
    known: { link: 'conflicting' },
    gives: { kind: 'hold', because: 'conflicting' },
  },
  { when: 'the target shows that second already', known: { isThere: true }, gives: { kind: 'alreadyThere' } },
  {
    when: 'an approval filled the slot',
    known: { isApprovedSlot: true },
    gives: { kind: 'hold', because: 'approvedSlot' },
  },
  {
    when: 'the target shows that second, and discounts it',
    known: { isVoidThere: true },
    gives: { kind: 'hold', because: 'voidThere' },
  },
  {
    when: 'it is void and of nobody',
    known: { isVoid: true, link: 'unmatched' },
    gives: { kind: 'skip', because: 'void' },
  },
  {
    when: 'it is there, approved or not',
    known: { isThere: true, isApprovedSlot: true },
    gives: { kind: 'alreadyThere' },
  },
])('$when', ({ known: change, gives }) => {
  expect(decideDelivery({ ...known, ...change })).toEqual(gives)
})
