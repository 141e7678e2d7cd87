import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dateText, dayOf, parseWallText, wallText } from '../shanghai.ts'
import type { HttpAnswer } from '../transport.ts'
import type { World } from '../world.ts'
import { callsCard, clockCard, punchCard } from './controls.ts'
import { type CompanyDay, type DayAsk, dayOfCompany } from './day-state.ts'
import { type Html, html, trusted } from './markup.ts'
import { address, peopleSection } from './people-section.ts'
import { switchboard } from './switchboard.ts'
import { type Lang, type Words, wordsIn } from './words.ts'

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const style = asset('page.css')
const script = asset('page.js')

/** The page loads nothing: its one style and its one script stand in it, and no other is run. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** `GET /_sandbox/`: both platforms side by side, and every switch. Asked by `lang`, `day`, `q`, `only`, `page`. */
export function sandboxPage(world: World, url: string): HttpAnswer {
  const asked = new URL(url).searchParams
  const lang: Lang = asked.get('lang') === 'en' ? 'en' : 'zh'
  const words = wordsIn(lang)
  const ask = askOf(world, asked)
  const day = dayOfCompany(world, ask)
  const main = html`${hero(world, ask, day, words)}
<div class="desk">
<div class="controls">${clockCard(world, words)}${punchCard(words)}${switchboard(world.faults, lang, words)}${callsCard(world, words)}</div>
<div class="state">${peopleSection(world, ask, day, lang, words)}</div>
</div>`
  return { status: 200, headers, text: document(main, ask, words) }
}

/** Nonsense is read as nothing: the page is for looking. */
function askOf(world: World, asked: URLSearchParams): DayAsk {
  const today = dayOf(world.clock.nowMs())
  const wanted = parseWallText(`${asked.get('day') ?? ''} 00:00:00`)
  const day = wanted === null ? today : Math.min(Math.max(dayOf(wanted), world.firstDay), today)
  return {
    day,
    search: (asked.get('q') ?? '').trim().slice(0, 64),
    onlyDiffering: asked.get('only') === 'differing',
    page: Number.parseInt(asked.get('page') ?? '1', 10) || 1,
  }
}

function hero(world: World, { day }: DayAsk, { total }: CompanyDay, words: Words): Html {
  const date = dateText(day)
  const number = (count: number) => count.toLocaleString('en-US')
  const [tone, title] = !total
    ? ['calm', words.verdict.unknown(date)]
    : total.stray > 0
      ? ['bad', words.verdict.stray(date, number(total.stray))]
      : total.missing > 0
        ? ['warn', words.verdict.missing(date, number(total.missing))]
        : ['good', words.verdict.same(date)]
  const totals = total && html` · ${words.totals(number(total.dingtalk), number(total.wecom))}`
  return html`<section class="hero ${tone}" aria-labelledby="verdict">
<p class="eyebrow">${words.eyebrow}</p>
<h1 id="verdict">${title}</h1>
<p class="soft"><time>${wallText(world.clock.nowMs())}</time>${totals}</p>
<noscript><p>${words.noscript}</p></noscript>
<p id="said" class="said" role="status"></p>
</section>`
}

function document(main: Html, ask: DayAsk, words: Words): string {
  const other = address(words.other.lang as Lang, ask)
  return html`<!doctype html>
<html lang="${words.htmlLang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${words.title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body data-done="${words.done}" data-failed="${words.failed}">
<a class="skip" href="#main">${words.skip}</a>
<header class="top"><span class="brand">${words.brand}</span>
<nav class="places" aria-label="${words.places}"><a href="#people">${words.people.title}</a><a href="#faults">${words.faults.title}</a><a href="#calls">${words.calls.title}</a></nav>
<nav aria-label="${words.preferences}"><a href="${other}" lang="${words.other.htmlLang}" hreflang="${words.other.lang}">${words.other.text}</a></nav></header>
<main id="main">${main}</main>
<footer class="bottom"><a href="/_sandbox/world">${words.footer.world}</a><a href="/_sandbox/faults">${words.footer.faults}</a><a href="/_sandbox/ready">${words.footer.ready}</a></footer>
<script>${trusted(script)}</script>
</body>
</html>
`.markup
}
