import { expect, test } from 'vitest'
import { en } from '#messages/en.ts'
import { zh } from '#messages/zh.ts'
import { createProgress, renderBar } from './progress.ts'
import { widthOf } from './text-width.ts'
import { spokenDuration } from './written.ts'

test.for([
  { done: 0, of: 0, elapsedMs: 1200, says: '写入 … 已用 1.2 秒' },
  { done: 5, of: 20, elapsedMs: 3000, says: '写入 ██████░░░░░░░░░░░░░░░░░░ 25% 5/20 约剩 9.0 秒' },
  { done: 20, of: 20, elapsedMs: 3000, says: `写入 ${'█'.repeat(24)} 100% 20/20` },
])('$done of $of after $elapsedMs ms', ({ done, of, elapsedMs, says }) => {
  expect(renderBar({ station: 'deliver', done, of }, elapsedMs, zh.cli)).toBe(says)
})

test.for([
  [80, '0.1 s'],
  [5123, '5.1 s'],
  [17_000, '17 s'],
  [59_960, '1 min 0 s'],
  [123_000, '2 min 3 s'],
  [3_720_000, '1 h 2 min'],
] as const)('%d ms is %s', ([ms, text]) => {
  expect(spokenDuration(ms, en.cli)).toBe(text)
})

/** A terminal and a clock that is pushed by hand. */
function terminal(isTerminal: boolean) {
  let nowMs = 0
  let written = ''
  const progress = createProgress(
    {
      isTerminal,
      write(text) {
        written += text
      },
    },
    { now: () => Temporal.Instant.fromEpochMilliseconds(nowMs), sleep: async () => {} },
    zh.cli,
  )
  return {
    progress,
    written: () => written,
    at(ms: number, done: number) {
      nowMs = ms
      progress.update({ station: 'ingest', done, of: 10 })
    },
  }
}

test('whatever is waited for, for minutes, stands on one line of a small terminal: a longer one is not drawn over', () => {
  for (const { cli } of [zh, en])
    for (const station of Object.keys(cli.progress.stations)) {
      const line = renderBar({ station, done: 0, of: 0 }, 754_000, cli)
      expect([line, widthOf(line) < 80]).toEqual([line, true])
    }
})

test('a wait shorter than a second draws nothing', () => {
  const { progress, written, at } = terminal(true)
  at(0, 0)
  at(999, 9)
  progress.clear()
  expect(written()).toBe('')
})

test('a longer wait draws, not too often, and cleans up', () => {
  const { progress, written, at } = terminal(true)
  at(0, 0)
  at(1000, 3)
  at(1050, 4)
  at(1200, 5)
  expect(written()).toContain('3/10')
  expect(written()).not.toContain('4/10')
  expect(written()).toContain('5/10')
  progress.clear()
  expect(written()).toMatch(/\r +\r$/)
})

test('nothing is drawn where nobody watches', () => {
  const { progress, written, at } = terminal(false)
  at(0, 0)
  at(5000, 5)
  progress.clear()
  expect(written()).toBe('')
})
