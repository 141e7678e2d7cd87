import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, suggest } from './suggest.ts'

test.for([
  ['sinse', ['since', 'scope'], 'since'],
  ['sicne', ['since', 'scope'], 'since'],
  ['Direction', ['direction'], 'direction'],
  ['pollevery', ['pollEvery'], 'pollEvery'],
  ['colour', ['since', 'scope'], null],
  ['x', [], null],
] as const)('%s among %s means %s', ([word, known, meant]) => {
  expect(suggest(word, known)).toBe(meant)
})

test('the distance is a distance', () => {
  const word = fc.string({ maxLength: 8 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})
