import { dayZone } from '#domain/window.ts'
import type { Lang } from '#messages/messages.ts'
import { type Html, html } from '../html.ts'
import { pageWords } from '../problems.ts'

/** `12,345` in every language. */
export const number = (value: number): string => Math.round(value).toLocaleString('en-US')

/** The offset times are shown at, e.g. `+08:00`. */
export const offsetAt = (now: Temporal.Instant): string => now.toZonedDateTimeISO(dayZone).offset

/** A moment in a sentence, with its offset: `今天 09:42（+08:00）`. */
export function momentInWords(text: string, now: Temporal.Instant, lang: Lang): Html {
  const words = pageWords(lang).time
  const at = Temporal.Instant.from(text).toZonedDateTimeISO(dayZone)
  return html`<time datetime="${text}">${dayAndClock(at, now, lang)}<span class="offset">${words.offset(at.offset)}</span></time>`
}

/** A moment in a table, whose heading names the offset: `11-22 09:42`; the year where it is not this one. */
export function momentInTable(text: string, now: Temporal.Instant): Html {
  const at = Temporal.Instant.from(text).toZonedDateTimeISO(dayZone)
  const isThisYear = at.year === now.toZonedDateTimeISO(dayZone).year
  const day = at.toPlainDate().toString()
  return html`<time datetime="${text}">${isThisYear ? day.slice(5) : day} ${clockOf(at)}</time>`
}

/** A day in a sentence: `12 月 1 日`. */
export const dayInWords = (day: Temporal.PlainDate, lang: Lang): string =>
  pageWords(lang).time.day(day.month, day.day)

/** How long ago, in words; nothing is ever said to lie in the future. */
export function ageInWords(text: string, now: Temporal.Instant, lang: Lang): string {
  const words = pageWords(lang).time
  const minutes = Math.floor(now.since(text).total('minutes'))
  if (minutes < 1) return words.justNow
  if (minutes < 60) return words.minutes(minutes)
  if (minutes < 48 * 60) return words.hours(Math.floor(minutes / 60))
  return words.days(Math.floor(minutes / (24 * 60)))
}

/** A duration in words: tenths of a second below a minute. */
export function durationInWords(ms: number, lang: Lang): string {
  const words = pageWords(lang).time
  if (ms < 59_950) return words.seconds((ms / 1000).toFixed(1))
  const seconds = Math.round(ms / 1000)
  return words.minutesLong(Math.floor(seconds / 60), seconds % 60)
}

function dayAndClock(at: Temporal.ZonedDateTime, now: Temporal.Instant, lang: Lang): string {
  const words = pageWords(lang).time
  const today = now.toZonedDateTimeISO(dayZone).toPlainDate()
  const day = at.toPlainDate()
  if (day.equals(today)) return words.today(clockOf(at))
  if (day.equals(today.subtract({ days: 1 }))) return words.yesterday(clockOf(at))
  const name = day.year === today.year ? words.day(day.month, day.day) : day.toString()
  return words.on(name, clockOf(at))
}

const clockOf = (at: Temporal.ZonedDateTime): string => at.toPlainTime().toString({ smallestUnit: 'minute' })
