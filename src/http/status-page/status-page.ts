import type { Failure } from '#domain/failures.ts'
import type { StatusReport } from '#domain/status-report.ts'
import type { PersonEntry, RunEntry } from '../contract.ts'
import { type Html, html } from '../html.ts'
import { pageWords, storeWords } from '../problems.ts'
import { judgeStatus, type Verdict } from '../verdict.ts'
import { alarmsBlock } from './alarms-block.ts'
import { emptyState } from './empty-state.ts'
import { layout, refreshSeconds, type Viewing } from './layout.ts'
import { mark } from './marks.ts'
import { notice } from './pieces.ts'
import { quotaSection } from './quota-section.ts'
import { routeCard } from './route-card.ts'
import { runsSection } from './runs-section.ts'
import { momentInWords, number } from './times.ts'
import type { View } from './view.ts'

/** Everything the status page shows, read at one moment. `people` holds, by route, those who are not identified. */
export type PageFacts = {
  status: StatusReport
  runs: RunEntry[]
  people: Map<string, PersonEntry[]>
  /** What is wrong with the database, which can be read all the same; null: nothing. */
  trouble?: Failure | null
  now: Temporal.Instant
  /** Commands then point at the demo's home. */
  isDemo: boolean
  /** The page of the sandbox that plays the platforms; null where they are real. */
  sandboxPage: string | null
}

/** The status page: what is complete up to when, what waits for a person, and what to do about it. */
export function statusPage(facts: PageFacts, viewing: Viewing): string {
  const words = pageWords(viewing.lang)
  const view: View = { lang: viewing.lang, now: facts.now, isDemo: facts.isDemo }
  const { status, runs, people } = facts
  const verdict = judgeStatus(status, facts.now, { isStoreWell: !facts.trouble })
  const title = verdictInWords(verdict, viewing)
  const body =
    status.routes.length === 0
      ? emptyState(view)
      : [
          status.routes.map((route, index) =>
            routeCard(
              {
                route,
                index,
                runs: runs.filter((run) => run.route === route.route),
                people: people.get(route.route) ?? [],
              },
              view,
            ),
          ),
          quotaSection(status.routes, view),
          runsSection(runs.slice(0, runsShown), view),
        ]
  return layout(viewing, {
    title,
    main: [
      hero(verdict, title, view, viewing),
      facts.trouble ? storeNotice(facts.trouble, view) : null,
      alarmsBlock(status.alarms, view),
      facts.sandboxPage && sandboxLink(facts.sandboxPage, viewing),
      body,
    ],
    footer: footer(status, viewing, words),
    canRefresh: true,
  })
}

/** Nothing is written down just now, so all that stands below is as it was. */
const storeNotice = (trouble: Failure, { lang }: View): Html =>
  notice('bad', { ...storeWords(trouble, lang), next: null })

/** Newest first; the command line shows all of them. */
const runsShown = 10

const verdictInWords = ({ kind, count, route }: Verdict, { lang }: Viewing): string => {
  const words = pageWords(lang).verdict[kind]
  return typeof words === 'string' ? words : words(number(count), route)
}

function hero({ tone }: Verdict, title: string, { now, lang }: View, { refreshes }: Viewing): Html {
  const words = pageWords(lang)
  return html`<section class="hero ${tone}" aria-labelledby="verdict">
${mark(tone)}
<div>
<p class="eyebrow">${words.title}</p>
<h1 id="verdict">${title}</h1>
<p class="soft">${words.written}${momentInWords(now.toString({ smallestUnit: 'second' }), now, lang)} · ${refreshes ? words.refreshing(refreshSeconds) : words.notRefreshing}</p>
</div>
</section>`
}

/** Both platforms are played on this machine: where to look at them and to be unkind to them. */
function sandboxLink(page: string, { lang }: Viewing): Html {
  const words = pageWords(lang).sandbox
  return html`<p class="sandbox">${words.text}<a href="${page}?lang=${lang}">${words.link}</a></p>`
}

function footer(status: StatusReport, { lang }: Viewing, words: ReturnType<typeof pageWords>): Html {
  return html`<nav aria-label="${words.footer.about}"><span>${words.footer.version(status.version)}</span><span>${words.footer.database(status.database)}</span>
<a href="/api/status?lang=${lang}">${words.footer.api}</a><a href="/metrics">${words.footer.metrics}</a><a href="/readyz?lang=${lang}">${words.footer.ready}</a></nav>`
}
