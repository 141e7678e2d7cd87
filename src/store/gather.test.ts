import { expect, test } from 'vitest'
import { gather } from './gather.ts'

/** A writer that ends when it is told to, and notes what it was given. */
function slowly(fails: (items: readonly number[]) => unknown = () => null) {
  const batches: number[][] = []
  const ends: (() => void)[] = []
  const put = gather<number, string>({
    most: 3,
    isOneToBlame: (error) => error === 'poison',
    async write(items) {
      batches.push([...items])
      await new Promise<void>((end) => ends.push(end))
      const error = fails(items)
      if (error) throw error
      return items.map((item) => `kept ${item}`)
    },
  })
  const end = async () => {
    ends.shift()?.()
    await new Promise((resume) => setImmediate(resume))
  }
  return { put, batches, end }
}

test('a lone item is written at once; what comes meanwhile shares the next writes, in order', async () => {
  const { put, batches, end } = slowly()
  const all = Promise.all([1, 2, 3, 4, 5].map(put))
  expect(batches).toEqual([[1]])
  await end()
  expect(batches).toEqual([[1], [2, 3, 4]])
  await end()
  await end()
  expect(batches).toEqual([[1], [2, 3, 4], [5]])
  expect(await all).toEqual(['kept 1', 'kept 2', 'kept 3', 'kept 4', 'kept 5'])
})

test('nobody hears before the write has ended', async () => {
  const { put, end } = slowly()
  let isTold = false
  const told = put(1).then(() => {
    isTold = true
  })
  await new Promise((resume) => setImmediate(resume))
  expect(isTold).toBe(false)
  await end()
  await told
  expect(isTold).toBe(true)
})

test('one bad item costs itself alone', async () => {
  const { put, batches, end } = slowly((items) => (items.includes(3) ? 'poison' : null))
  const all = Promise.allSettled([1, 2, 3, 4].map(put))
  for (let i = 0; i < 6; i++) await end()
  expect(batches).toEqual([[1], [2, 3, 4], [2], [3], [4]])
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})

test('when nobody is to blame, everybody hears of it, and what comes afterwards is written', async () => {
  let isDown = true
  const { put, end } = slowly(() => (isDown ? 'gone' : null))
  const all = Promise.allSettled([1, 2, 3].map(put))
  await end()
  await end()
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  isDown = false
  const later = put(4)
  await end()
  expect(await later).toBe('kept 4')
})
