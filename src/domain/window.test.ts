import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { FailureError } from './failures.ts'
import { formatInstant, parseBound, resolveSpan, resolveWindow } from './window.ts'

const now = Temporal.Instant.from('2026-11-22T09:30:15.789+08:00')
const usual = {
  since: Temporal.PlainDate.from('2026-10-01'),
  now,
  firstRun: false,
  oldest: Temporal.Instant.from('2026-05-26T00:00:00+08:00'),
  platform: 'dingtalk' as const,
}
const shown = ({ from, to }: { from: Temporal.Instant; to: Temporal.Instant }) => [
  formatInstant(from),
  formatInstant(to),
]
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code
    throw error
  }
  return null
}
const zone = process.env['TZ']
afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

const windows = [
  {
    when: 'two days are named, both count whole',
    ask: { from: '2026-11-01', to: '2026-11-07' },
    gives: ['2026-11-01T00:00:00+08:00', '2026-11-07T23:59:59+08:00'],
  },
  {
    when: 'one day is named twice',
    ask: { from: '2026-11-01', to: '2026-11-01' },
    gives: ['2026-11-01T00:00:00+08:00', '2026-11-01T23:59:59+08:00'],
  },
  {
    when: 'the end is today, it is cut to now',
    ask: { from: '2026-11-20', to: '2026-11-22' },
    gives: ['2026-11-20T00:00:00+08:00', '2026-11-22T09:30:15+08:00'],
  },
  {
    when: 'the end lies in the future, it is cut to now',
    ask: { from: '2026-11-20', to: '2027-01-01T00:00:00Z' },
    gives: ['2026-11-20T00:00:00+08:00', '2026-11-22T09:30:15+08:00'],
  },
  {
    when: 'instants carry other offsets',
    ask: { from: '2026-11-01T00:00:00Z', to: '2026-11-01T20:00:00-05:00' },
    gives: ['2026-11-01T08:00:00+08:00', '2026-11-02T09:00:00+08:00'],
  },
  {
    when: 'instants have fractions, they move inwards',
    ask: { from: '2026-11-01T08:00:00.001+08:00', to: '2026-11-01T09:00:00.999+08:00' },
    gives: ['2026-11-01T08:00:01+08:00', '2026-11-01T09:00:00+08:00'],
  },
  {
    when: 'nothing is named, the last seven days count',
    ask: {},
    gives: ['2026-11-15T09:30:16+08:00', '2026-11-22T09:30:15+08:00'],
  },
  {
    when: 'nothing is named and the route is younger than a week',
    ask: { since: Temporal.PlainDate.from('2026-11-20') },
    gives: ['2026-11-20T00:00:00+08:00', '2026-11-22T09:30:15+08:00'],
  },
  {
    when: 'nothing is named on the first run, it starts at since',
    ask: { firstRun: true },
    gives: ['2026-10-01T00:00:00+08:00', '2026-11-22T09:30:15+08:00'],
  },
  {
    when: 'only the end is named, seven days before it count',
    ask: { to: '2026-11-10' },
    gives: ['2026-11-04T00:00:00+08:00', '2026-11-10T23:59:59+08:00'],
  },
  {
    when: 'the start is before since, it is taken at its word',
    ask: { from: '2026-09-01', to: '2026-09-02' },
    gives: ['2026-09-01T00:00:00+08:00', '2026-09-02T23:59:59+08:00'],
  },
]
test.for(windows)('$when', ({ ask, gives }) => {
  expect(shown(resolveWindow({ ...usual, ...ask }))).toEqual(gives)
})

test.for(['UTC', 'America/New_York', 'Pacific/Apia', 'Asia/Shanghai'])(
  'a window is the same in %s',
  (there) => {
    process.env['TZ'] = there
    for (const { ask, gives } of windows) expect(shown(resolveWindow({ ...usual, ...ask }))).toEqual(gives)
  },
)

test.for([
  {
    when: 'the start is after the end',
    ask: { from: '2026-11-08', to: '2026-11-07' },
    code: 'usage.window-reversed',
  },
  { when: 'the start lies in the future', ask: { from: '2026-11-23' }, code: 'usage.window-reversed' },
  {
    when: 'the first run ends before since',
    ask: { to: '2026-09-01', firstRun: true },
    code: 'usage.window-reversed',
  },
  { when: 'the start is before the history', ask: { from: '2026-05-25' }, code: 'usage.window-too-old' },
  {
    when: 'since is before the history',
    ask: { firstRun: true, since: Temporal.PlainDate.from('2020-01-01') },
    code: 'usage.window-too-old',
  },
])('refused when $when', ({ ask, code }) => {
  expect(codeOf(() => resolveWindow({ ...usual, ...ask }))).toBe(code)
})

test('the oldest instant itself is still inside', () => {
  expect(codeOf(() => resolveWindow({ ...usual, from: '2026-05-26' }))).toBeNull()
})

test.for([
  '2026-02-30',
  '2026-13-01',
  '2026-1-1',
  '20261101',
  'yesterday',
  '',
  '2026-11-01T08:00:00',
  '2026-11-01T08:00+08:00',
  '2026-11-01 08:00:00+08:00',
  '2026-11-01T25:00:00Z',
  '2026-11-01T08:00:00+08:00[Asia/Shanghai]',
])('"%s" is not a time', (value) => {
  expect(codeOf(() => parseBound(value, 'from'))).toBe('usage.bad-date')
})

test('what is printed is read back as it was', () => {
  const seconds = fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2100, 0) / 1000 })
  fc.assert(
    fc.property(seconds, fc.constantFrom('from' as const, 'to' as const), (second, end) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(second * 1000)
      expect(parseBound(formatInstant(instant), end).epochMilliseconds).toBe(second * 1000)
      expect(formatInstant(instant)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
    }),
  )
})

test('a window is never longer than asked, never in the future, never empty', () => {
  const day = fc.integer({ min: 0, max: 170 }).map((back) => now.subtract({ hours: 24 * back }))
  const text = day.map((instant) => formatInstant(instant).slice(0, 10))
  fc.assert(
    fc.property(fc.option(text, { nil: undefined }), fc.option(text, { nil: undefined }), (from, to) => {
      const code = codeOf(() => resolveWindow({ ...usual, from, to }))
      if (code !== null) {
        expect(['usage.window-reversed', 'usage.window-too-old']).toContain(code)
        return
      }
      const window = resolveWindow({ ...usual, from, to })
      expect(Temporal.Instant.compare(window.from, window.to)).toBeLessThanOrEqual(0)
      expect(Temporal.Instant.compare(window.to, now)).toBeLessThanOrEqual(0)
      if (from) expect(formatInstant(window.from)).toBe(`${from}T00:00:00+08:00`)
      if (to) expect(formatInstant(window.to) <= `${to}T23:59:59+08:00`).toBe(true)
    }),
  )
})

test('a look at what is there may reach into the future and knows no history', () => {
  expect(shown(resolveSpan({ now }))).toEqual(['2026-11-15T09:30:16+08:00', '2026-11-22T09:30:15+08:00'])
  expect(shown(resolveSpan({ from: '2001-01-01', to: '2030-01-01', now }))).toEqual([
    '2001-01-01T00:00:00+08:00',
    '2030-01-01T23:59:59+08:00',
  ])
})
