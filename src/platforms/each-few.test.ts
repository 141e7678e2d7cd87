import { expect, test } from 'vitest'
import { eachFew } from '#platforms/each-few.ts'

test('answers stand in the order of the items, and never more than a few are under way', async () => {
  let underWay = 0
  let most = 0
  const results = await eachFew([3, 1, 2, 5, 4], 3, async (item) => {
    underWay += 1
    most = Math.max(most, underWay)
    for (let turn = 0; turn < item; turn++) await Promise.resolve()
    underWay -= 1
    return item * 10
  })
  expect(results).toEqual([30, 10, 20, 50, 40])
  expect(most).toBe(3)
})

test('after a failure nothing new begins, and what is under way ends first', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const all = eachFew([1, 2, 3, 4], 2, async (item) => {
    begun.push(item)
    if (item === 1) throw new Error('no')
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    ended.push(item)
  })
  await expect(all).rejects.toThrow('no')
  expect(begun).toEqual([1, 2])
  expect(ended).toEqual([2])
})

test('nothing to do is done', async () => {
  expect(await eachFew([], 3, async () => 1)).toEqual([])
})
