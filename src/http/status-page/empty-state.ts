import { type Html, html } from '../html.ts'
import { pageWords } from '../problems.ts'
import { code, command } from './pieces.ts'
import type { View } from './view.ts'

/** Nothing is set up yet: what to run, in order. */
export function emptyState(view: View): Html {
  const words = pageWords(view.lang).empty
  const steps = [
    { text: words.apply, commands: [['apply', '-f', 'setup.yaml']] },
    { text: words.check, commands: [['check']] },
    {
      text: words.sync,
      commands: [
        ['plan', '--route', 'hq'],
        ['sync', '--route', 'hq'],
      ],
    },
  ]
  return html`<section class="card">
<p class="fresh">${words.lead}</p>
<ol class="steps">${steps.map(({ text, commands }) => html`<li><p>${text}</p>${commands.map((one) => command(one, view))}</li>`)}</ol>
${!view.isDemo && html`<p class="soft">${words.demo}</p>${code(['npm', 'start'])}`}
</section>`
}
