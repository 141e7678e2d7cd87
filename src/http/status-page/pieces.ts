import { type Html, html, type Part } from '../html.ts'
import { shellWords } from '../shell-command.ts'
import type { Tone } from '../verdict.ts'
import { mark } from './marks.ts'
import type { View } from './view.ts'

/** A command to paste: one click selects all of it. */
export const command = (words: string[], { isDemo }: Pick<View, 'isDemo'>): Html =>
  code(shellWords(words, isDemo))

/** Words for a terminal, kept whole where the line allows it. */
export const code = (words: string[]): Html =>
  html`<code class="command" translate="no">${words.map((word, index) => [index > 0 && ' ', html`<span>${word}</span>`])}</code>`

/** Something that happened, and what to do about it. */
export function notice(tone: Tone, { title, hint, next }: { title: Part; hint: Part; next: Part }): Html {
  return html`<div class="notice ${tone}">${mark(tone)}<div><p><strong>${title}</strong></p>
${hint && html`<p>${hint}</p>`}${next}</div></div>`
}

/** A cell that names its column again, for narrow screens where a row becomes a card. */
export function cell(label: string, content: Part, className = ''): Html {
  return html`<td role="cell" class="${className}" data-label="${label}"><div>${content}</div></td>`
}

/** A table that stays a table to a screen reader when narrow screens lay it out as cards. */
export function table(caption: string, heads: { text: string; className?: string }[], rows: Html[]): Html {
  return html`<table role="table"><caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map(({ text, className = '' }) => html`<th role="columnheader" scope="col" class="${className}">${text}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row}</tr>`)}</tbody></table>`
}

/** Text a person or a platform chose: its writing direction must not spill into ours. */
export const foreign = (text: string): Html => html`<bdi>${text}</bdi>`
