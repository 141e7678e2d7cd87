import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import { compareLevels } from '#domain/alarms/policy.ts'
import { messagesIn } from '#messages/messages.ts'
import { explainAlarm } from '#messages/tell-alarm.ts'
import { type Html, html } from '../html.ts'
import type { Tone } from '../verdict.ts'
import { foreign, notice } from './pieces.ts'
import { momentInWords } from './times.ts'
import type { View } from './view.ts'

/** The command line shows all of them. */
const shown = 10
const tones: Record<AlarmEntry['level'], Tone> = { critical: 'bad', warning: 'warn', notice: 'calm' }

/** What is wrong and what to do about it, the worst first; nothing while nothing is. */
export function alarmsBlock(alarms: readonly AlarmEntry[], view: View): Html | null {
  if (alarms.length === 0) return null
  const words = messagesIn(view.lang).alarms
  const sorted = alarms.toSorted((a, b) => compareLevels(b.level, a.level))
  return html`<section class="card" aria-labelledby="alarms">
<h2 id="alarms">${words.page.title}</h2>
${sorted.slice(0, shown).map((alarm) => alarmNotice(alarm, view))}
${alarms.length > shown && html`<p class="soft">${words.page.more(alarms.length - shown)}</p>`}
</section>`
}

function alarmNotice(alarm: AlarmEntry, { lang, now }: View): Html {
  const words = messagesIn(lang).alarms
  const { title, hint } = explainAlarm(alarm, lang)
  return notice(tones[alarm.level], {
    title: foreign(title),
    hint,
    next: html`<p class="soft">${words.levels[alarm.level]} · ${momentInWords(alarm.since, now, lang)}</p>`,
  })
}
