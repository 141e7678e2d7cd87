import { expect, test } from 'vitest'
import { cutSpan, type Span } from '#domain/spans.ts'
import { formatInstant } from '#domain/window.ts'
import { hintedWindow, type SweepAsk, spansOf, sweepWindow } from './sweep-window.ts'
import { aLeg, at, sweptAt, wayBack } from './test-month.ts'
import type { LegState } from './types.ts'

const now = at('2026-11-20T09:40:00.900+08:00')
const from = (text: string) => at(`${text}+08:00`)

test.for<{ when: string; leg: LegState; ask?: Partial<SweepAsk>; from: string; to?: string; spans: number }>([
  {
    when: 'the last sweep was this morning: two days of overlap for what lands late',
    leg: aLeg({ lastSweep: sweptAt('2026-11-20T05:00:00+08:00') }),
    from: '2026-11-18T05:00:00',
    spans: 1,
  },
  {
    when: 'a day is closed: as far as one call reaches',
    leg: aLeg({ lastSweep: sweptAt('2026-11-20T05:00:00+08:00') }),
    ask: { isClosing: true },
    from: '2026-11-13T09:40:02',
    spans: 1,
  },
  {
    when: 'the last sweep was six days ago: the overlap ends where the next call would begin',
    leg: aLeg({ lastSweep: sweptAt('2026-11-14T09:40:00+08:00') }),
    from: '2026-11-13T09:40:02',
    spans: 1,
  },
  {
    when: 'the last sweep was eight days ago: a second call, and its days with it',
    leg: aLeg({ lastSweep: sweptAt('2026-11-12T09:40:00+08:00') }),
    from: '2026-11-10T09:40:00',
    spans: 2,
  },
  {
    when: 'nothing was read and only one call is left: the earliest days first',
    leg: aLeg({ lastSweep: null, since: from('2026-11-01T00:00:00') }),
    ask: { mostSpans: 1 },
    from: '2026-11-01T00:00:00',
    to: '2026-11-07T23:59:58',
    spans: 1,
  },
  {
    when: 'late uploads are looked for two calls deep',
    leg: aLeg({ lastSweep: sweptAt('2026-11-20T05:00:00+08:00') }),
    ask: { isClosing: true, depthMs: 14 * 86_400_000 },
    from: '2026-11-06T09:40:03',
    spans: 2,
  },
  {
    when: 'the route is younger than the look-back',
    leg: aLeg({ lastSweep: sweptAt('2026-11-20T05:00:00+08:00'), since: from('2026-11-20T00:00:00') }),
    ask: { isClosing: true },
    from: '2026-11-20T00:00:00',
    spans: 1,
  },
  {
    when: 'the platform has forgotten what is older',
    leg: aLeg({ lastSweep: null, readableFrom: from('2026-11-18T12:00:00') }),
    from: '2026-11-18T12:00:00',
    spans: 1,
  },
  {
    when: 'a day of WeCom is closed: a week, from 04:00, so that no window begins at midnight',
    leg: wayBack({ lastSweep: sweptAt('2026-11-20T05:00:00+08:00') }),
    ask: { isClosing: true },
    from: '2026-11-13T04:00:00',
    spans: 1,
  },
])('$when', ({ leg, ask, from: start, to = '2026-11-20T09:40:00', spans }) => {
  const window = sweepWindow(leg, { now, isClosing: false, depthMs: 0, mostSpans: 99, ...ask })
  expect(formatInstant(window.from)).toBe(`${start}+08:00`)
  expect(formatInstant(window.to)).toBe(`${to}+08:00`)
  expect(spansOf(window, leg.source.readDays)).toBe(spans)
})

test('people whom events named are read over the recent past, and never for a second call', () => {
  const leg = aLeg({ since: from('2026-11-20T09:00:00') })
  const since = from('2026-11-20T09:39:00').epochMilliseconds
  expect(formatInstant(hintedWindow(leg, now, since, 7_200_000).from)).toBe('2026-11-20T09:00:00+08:00')
  expect(formatInstant(hintedWindow(aLeg(), now, since, 7_200_000).from)).toBe('2026-11-20T07:39:00+08:00')
  expect(spansOf(hintedWindow(aLeg(), now, 0, 0), 7)).toBe(1)
})

test('whatever a sweep or an event asks for, a second more fits into the days of its calls', () => {
  const seconds = ({ from, to }: Span) => (to.epochMilliseconds - from.epochMilliseconds) / 1000 + 1
  const legs = [
    aLeg({ lastSweep: null, since: from('2026-09-01T00:00:00') }),
    aLeg({ lastSweep: sweptAt('2026-11-02T09:40:00+08:00') }),
  ]
  for (const leg of legs)
    for (const isClosing of [false, true])
      for (const depthMs of [0, 7, 14, 21].map((days) => days * 86_400_000))
        for (const mostSpans of [1, 2, 3, 99]) {
          const window = sweepWindow(leg, { now, isClosing, depthMs, mostSpans })
          const { readDays } = leg.source
          expect(seconds(window)).toBeLessThanOrEqual(spansOf(window, readDays) * (readDays * 86_400 - 1))
          for (const piece of cutSpan(window, readDays))
            expect(seconds(piece)).toBeLessThan(readDays * 86_400)
          expect(cutSpan(window, readDays)).toHaveLength(spansOf(window, readDays))
        }
  expect(seconds(hintedWindow(aLeg(), now, 0, 0))).toBe(7 * 86_400 - 1)
})
