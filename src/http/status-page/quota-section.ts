import { forecastQuota, type QuotaForecast } from '#domain/planner/forecast.ts'
import type { QuotaUse, RouteStatus } from '#domain/status-report.ts'
import { type Html, html } from '../html.ts'
import { pageWords } from '../problems.ts'
import type { Tone } from '../verdict.ts'
import { dayInWords, number } from './times.ts'
import type { View } from './view.ts'

/** What the month's meters say, one a connection, however many routes share it. */
export function quotaSection(routes: RouteStatus[], view: View): Html | null {
  const meters = [
    ...new Map(routes.flatMap((route) => route.quota).map((use) => [use.connection, use])).values(),
  ]
  if (meters.length === 0) return null
  return html`<section class="card" aria-labelledby="quota"><h2 id="quota">${pageWords(view.lang).quota.title}</h2>
<ul class="meters">${meters.map((use) => meter(use, view))}</ul></section>`
}

function meter(use: QuotaUse, { now, lang }: View): Html {
  const words = pageWords(lang).quota
  const forecast = forecastQuota(use, now)
  const name = html`<p class="meter-name">${use.connection}</p>`
  if (forecast.kind === 'unmetered') return html`<li>${name}<p class="soft">${words.unmetered}</p></li>`
  const text = words.used(number(use.used), number(use.quota))
  const tone = tones[forecast.kind]
  const width = Math.min(100, (use.used / use.quota) * 100).toFixed(3)
  return html`<li>${name}<div><svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${text}"><rect class="${tone}" x="0" y="0" width="${width}" height="4"></rect></svg>
<p>${text}</p><p class="${tone === 'good' || tone === 'calm' ? 'soft' : `strong ${tone}`}">${forecastInWords(forecast, lang)}</p>${planned(use, lang)}${events(use, lang)}</div></li>`
}

/** What the plan makes of the month, and how far from the least that is. */
function planned({ used, expected, least }: QuotaUse, lang: View['lang']): Html | null {
  const words = pageWords(lang).quota
  if (expected === undefined || least === undefined) return null
  const times = least > 0 ? words.least((used / least).toFixed(2), number(least)) : ''
  return html`<p class="soft">${words.planned(number(expected))}${times && ` ${times}`}</p>`
}

/** Events have a quota of their own; where none came there is nothing to say. */
function events({ events }: QuotaUse, lang: View['lang']): Html | null {
  if (!events || events.used === 0) return null
  const words = pageWords(lang).quota
  const isSpent = events.used >= events.quota
  const text = (isSpent ? words.eventsGone : words.events)(number(events.used), number(events.quota))
  return html`<p class="${isSpent ? 'strong warn' : 'soft'}">${text}</p>`
}

const tones: Record<Exclude<QuotaForecast['kind'], 'unmetered'>, Tone> = {
  early: 'calm',
  enough: 'good',
  tight: 'warn',
  short: 'bad',
  gone: 'bad',
}

function forecastInWords(
  forecast: Exclude<QuotaForecast, { kind: 'unmetered' }>,
  lang: View['lang'],
): string {
  const words = pageWords(lang).quota
  switch (forecast.kind) {
    case 'early':
      return words.early
    case 'enough':
    case 'tight':
      return words[forecast.kind](number(forecast.expected))
    case 'short':
      return words.short(dayInWords(forecast.lastsUntil, lang))
    case 'gone':
      return words.gone(dayInWords(forecast.freeAgainOn, lang))
  }
}
