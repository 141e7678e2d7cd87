import { isDeepStrictEqual } from 'node:util'
import { type FaultName, faultTable } from '../fault-table.ts'
import type { Faults } from '../faults.ts'
import { type Html, html } from './markup.ts'
import { type Position, positionGroups } from './positions.ts'
import { sendButton } from './send-button.ts'
import type { Lang, Words } from './words.ts'

/** Every switch of the sandbox, in groups that open; a group says how many of its switches were moved. */
export function switchboard(faults: Faults, lang: Lang, words: Words): Html {
  const moved = (Object.keys(faultTable) as FaultName[]).filter((name) => isMoved(faults, name))
  return html`<section class="card" aria-labelledby="faults">
<h2 id="faults">${words.faults.title}</h2>
<p class="soft small">${words.faults.lead}</p>
<p class="moved"><span class="chip ${moved.length > 0 ? 'warn' : 'good'}">${moved.length > 0 ? words.faults.changed(String(moved.length)) : words.faults.unchanged}</span>
${
  moved.length > 0 &&
  sendButton(
    { method: 'PUT', path: 'faults', body: initialOf(moved) },
    { id: 'faults-reset', text: words.faults.reset },
  )
}</p>
${positionGroups.map((group, i) => {
  const entries = Object.entries(group.switches) as [FaultName, Position[]][]
  const count = entries.filter(([name]) => moved.includes(name)).length
  return html`<details id="group-${i}"><summary>${group[lang]}${count > 0 && html` <span class="chip warn">${count}</span>`}</summary>
<ul class="switches">${entries.map(([name, positions]) => row(faults, name, positions, lang, words))}</ul></details>`
})}
</section>`
}

const isMoved = (faults: Faults, name: FaultName): boolean =>
  !isDeepStrictEqual(standing(faults, name), faultTable[name].default)

/** How a switch stands; one whose counted blows are used up strikes nobody any more. */
function standing({ values }: Faults, name: FaultName): unknown {
  const value = values[name]
  return typeof value === 'object' && value !== null && 'next' in value && value.next === 0 ? false : value
}

const initialOf = (names: FaultName[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, faultTable[name].default]))

function row(faults: Faults, name: FaultName, positions: Position[], lang: Lang, words: Words): Html {
  const value = standing(faults, name)
  const struck = faults.struck[name] ?? 0
  const isOther = !positions.some((position) => isDeepStrictEqual(position.value, value))
  return html`<li class="${isMoved(faults, name) ? 'is-moved' : ''}">
<p id="switch-${name}"><code>${name}</code> ${faultTable[name][lang]}${struck > 0 && html` <span class="chip calm">${words.faults.struck(String(struck))}</span>`}</p>
<div class="buttons" role="group" aria-labelledby="switch-${name}">${positions.map((position, i) =>
    sendButton(
      { method: 'PUT', path: 'faults', body: { [name]: position.value } },
      {
        id: `${name}-${i}`,
        text: position[lang],
        className: 'button position',
        isPressed: isDeepStrictEqual(position.value, value),
      },
    ),
  )}</div>
${isOther && html`<p class="small">${words.faults.current}<code>${JSON.stringify(value)}</code></p>`}
<details class="other" id="other-${name}"><summary>${words.faults.other}</summary>
<form class="inline" data-form="fault" data-name="${name}"><input name="value" aria-label="${name}: ${words.faults.other}" value="${JSON.stringify(value)}" spellcheck="false" autocomplete="off"><button class="button" id="set-${name}">${words.faults.set}</button></form></details>
</li>`
}
