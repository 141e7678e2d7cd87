import { fail } from './failures.ts'
import type { PlatformName } from './ids.ts'
import type { Span } from './spans.ts'

/** Where days begin and end, wherever the server stands. */
export const dayZone = 'Asia/Shanghai'

/** The days looked back when nobody says from when. */
const defaultDays = 7

const day = /^\d{4}-\d{2}-\d{2}$/
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/

export type WindowQuestion = {
  /** As the user typed them: `YYYY-MM-DD` (a day in Asia/Shanghai) or an RFC 3339 instant. */
  from?: string | undefined
  to?: string | undefined
  /** The route's first day. */
  since: Temporal.PlainDate
  now: Temporal.Instant
  /** Nothing was read on this route before: it then starts at `since`. */
  firstRun: boolean
  /** The source platform answers nothing older. */
  oldest: Temporal.Instant
  platform: PlatformName
}

/**
 * The effective window: `to` defaults to now and never lies after it; `from` defaults to the later of `since`
 * and seven days before `to`, or to `since` on the first run.
 * Fails with `usage.bad-date`, `usage.window-reversed`, `usage.window-too-old`.
 */
export function resolveWindow(question: WindowQuestion): Span {
  const { since, firstRun, oldest, platform } = question
  const now = wholeSecond(question.now, 'floor')
  const asked = question.to === undefined ? now : parseBound(question.to, 'to')
  const to = isAfter(asked, now) ? now : asked
  const from =
    question.from === undefined ? defaultFrom({ since, firstRun, to }) : parseBound(question.from, 'from')
  if (isAfter(from, to)) fail('usage.window-reversed', { from: formatInstant(from), to: formatInstant(to) })
  if (isAfter(oldest, from))
    fail('usage.window-too-old', {
      from: formatInstant(from),
      oldest: formatInstant(wholeSecond(oldest, 'ceil')),
      platform,
    })
  return { from, to }
}

/** A window for looking at what is already there: no route, no history, by default the last seven days. */
export function resolveSpan(question: {
  from?: string | undefined
  to?: string | undefined
  now: Temporal.Instant
}): Span {
  const to = question.to === undefined ? wholeSecond(question.now, 'floor') : parseBound(question.to, 'to')
  return { from: question.from === undefined ? daysBefore(to) : parseBound(question.from, 'from'), to }
}

/**
 * One end of a window, as typed: a day means its first second (`from`) or its last (`to`), an instant with a
 * fraction is moved to the nearest second inside. Fails with `usage.bad-date`.
 */
export function parseBound(value: string, end: 'from' | 'to'): Temporal.Instant {
  try {
    if (day.test(value)) {
      const date = Temporal.PlainDate.from(value)
      const edge =
        end === 'from' ? startOfDay(date) : startOfDay(date.add({ days: 1 })).subtract({ seconds: 1 })
      return edge
    }
    if (rfc3339.test(value))
      return wholeSecond(Temporal.Instant.from(value), end === 'from' ? 'ceil' : 'floor')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return fail('usage.bad-date', { value })
}

/** RFC 3339 at the offset of Asia/Shanghai, whole seconds: `2026-11-01T00:00:00+08:00`. */
export const formatInstant = (instant: Temporal.Instant): string =>
  instant.toString({ timeZone: dayZone, smallestUnit: 'second', roundingMode: 'floor' })

/** The first instant of a day in Asia/Shanghai. */
export const startOfDay = (date: Temporal.PlainDate): Temporal.Instant =>
  date.toZonedDateTime(dayZone).toInstant()

function defaultFrom({
  since,
  firstRun,
  to,
}: {
  since: Temporal.PlainDate
  firstRun: boolean
  to: Temporal.Instant
}) {
  const start = startOfDay(since)
  if (firstRun) return start
  const back = daysBefore(to)
  return isAfter(start, back) ? start : back
}

// One second less: both ends count, and the extra second would be an eighth day and cost a second call.
const daysBefore = (to: Temporal.Instant) => to.subtract({ hours: 24 * defaultDays }).add({ seconds: 1 })

const wholeSecond = (instant: Temporal.Instant, roundingMode: 'floor' | 'ceil') =>
  instant.round({ smallestUnit: 'second', roundingMode })

const isAfter = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) > 0
