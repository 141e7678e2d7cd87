import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backupName, isBackupDue, sortBackups } from './backup-schedule.ts'

const at = (text: string) => Temporal.Instant.from(`${text}+08:00`)
const none = { lastAt: null, failedAt: null }

test.for([
  { when: 'there is none yet', now: '2026-11-02T14:00', ...none, due: true },
  { when: 'the night of today is covered', now: '2026-11-02T14:00', lastAt: '2026-11-02T03:18', due: false },
  {
    when: 'one was made late in the day before',
    now: '2026-11-02T03:16',
    lastAt: '2026-11-01T22:00',
    due: false,
  },
  { when: 'the time has come', now: '2026-11-02T03:17', lastAt: '2026-11-01T22:00', due: true },
  { when: 'many times were missed', now: '2026-11-09T12:00', lastAt: '2026-11-02T03:18', due: true },
  {
    when: 'it has just failed',
    now: '2026-11-02T04:00',
    lastAt: null,
    failedAt: '2026-11-02T03:17',
    due: false,
  },
  {
    when: 'it failed an hour ago',
    now: '2026-11-02T04:17',
    lastAt: null,
    failedAt: '2026-11-02T03:17',
    due: true,
  },
  { when: 'they are off', now: '2026-11-02T14:00', ...none, everyHours: 0, due: false },
  { when: 'every six hours', now: '2026-11-02T09:17', lastAt: '2026-11-02T03:18', everyHours: 6, due: true },
  { when: 'in between', now: '2026-11-02T09:16', lastAt: '2026-11-02T03:18', everyHours: 6, due: false },
])('due when $when: $due', ({ now, lastAt, failedAt, everyHours = 24, due }) => {
  const asked = {
    now: at(now),
    everyHours,
    lastAt: lastAt ? at(lastAt) : null,
    failedAt: failedAt ? at(failedAt) : null,
  }
  expect(isBackupDue(asked)).toBe(due)
})

test('looked at every minute, each time of the schedule gives one backup, whenever it was begun', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 0, max: 6_000 }), (everyHours, start) => {
      const begin = at('2026-11-01T00:00').add({ minutes: start })
      let lastAt: Temporal.Instant | null = null
      let made = 0
      const spaces = 3
      for (let minute = 0; minute < spaces * everyHours * 60; minute++) {
        const now = begin.add({ minutes: minute })
        if (!isBackupDue({ now, everyHours, lastAt, failedAt: null })) continue
        lastAt = now
        made++
      }
      // The first is made at once, and may fall on a time of the schedule itself.
      expect([spaces, spaces + 1]).toContain(made)
    }),
    { numRuns: 20 },
  )
})

test('the newest stay, the rest goes, and what is not ours is left alone', () => {
  const names = ['2026-11-03T03:17', '2026-11-01T03:17', '2026-11-02T03:17'].map((time) =>
    backupName(at(time)),
  )
  const [third, first, second] = names as [string, string, string]
  const half = `${backupName(at('2026-11-04T03:17'))}.part`
  const files = [...names, half, 'mine.backup', `${first}.before-x`, 'notes.txt']
  expect(sortBackups(files, 2)).toEqual({
    lastAt: at('2026-11-03T03:17'),
    outdated: [first],
    unfinished: [half],
  })
  expect(sortBackups(files, 1).outdated).toEqual([first, second])
  expect(sortBackups([third], 7).outdated).toEqual([])
  expect(sortBackups([half], 1).lastAt).toBeNull()
})
