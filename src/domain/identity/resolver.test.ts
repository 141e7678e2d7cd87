import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identityPolicy } from './policy.ts'
import type { Outcome } from './resolution.ts'
import { resolveAll } from './resolve.ts'
import { type Change, openResolver } from './resolver.ts'
import { type KnownFacts, nothingKnown, type StaffAccount } from './staff-account.ts'
import { account, someAccounts } from './test-accounts.ts'

/** The same change made to the plain lists, for a pass from scratch. */
function applied(
  accounts: readonly StaffAccount[],
  known: KnownFacts,
  change: Change,
): { accounts: StaffAccount[]; known: KnownFacts } {
  const without = (id: string) => accounts.filter((one) => one.id !== id)
  const isPair = ([a, b]: readonly [string, string], [c, d]: readonly [string, string]) =>
    (a === c && b === d) || (a === d && b === c)
  switch (change.kind) {
    case 'account':
      return { accounts: [...without(change.account.id), change.account], known }
    case 'removal':
      return { accounts: without(change.id), known }
    case 'link':
      return { accounts: [...accounts], known: { ...known, links: [...known.links, change.pair] } }
    case 'unlink':
      return {
        accounts: [...accounts],
        known: { ...known, links: known.links.filter((pair) => !isPair(pair, change.pair)) },
      }
    case 'part':
      return { accounts: [...accounts], known: { ...known, apart: [...known.apart, change.pair] } }
    case 'probe':
      return { accounts: [...accounts], known: { ...known, probes: [...known.probes, change.probe] } }
    default:
      throw new Error(change.kind)
  }
}

const plain = (outcome: Outcome) =>
  JSON.parse(
    JSON.stringify(outcome, (_, value) => (typeof value === 'number' ? Number(value.toFixed(6)) : value)),
  )

const claims = ({ links, candidates }: Outcome) => [...links, ...candidates]
/** The outcome without its probabilities. */
const unsure = (outcome: unknown) =>
  JSON.parse(JSON.stringify(outcome, (key, value) => (key === 'probability' ? undefined : value)))

const changes = (accounts: readonly StaffAccount[], pool: readonly StaffAccount[]): fc.Arbitrary<Change> => {
  const ids = fc.constantFrom(...accounts.map(({ id }) => id))
  const pair = fc.tuple(ids, ids).filter(([a, b]) => a[0] !== b[0])
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom(...pool).map((one): Change => ({ kind: 'account', account: one })),
    },
    { weight: 2, arbitrary: ids.map((id): Change => ({ kind: 'removal', id })) },
    { weight: 1, arbitrary: pair.map((both): Change => ({ kind: 'link', pair: both })) },
    { weight: 1, arbitrary: pair.map((both): Change => ({ kind: 'unlink', pair: both })) },
    { weight: 1, arbitrary: pair.map((both): Change => ({ kind: 'part', pair: both })) },
    {
      weight: 1,
      arbitrary: pair.map(
        ([from, to]): Change => ({
          kind: 'probe',
          probe: { account: from, connection: account(to).connection, owner: to },
        }),
      ),
    },
  )
}

test('one change at a time ends where a pass from scratch does', () => {
  const cases = fc
    .tuple(someAccounts(12), someAccounts(12))
    .filter(([now, later]) => new Set(now.map(({ id }) => id[0])).size > 1 && later.length > 0)
    .chain(([now, later]) => fc.tuple(fc.constant(now), fc.array(changes(now, later), { maxLength: 6 })))
  fc.assert(
    fc.property(cases, ([start, list]) => {
      let state = { accounts: start, known: nothingKnown }
      const resolver = openResolver(start, nothingKnown)
      const told = new Map([...resolver.resolution.outcomes()].map((one) => [one.id, plain(one)]))
      for (const change of list) {
        state = applied(state.accounts, state.known, change)
        for (const one of resolver.change(change)) told.set(one.id, plain(one))
        if (change.kind === 'removal') told.delete(change.id)
        const fresh = resolveAll(state.accounts, state.known, identityPolicy, resolver.frozen).resolution
        const expected = new Map([...fresh.outcomes()].map((one) => [one.id, plain(one)]))
        for (const [id, outcome] of expected) {
          const [now, then] = [resolver.resolution.outcomeOf(id), fresh.outcomeOf(id)]
          expect(unsure(plain(now))).toEqual(unsure(outcome))
          // Competing claims settle in rounds, which end a little sooner or later in a larger crowd.
          claims(now).forEach((claim, at) => {
            expect(claim.probability).toBeCloseTo(claims(then)[at]!.probability, 2)
          })
          // What was told of before is what is true now, or it was told again.
          expect({ id, status: told.get(id)?.status }).toEqual({ id, status: outcome.status })
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('a mobile that becomes known links, and its loss takes the link away', () => {
  const resolver = openResolver([account('d1', { mobile: '+8613800000001' }), account('w1')], nothingKnown)
  const seen = (change: Change) => resolver.change(change).map(({ id, status }) => `${id} ${status}`)
  expect(seen({ kind: 'account', account: account('w1', { mobile: '+8613800000001' }) })).toEqual([
    'd1 linked',
    'w1 linked',
  ])
  expect(seen({ kind: 'account', account: account('w1') })).toEqual(['d1 suggested', 'w1 suggested'])
})
