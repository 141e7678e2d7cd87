import type { Failure, Failures } from '#domain/failures.ts'
import { en } from './en.ts'
import { type Messages, zh } from './zh.ts'

export type Lang = 'zh' | 'en'

/** Every word in one language. */
export const messagesIn = (lang: Lang): Messages => (lang === 'en' ? en : zh)

/** What happened and what to do next. A setup file's problems stand one a line at the head of the hint. */
export function explain(failed: Failure, lang: Lang): { title: string; hint: string } {
  const words = messagesIn(lang)
  // Each code's function takes exactly that code's facts; TypeScript cannot follow the pair through the union.
  const sentence = words.failures[failed.code] as (facts: Failures[keyof Failures]) => {
    title: string
    hint: string
  }
  const { title, hint } = sentence(failed.facts)
  if (failed.code !== 'setup.invalid') return { title, hint }
  const lines = failed.facts.problems.map(
    ({ line, column, path, problem }) =>
      `${words.setupPlace(failed.facts.file, line, column, path)}: ${words.setupProblem(problem)}`,
  )
  return { title, hint: [...lines, hint].join('\n') }
}

/** The stable code outsiders see: `platform.ip-not-trusted` is `platform-ip-not-trusted`. */
export const publicCode = (failed: Failure): string => publicName(failed.code)

/** The same for a code that was kept as text, e.g. in the call log; other words stay as they are. */
export const publicName = (code: string): string =>
  code === 'usage.not-yet' ? 'not-yet' : code.replace('.', '-')

/** One readiness item in words. `item` is a CheckItem of platforms/platform.ts, by its shape. */
export function explainCheck(
  item: { code: string; status: 'pass' | 'warn' | 'fail'; failure: Failure | null; where: string },
  lang: Lang,
): { title: string; hint: string; where: string } {
  const words = messagesIn(lang)
  const name = words.checkNames[item.code] ?? item.code
  const where = words.place(item.where)
  if (item.failure) return { ...explain(item.failure, lang), where }
  if (item.status === 'pass') return { title: words.checkPassed(name), hint: '', where }
  const facts = Object.fromEntries(
    item.where
      .split(' ')
      .slice(1)
      .map((fact) => fact.split('=') as [string, string]),
  )
  const warning = words.checkWarnings[item.code]?.(facts)
  const title = item.status === 'warn' ? words.checkWarned(name) : words.checkFailed(name)
  return { ...(warning ?? { title, hint: where }), where }
}
