import { isThere, type Person } from '../company.ts'
import { pathOf } from '../departments.ts'
import { dateText, dayOf, wallText } from '../shanghai.ts'
import type { World } from '../world.ts'
import type { CompanyDay, DayAsk, Mark, MarkKind, PersonDay } from './day-state.ts'
import { type Html, html } from './markup.ts'
import { sendButton } from './send-button.ts'
import type { Lang, Words } from './words.ts'

const kinds: MarkKind[] = [
  'same',
  'missing',
  'hidden',
  'late',
  'void',
  'alone',
  'own',
  'approval',
  'erased',
  'stray',
]

/** Both platforms' state of a day, person by person. */
export function peopleSection(world: World, ask: DayAsk, day: CompanyDay, lang: Lang, words: Words): Html {
  const { people } = words
  const { heads } = people
  return html`<section class="card" aria-labelledby="people">
<h2 id="people">${people.title}</h2>
${filters(world, ask, lang, words)}
<p class="soft small">${people.found(day.found.toLocaleString('en-US'))}</p>
${
  day.rows.length === 0
    ? html`<p>${people.none}</p>`
    : html`<table class="days" role="table"><caption class="unseen">${people.title}</caption>
<thead role="rowgroup"><tr role="row">${[heads.person, heads.dingtalk, heads.wecom, heads.state, heads.act].map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${day.rows.map((one) => row(world, one, words))}</tbody></table>`
}
${pager(ask, day, lang, words)}
<details class="legend" id="legend"><summary>${people.legend}</summary><ul>${kinds.map((kind) => html`<li><span class="mark ${kind}">08:58:07</span> ${people.marks[kind]}</li>`)}</ul></details>
<datalist id="ids">${day.rows.flatMap(({ person }) => [person.dingtalk, person.wecom].map((account) => account && html`<option value="${account.userId}">${person.name}</option>`))}</datalist>
</section>`
}

function filters(world: World, { day, search, onlyDiffering }: DayAsk, lang: Lang, words: Words): Html {
  const { people } = words
  const today = dayOf(world.clock.nowMs())
  const link = (to: number) => address(lang, { day: to, search, onlyDiffering, page: 1 })
  return html`<form class="filters" method="get" action="/_sandbox/">
<input type="hidden" name="lang" value="${lang}">
<label>${people.day}<span class="day">${day > world.firstDay ? html`<a class="button" href="${link(day - 1)}" aria-label="${people.dayBefore}">‹</a>` : null}<input type="date" name="day" value="${dateText(day)}" min="${dateText(world.firstDay)}" max="${dateText(today)}">${day < today ? html`<a class="button" href="${link(day + 1)}" aria-label="${people.dayAfter}">›</a>` : null}</span></label>
<label>${people.search}<input type="search" name="q" value="${search}" maxlength="64"></label>
<label class="check"><input type="checkbox" name="only" value="differing"${onlyDiffering && html` checked`}> ${people.only}</label>
<button class="button strong">${people.show}</button>
</form>`
}

/** This page with another question. */
export const address = (lang: Lang, { day, search, onlyDiffering, page }: DayAsk): string =>
  `/_sandbox/?${new URLSearchParams({
    lang,
    day: dateText(day),
    ...(search !== '' && { q: search }),
    ...(onlyDiffering && { only: 'differing' }),
    ...(page > 1 && { page: String(page) }),
  })}`

function pager(ask: DayAsk, { page, pages }: CompanyDay, lang: Lang, { people }: Words): Html | null {
  if (pages === 1) return null
  const link = (to: number, text: string) =>
    to >= 1 &&
    to <= pages &&
    html`<a class="button" href="${address(lang, { ...ask, page: to })}">${text}</a>`
  return html`<nav class="pager" aria-label="${people.pager}">${link(page - 1, people.before)}<span>${people.pages(String(page), String(pages))}</span>${link(page + 1, people.after)}</nav>`
}

function row(world: World, { person, dingtalk, wecom, missing, stray }: PersonDay, words: Words): Html {
  const { people, platforms } = words
  const { heads } = people
  const cell = (head: string, content: Html | (Html | null)[] | null) =>
    html`<td role="cell" data-label="${head}"><div>${content}</div></td>`
  return html`<tr role="row"${missing + stray > 0 && html` class="differs"`}>
<th role="rowheader" scope="row"><span class="name">${person.name}</span> <span class="soft small">${departmentOf(world, person)}</span></th>
${cell(heads.dingtalk, side(person.dingtalk, dingtalk, words))}
${cell(heads.wecom, side(person.wecom, wecom, words))}
${cell(heads.state, state({ person, dingtalk, wecom, missing, stray }, words))}
${cell(
  heads.act,
  (['dingtalk', 'wecom'] as const).map((platform) => {
    const account = person[platform]
    if (!isThere(account)) return null
    return sendButton(
      { method: 'POST', path: 'punch', body: { platform, userId: account.userId } },
      {
        id: `now-${platform}-${person.index}`,
        text: platforms[platform],
        label: words.punch.nowFor(platforms[platform], person.name),
      },
    )
  }),
)}
</tr>`
}

function departmentOf({ company }: World, { dingtalk, wecom }: Person): string {
  const [home] = (isThere(dingtalk) ? dingtalk : wecom)?.departments ?? []
  return home === undefined ? '' : pathOf(company.departments, home)
}

function side(account: Person['dingtalk'], marks: Mark[], { people }: Words): Html {
  if (!isThere(account)) return html`<span class="soft">${people.noAccount}</span>`
  return html`<span class="account">${account.userId}</span>
${
  marks.length === 0
    ? html`<span class="soft small">${people.noPunch}</span>`
    : html`<ul class="marks">${marks.map(
        ({ at, kind }) =>
          html`<li class="mark ${kind}" title="${people.marks[kind]}"><time>${wallText(at * 1000).slice(11)}</time><span class="unseen"> ${people.marks[kind]}</span></li>`,
      )}</ul>`
}`
}

function state({ person, dingtalk, wecom, missing, stray }: PersonDay, { people: { states } }: Words): Html {
  const chip = (tone: string, text: string) => html`<span class="chip ${tone}">${text}</span>`
  if (missing + stray > 0)
    return html`${missing > 0 && chip('warn', states.missing(String(missing)))} ${stray > 0 && chip('bad', states.stray(String(stray)))}`
  if (!isThere(person.wecom)) return chip('calm', states.onlyDingtalk)
  if (!isThere(person.dingtalk)) return chip('calm', states.onlyWecom)
  return dingtalk.length + wecom.length === 0
    ? html`<span class="soft small">${states.empty}</span>`
    : chip('good', states.same)
}
