import { monthlyCalls } from '../limits.ts'
import { wallText } from '../shanghai.ts'
import type { World } from '../world.ts'
import { type Html, html } from './markup.ts'
import { sendButton } from './send-button.ts'
import type { Words } from './words.ts'

/** What time it is here, and the hand that pushes it on. */
export function clockCard({ clock }: World, { clock: words }: Words): Html {
  const offset = clock.offsetMs()
  return html`<section class="card" aria-labelledby="clock">
<h2 id="clock">${words.title}</h2>
<p class="time"><time>${wallText(clock.nowMs())}</time></p>
<p class="soft">${offset === 0 ? words.notAhead : words.ahead(spoken(offset, words))}</p>
<div class="buttons">${words.push.map(({ seconds, text }) =>
    sendButton(
      { method: 'POST', path: 'clock', body: { advanceSeconds: seconds } },
      { id: `clock-${seconds}`, text },
    ),
  )}</div>
<p class="soft small">${words.hint}</p>
</section>`
}

function spoken(ms: number, { units }: Words['clock']): string {
  const seconds = Math.floor(ms / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), units.day],
    [Math.floor((seconds % 86_400) / 3_600), units.hour],
    [Math.floor((seconds % 3_600) / 60), units.minute],
    [seconds % 60, units.second],
  ]
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return told.length > 0 ? told.join(units.separator) : `0 ${units.second}`
}

/** A punch at any time by anybody, on either side. */
export function punchCard(words: Words): Html {
  const { punch, platforms } = words
  return html`<section class="card" aria-labelledby="punch">
<h2 id="punch">${punch.title}</h2>
<form class="fields" data-form="punch">
<label>${punch.platform}<select name="platform"><option value="dingtalk">${platforms.dingtalk}</option><option value="wecom">${platforms.wecom}</option></select></label>
<label>${punch.who}<input name="userId" required maxlength="64" autocomplete="off" list="ids"></label>
<label>${punch.at} <span class="soft">${punch.now}</span><input name="at" type="datetime-local" step="1"></label>
<label class="check"><input name="void" type="checkbox"> ${punch.isVoid}</label>
<label class="check"><input name="approved" type="checkbox"> ${punch.isApproved}</label>
<button id="punch-send" class="button strong">${punch.submit}</button>
</form>
</section>`
}

/** What the platforms counted: the month's quota, and calls by API with what was refused. */
export function callsCard({ ledger, origin, clock }: World, words: Words): Html {
  const { calls, platforms } = words
  const { used } = ledger.metered(clock.nowMs())
  const quota = monthlyCalls(origin.edition)
  const counters = ledger.counters()
  const share = Math.min(100, (used / quota) * 100).toFixed(2)
  return html`<section class="card" aria-labelledby="calls">
<h2 id="calls">${calls.title}</h2>
<p>${calls.quota(used.toLocaleString('en-US'), quota.toLocaleString('en-US'))}</p>
<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${calls.bar}"><rect x="0" y="0" width="${share}" height="4"></rect></svg>
${(['dingtalk', 'wecom'] as const).map((platform) => {
  const rows = Object.entries(counters[platform]).toSorted(([, a], [, b]) => b.calls - a.calls)
  return html`<h3>${platforms[platform]}</h3>
${
  rows.length === 0
    ? html`<p class="soft">${calls.none}</p>`
    : html`<table class="counters"><caption class="unseen">${platforms[platform]}</caption>
<thead><tr><th scope="col">${calls.heads.api}</th><th scope="col" class="figure">${calls.heads.calls}</th><th scope="col">${calls.heads.refused}</th></tr></thead>
<tbody>${rows.map(
        ([path, counter]) =>
          html`<tr><th scope="row">${path}</th><td class="figure">${counter.calls}</td><td>${refusals(counter.refused, words)}</td></tr>`,
      )}</tbody></table>`
}`
})}
</section>`
}

function refusals(refused: Record<string, number>, { calls }: Words): Html | string {
  const told = Object.entries(refused).map(([code, times]) => calls.code(code, String(times)))
  return told.length === 0 ? '—' : html`<ul>${told.map((one) => html`<li>${one}</li>`)}</ul>`
}
