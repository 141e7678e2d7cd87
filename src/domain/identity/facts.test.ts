import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Facts } from './facts.ts'
import { nothingKnown } from './staff-account.ts'

const ids = ['d1', 'd2', 'w1', 'w2'] as const
const pairs = fc
  .tuple(fc.constantFrom(...ids), fc.constantFrom(...ids))
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => [a, b] as const)
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('link' as const, 'unlink' as const, 'meet' as const), pair: pairs }),
    fc.record({ kind: fc.constant('probe' as const), pair: pairs, hasOwner: fc.boolean() }),
  ),
  { maxLength: 12 },
)
const named = (a: string, b: string) => [a, b].sort().join(' ')

test('who is tied to whom is what the facts of the moment say, whatever was said before', () => {
  fc.assert(
    fc.property(steps, (told) => {
      const facts = new Facts(nothingKnown)
      const [links, meetings] = [new Set<string>(), new Set<string>()]
      const owners = new Map<string, string | null>()
      for (const step of told) {
        const [a, b] = step.pair
        if (step.kind === 'probe') {
          const owner = step.hasOwner ? b : null
          facts.probe({ account: a, connection: 'there', owner })
          owners.set(a, owner)
        } else if (step.kind === 'meet') {
          facts.meet(step.pair, { sameSecond: 3, of: 4 })
          meetings.add(named(a, b))
        } else {
          facts[step.kind](step.pair)
          if (step.kind === 'link') links.add(named(a, b))
          else links.delete(named(a, b))
        }
      }
      const probed = [...owners].flatMap(([account, owner]) =>
        owner === null ? [] : [named(account, owner)],
      )
      const tied = new Set([...links, ...meetings, ...probed])
      for (const id of ids)
        expect([...facts.partnersOf(id)].sort()).toEqual(
          ids.filter((other) => other !== id && tied.has(named(id, other))),
        )
    }),
  )
})
