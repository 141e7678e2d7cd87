import { expect, test } from 'vitest'
import { nextLookAt, type Unseen } from './next-look.ts'

const at = (second: number) => Temporal.Instant.fromEpochMilliseconds(second * 1000)
const sent: Unseen = {
  ...{ firstEnded: at(100), lastEnded: at(100), firstUnlooked: at(100), lookedAt: null },
  ...{ seenDelayMs: 5_000, isMetered: false },
}

test.for([
  { when: 'nothing was ever looked for: after the delay the platform has shown', unseen: {}, looks: 105 },
  { when: 'a platform that was never slow: after two seconds', unseen: { seenDelayMs: 0 }, looks: 102 },
  {
    when: 'it goes on being sent: the first that nobody looked for decides, not the last',
    unseen: { firstEnded: at(106), firstUnlooked: at(106), lastEnded: at(300), lookedAt: at(105) },
    looks: 111,
  },
  {
    when: 'looked for once and not shown: after a pause as long as it is old',
    unseen: { firstUnlooked: null, lookedAt: at(130) },
    looks: 160,
  },
  {
    when: 'something old is missing, and something new was sent: whichever comes first',
    unseen: { firstUnlooked: at(200), lastEnded: at(200), lookedAt: at(190) },
    looks: 205,
  },
  {
    when: 'something was missed just now, and something new was sent much later',
    unseen: { firstUnlooked: at(140), lastEnded: at(140), lookedAt: at(110) },
    looks: 120,
  },
  {
    when: 'what is missing for long: every ten minutes',
    unseen: { firstUnlooked: null, lookedAt: at(10_000) },
    looks: 10_600,
  },
  {
    when: 'a look costs: after the last that was sent',
    unseen: { firstUnlooked: at(110), lastEnded: at(300), lookedAt: at(105), isMetered: true },
    looks: 305,
  },
])('$when', ({ unseen, looks }) => {
  expect(nextLookAt({ ...sent, ...unseen }).epochMilliseconds / 1000).toBe(looks)
})
