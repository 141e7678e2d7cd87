import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Item } from './4-decide.ts'
import { Allowance, unlimited } from './allowance.ts'
import type { Traveller } from './context.ts'
import { emptyLoad, type Load } from './load.ts'
import { shareOut, toWaiting } from './put-off.ts'

const someone = (name: string, isLinked = true): Traveller => ({
  key: name,
  userId: name,
  name,
  personId: `p_${name}`,
  status: isLinked ? 'linked' : 'unmatched',
  twin: isLinked ? { key: `${name}'`, userId: `${name}'` } : null,
  since: null,
  leftAt: null,
})

const item = (traveller: Traveller, punchId: number, over: Partial<Item> = {}): Item => ({
  punchId,
  traveller,
  at: 1_000_000 + punchId,
  isVoid: false,
  isGone: false,
  isRevised: false,
  text: { result: null, device: null, address: null, latitude: null, longitude: null },
  delivery: null,
  ...over,
})

const load = (traveller: Traveller, items: Item[], inFlight: Item[] = []): Load => ({
  ...emptyLoad(traveller),
  items,
  inFlight,
})

const [li, wang] = [someone('li'), someone('wang')]
const ids = (items: Item[]) => items.map(({ punchId }) => punchId)

test('without an end to it everything goes', () => {
  const loads = [load(li, [item(li, 1), item(li, 2)]), load(wang, [item(wang, 3)])]
  expect(shareOut(loads, unlimited())).toEqual({ loads, later: [] })
})

test('the oldest go first, and what is void or nobody’s needs no call', () => {
  const zhao = someone('zhao', false)
  const loads = [
    load(li, [item(li, 9), item(li, 1), item(li, 5, { isVoid: true })]),
    load(zhao, [item(zhao, 7)]),
    load(wang, [item(wang, 3)]),
  ]
  const { loads: shared, later } = shareOut(loads, new Allowance(1, { because: 'outOfCalls' }))
  expect(shared.map(({ items }) => ids(items))).toEqual([[5, 1], [7], []])
  expect(ids(later)).toEqual([9, 3])
})

test('where nobody may look, what is under way is left alone', () => {
  const loads = [load(li, [item(li, 1)], [item(li, 2)])]
  const { loads: shared, later } = shareOut(loads, new Allowance(0, { because: null, mayLook: false }))
  expect(shared[0]).toMatchObject({ items: [], inFlight: [] })
  expect(ids(later)).toEqual([1])
})

test('what waits already, or stands behind an approval, is not written down again', () => {
  const held = (reason: string) => ({ delivery: { state: 'held', reason } })
  const later = [
    item(li, 1),
    item(li, 2, held('unlinked')),
    item(li, 3, held('approvedSlot')),
    item(li, 4, { delivery: { state: 'waiting', reason: null } }),
  ]
  expect(toWaiting(later, 'braked')).toMatchObject([
    { punchId: 1, state: 'waiting', reason: 'braked', targetKey: null },
    { punchId: 2, state: 'waiting', reason: 'braked', targetKey: null },
  ])
})

test('every punch is either shared out or put off, and never more are written than allowed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { maxLength: 8 }), fc.nat(20), (counts, most) => {
      let id = 0
      const loads = counts.map((count, i) => {
        const who = someone(`p${i}`)
        return load(
          who,
          Array.from({ length: count }, () => item(who, ++id)),
        )
      })
      const { loads: shared, later } = shareOut(loads, new Allowance(most, { because: null }))
      const going = shared.flatMap(({ items }) => items)
      expect(going.length).toBe(Math.min(most, id))
      expect([...ids(going), ...ids(later)].toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: id }, (_, i) => i + 1),
      )
    }),
  )
})
