import type { Command } from 'commander'
import type { QuotaUse, RouteStatus, StatusReport, WayStatus } from '#domain/status-report.ts'
import { explain, type Lang, publicName } from '#messages/messages.ts'
import { tellStalled } from '#messages/tell-stalled.ts'
import { tellUnknown } from '#messages/tell-unknown.ts'
import type { Messages } from '#messages/zh.ts'
import { addCommand } from '../command-line.ts'
import { heldSteps } from '../held-steps.ts'
import type { Session } from '../session.ts'
import { shortTime, spokenCounts } from '../written.ts'

export function addStatus(program: Command, session: Session): void {
  addCommand(program, session, 'status').action(async () => {
    const status = await session.withApp((app) => app.status())
    session.answer(documentOf(status), () => sentences(status, session))
  })
}

/** The same with the code of a failed run as outsiders know it. */
const documentOf = (status: StatusReport): StatusReport => ({
  ...status,
  routes: status.routes.map((route) => ({
    ...route,
    lastRun: route.lastRun && {
      ...route.lastRun,
      code: route.lastRun.code && publicName(route.lastRun.code),
    },
  })),
})

function sentences({ version, home, database, routes }: StatusReport, session: Session): string[] {
  const { status: texts } = session.words.reports
  if (routes.length === 0) return [texts.where(version, home, database), texts.nothing]
  return [texts.where(version, home, database), ...routes.flatMap((route) => routeSentences(route, session))]
}

function routeSentences(status: RouteStatus, { words, lang }: Session): string[] {
  const { status: texts, calls, people: peopleTexts, deliveries, sync, listSeparator } = words.reports
  const { route, completeTo, completeFor, people, held, refused, inDoubt, brake } = status
  const all = people.linked + people.suggested + people.conflicting + people.unmatched
  const complete =
    completeTo === null ? texts.never(route) : texts.complete(route, shortTime(completeTo), completeFor, all)
  const because = spokenCounts(status.heldBecause, deliveries.heldNames, listSeparator)
  const doubts = spokenCounts(status.inDoubtBecause, words.deliveryReasons, listSeparator)
  const unknown = completeTo === null ? null : tellUnknown(status, lang)
  return [
    complete + (status.paused ? texts.paused : ''),
    ...status.ways.flatMap((way) => waySentences(way, status, { texts, lang })),
    ...(brake ? [`  ${texts.braked(shortTime(brake.pulledAt), brake.writes, brake.punches)}`] : []),
    ...(unknown ? [`  ${unknown}`] : []),
    ...(status.gapFrom ? [`  ${texts.readGap(route, status.gapFrom)}`] : []),
    `  ${peopleTexts.counts(people.linked, people.suggested, people.conflicting, people.unmatched)}`,
    `  ${held + refused + inDoubt > 0 ? texts.waiting(held, refused, inDoubt) : texts.allClear}`,
    ...(because ? [`  ${deliveries.heldBecause(because)}`] : []),
    ...(doubts ? [`  ${deliveries.inDoubtBecause(doubts)}`] : []),
    ...status.quota.map((use) => `  ${quotaSentence(use, calls)}`),
    ...heldSteps(status, sync).map((step) => `  ${step}`),
  ]
}

/** Each way by itself where there are two, why one stands still, and which steps bring nothing. */
function waySentences(
  way: WayStatus,
  { route, ways }: RouteStatus,
  { texts, lang }: { texts: Messages['reports']['status']; lang: Lang },
): string[] {
  const { from, to, completeTo, completeFor, of, standsStill, stalled = [] } = way
  const name = texts.way(from, to)
  const reach =
    completeTo === null ? texts.neverThisWay : texts.completeThisWay(shortTime(completeTo), completeFor, of)
  return [
    ...(ways.length > 1 ? [`  ${name}${reach}`] : []),
    ...(standsStill
      ? [
          `  ${name}${texts.standsStill(explain(standsStill.failure, lang).title, shortTime(standsStill.retryAt))}`,
          `    ${explain(standsStill.failure, lang).hint}`,
        ]
      : []),
    ...tellStalled(stalled, route, lang).flatMap(({ title, hint }) => [`  ${name}${title}`, `    ${hint}`]),
  ]
}

/** What was used, where it is heading, and how far from the least that is. */
function quotaSentence(
  { connection, used, quota, expected, least, events }: QuotaUse,
  words: Messages['reports']['calls'],
): string {
  return [
    words.quota(connection, used, quota),
    least ? words.timesLeast((used / least).toFixed(2), least) : '',
    expected === undefined ? '' : words.outlook(expected),
    events && events.used > 0 ? words.events(events.used, events.quota) : '',
  ].join('')
}
