import type { RunEntry } from '../contract.ts'
import { type Html, html } from '../html.ts'
import { failureWords, pageWords } from '../problems.ts'
import { cell, foreign, table } from './pieces.ts'
import { durationInWords, momentInTable, number, offsetAt } from './times.ts'
import type { View } from './view.ts'

/** The latest runs, newest first. */
export function runsSection(runs: RunEntry[], view: View): Html {
  const words = pageWords(view.lang).runs
  if (runs.length === 0)
    return html`<section class="card" aria-labelledby="runs"><h2 id="runs">${words.title}</h2><p class="soft">${words.none}</p></section>`
  const { heads } = words
  const columns = [
    { text: labelAt(view) },
    { text: heads.route },
    { text: heads.window },
    ...[heads.read, heads.written, heads.verified, heads.open].map((text) => ({ text, className: 'figure' })),
    { text: heads.result },
  ]
  return html`<section class="card" aria-labelledby="runs"><h2 id="runs">${words.title}</h2>
${table(
  words.caption,
  columns,
  runs.map((run) => row(run, view)),
)}</section>`
}

const labelAt = ({ now, lang }: View) => `${pageWords(lang).runs.heads.at} ${offsetAt(now)}`

function row(run: RunEntry, view: View): Html {
  const { now, lang } = view
  const words = pageWords(lang).runs
  const { heads } = words
  const figure = (label: string, value: number | undefined) =>
    cell(label, value === undefined ? words.dash : number(value), 'figure')
  const done = run.report?.deliveries
  return html`${cell(labelAt(view), momentInTable(run.startedAt ?? run.requestedAt, now))}
${cell(heads.route, foreign(run.route))}
${cell(heads.window, [momentInTable(run.window.from, now), words.until, momentInTable(run.window.to, now)])}
${figure(heads.read, run.report?.punches.read)}
${figure(heads.written, done?.written)}
${figure(heads.verified, done && done.verified + done.alreadyThere)}
${figure(heads.open, done && openIn(done))}
${cell(heads.result, result(run, view))}`
}

function result(run: RunEntry, { lang }: View): Html {
  const words = pageWords(lang).runs
  const isOpen = run.state === 'done' && run.report !== null && openIn(run.report.deliveries) > 0
  const tone = { done: isOpen ? 'warn' : 'good', failed: 'bad' }[run.state] ?? 'calm'
  const chip = html`<span class="chip ${tone}">${words.states[isOpen ? 'open' : run.state] ?? run.state}</span>`
  const took =
    run.report && html` <span class="soft">${words.took(durationInWords(run.report.durationMs, lang))}</span>`
  const why = run.failure && html`<p class="soft">${failureWords(run.failure, lang).title}</p>`
  return html`${chip}${took}${why}`
}

const openIn = ({ held, refused, inDoubt }: { held: number; refused: number; inDoubt: number }) =>
  held + refused + inDoubt
