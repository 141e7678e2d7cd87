import { expect, test } from 'vitest'
import { createPlaces } from '#platforms/places.ts'
import { virtualClock } from '#platforms/testing.ts'

test('no more than the places are taken per key, first come, first served, and a failure gives its place back', async () => {
  const [clock, places] = [virtualClock(), createPlaces(2)]
  let [underWay, most] = [0, 0]
  const started: number[] = []
  const work = (n: number) => async () => {
    started.push(n)
    underWay += 1
    most = Math.max(most, underWay)
    await clock.sleep(10)
    underWay -= 1
    if (n % 3 === 0) throw new Error('failed')
    return n
  }
  const ends = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => places.hold('a', work(n))))
  expect(ends.map(({ status }) => status === 'fulfilled')).toEqual([false, true, true, false, true, true])
  expect(started).toEqual([0, 1, 2, 3, 4, 5])
  expect(most).toBe(2)
  await Promise.all([places.hold('a', work(1)), places.hold('a', work(1)), places.hold('b', work(1))])
  expect(most).toBe(3)
})
