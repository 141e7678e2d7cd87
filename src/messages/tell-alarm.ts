import type { Alarm, AlarmCode, AlarmKinds } from '#domain/alarms/alarm.ts'
import type { NoticeKind } from '#domain/alarms/owed-to.ts'
import { alarmPolicies } from '#domain/alarms/policy.ts'
import { formatInstant } from '#domain/window.ts'
import { type Lang, messagesIn } from './messages.ts'

/** What happened and what to do. */
export function explainAlarm(
  { code, facts }: Pick<Alarm, 'code' | 'facts'>,
  lang: Lang,
): { title: string; hint: string } {
  const { kinds, troubles } = messagesIn(lang).alarms
  // Each code's function takes exactly that code's facts; TypeScript cannot follow the pair through the union.
  const sentence = kinds[code] as (facts: AlarmKinds[AlarmCode]) => { title: string; hint: string }
  const told =
    'because' in facts && facts.because
      ? { ...facts, because: troubles[facts.because] ?? facts.because }
      : facts
  return sentence(told)
}

/** Why a message did not arrive: a word of ours in the reader's language, or the receiver's own text. */
export const explainTrouble = (because: string, lang: Lang): string =>
  messagesIn(lang).alarms.troubles[because] ?? because

type Telling = { alarm: Alarm; kind: NoticeKind }

/** One alarm as it stands among others. What is over needs nobody to do anything. */
export const noticeBlock = (telling: Telling, lang: Lang): string =>
  `${messagesIn(lang).alarms.bullet}${alone(telling, lang)}`

function alone({ alarm, kind }: Telling, lang: Lang): string {
  const words = messagesIn(lang).alarms
  const { title, hint } = explainAlarm(alarm, lang)
  const since = formatInstant(alarm.since)
  const isOver = kind === 'resolved' || kind === 'passed'
  return [
    words.block(words.levels[alarmPolicies[alarm.code].level], words.noticeKinds[kind], title),
    ...(isOver ? [] : [words.whatToDo(hint)]),
    isOver && alarm.resolvedAt ? words.from(since, formatInstant(alarm.resolvedAt)) : words.since(since),
  ].join('\n')
}

/** A whole message: one alarm, or how many there are and each of them. */
export function noticeText(tellings: readonly Telling[], lang: Lang): string {
  const [first] = tellings
  return tellings.length === 1 && first
    ? `【${messagesIn(lang).alarms.brand}】${alone(first, lang)}`
    : [noticeHead(tellings, lang), ...tellings.map((one) => noticeBlock(one, lang))].join('\n\n')
}

/** What is in a message, at a glance. */
export function noticeHead(tellings: readonly Telling[], lang: Lang): string {
  const words = messagesIn(lang).alarms
  const [first] = tellings
  const told =
    tellings.length === 1 && first
      ? `${words.noticeKinds[first.kind]} · ${explainAlarm(first.alarm, lang).title}`
      : counts(tellings)
          .map(([kind, count]) => words.counted(words.noticeKinds[kind], count))
          .join(words.separator)
  return `【${words.brand}】${told}`
}

function counts(tellings: readonly Telling[]): [NoticeKind, number][] {
  const kinds: NoticeKind[] = ['raised', 'reminder', 'passed', 'resolved']
  return kinds
    .map((kind): [NoticeKind, number] => [kind, tellings.filter((one) => one.kind === kind).length])
    .filter(([, count]) => count > 0)
}
