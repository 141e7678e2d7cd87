import type { Problem } from '../contract.ts'
import { html } from '../html.ts'
import { pageWords } from '../problems.ts'
import { homeLink, layout, type Viewing } from './layout.ts'
import { mark } from './marks.ts'

/** An error for somebody in a browser: what happened, what to do, and the way back. Never more than that. */
export function problemPage({ title, hint, code, status }: Problem, viewing: Viewing): string {
  const words = pageWords(viewing.lang)
  const isShut = code === 'sign-in-needed' || code === 'wrong-host' // the way back would be refused as well
  const tone = status >= 500 ? 'bad' : 'warn'
  const main = html`<section class="hero ${tone}" aria-labelledby="verdict">${mark(tone)}
<div><h1 id="verdict">${title}</h1><p class="fresh">${hint}</p>
<p class="soft">${words.code} <code>${code}</code> · ${status}</p>
${isShut ? null : html`<p><a href="${homeLink(viewing)}">${words.back}</a></p>`}</div></section>`
  return layout(viewing, { title, main, footer: null, canRefresh: status === 503 })
}
