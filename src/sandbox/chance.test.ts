import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chances, hash32, mix32, shuffle } from './chance.ts'

test('mixing loses no number: two different inputs never meet', () => {
  const mixed = new Set(Array.from({ length: 100_000 }, (_, n) => mix32(n)))
  expect(mixed.size).toBe(100_000)
})

test('a shuffled list has the same members', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (list, seed) => {
      expect(shuffle([...list], chances(seed)).sort()).toEqual([...list].sort())
    }),
  )
})

test('the same seed tells the same, another seed another', () => {
  expect(hash32(1, 'a', 2)).toBe(hash32(1, 'a', 2))
  expect(hash32(1, 'a', 2)).not.toBe(hash32(2, 'a', 2))
  expect(hash32(1, 'a', 2)).not.toBe(hash32(1, 'b', 2))
})

test('chances stay in [0, 1) and spread', () => {
  const next = chances(42)
  const drawn = Array.from({ length: 10_000 }, next)
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
  const mean = drawn.reduce((sum, n) => sum + n, 0) / drawn.length
  expect(mean).toBeGreaterThan(0.48)
  expect(mean).toBeLessThan(0.52)
})
