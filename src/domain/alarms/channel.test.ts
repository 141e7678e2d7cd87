import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bundle } from './bundle.ts'
import { afterAnswer, type ChannelAnswer, channelLimitOf, freeAt, goodHealth } from './channel.ts'

const now = Temporal.Instant.from('2026-11-22T12:00:00+08:00')
const minutesFromNow = (instant: Temporal.Instant | null) =>
  instant && (instant.epochMilliseconds - now.epochMilliseconds) / 60_000
const lost: ChannelAnswer = { kind: 'lost', because: 'timeout' }
const refused: ChannelAnswer = { kind: 'refused', because: '93000' }
const throttled: ChannelAnswer = { kind: 'throttled', untilMs: 600_000, because: '660026' }

test.for<{ when: string; answers: ChannelAnswer[]; quiet: number | null; failure: string | null }>([
  { when: 'it is accepted', answers: [{ kind: 'accepted' }], quiet: null, failure: null },
  { when: 'it is lost once', answers: [lost], quiet: 1, failure: 'timeout' },
  { when: 'it is lost again and again', answers: Array(20).fill(lost), quiet: 60, failure: 'timeout' },
  { when: 'it is refused', answers: [refused], quiet: 10, failure: '93000' },
  { when: 'it is throttled', answers: [throttled], quiet: 10, failure: null },
  { when: 'it is only ever throttled', answers: Array(4).fill(throttled), quiet: 10, failure: '660026' },
  { when: 'it works again', answers: [lost, refused, { kind: 'accepted' }], quiet: null, failure: null },
])('when $when, the channel stays away so long', ({ answers, quiet, failure }) => {
  const health = answers.reduce((before, answer) => afterAnswer(before, answer, now), goodHealth)
  expect([minutesFromNow(health.quietUntil), health.failure]).toEqual([quiet, failure])
})

test('no more goes out in any window than the channel lets through, and something always does in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 30, maxLength: 200 }), (gaps) => {
      const { messages, perSeconds } = channelLimitOf('dingtalk-robot')
      const sent: Temporal.Instant[] = []
      let at = now
      for (const gap of gaps) {
        at = at.add({ milliseconds: gap })
        const free = freeAt('dingtalk-robot', goodHealth, sent, at)
        if (free) expect(Temporal.Instant.compare(free, at)).toBe(1)
        at = free ?? at
        sent.push(at)
      }
      for (const [nth, one] of sent.entries()) {
        const later = sent[nth + messages]
        if (later)
          expect(later.epochMilliseconds - one.epochMilliseconds).toBeGreaterThanOrEqual(perSeconds * 1000)
      }
    }),
    { numRuns: 50 },
  )
})

test.for<{ when: string; sizes: number[]; gives: number[][] }>([
  { when: 'all fit', sizes: [3, 3, 3], gives: [[3, 3, 3]] },
  { when: 'some do not', sizes: [6, 5, 4, 9], gives: [[6], [5, 4], [9]] },
  { when: 'one is too long for any message', sizes: [2, 99, 2], gives: [[2], [99], [2]] },
  { when: 'there is nothing', sizes: [], gives: [] },
])('many go together as far as they fit: when $when', ({ sizes, gives }) => {
  expect(bundle(sizes, (size) => size, 10)).toEqual(gives)
})
