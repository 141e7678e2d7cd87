import { type Failure, FailureError, failure } from '#domain/failures.ts'
import { statusPage as en } from '#messages/en/status-page.ts'
import { explain, type Lang, messagesIn, publicCode } from '#messages/messages.ts'
import { statusPage as zh } from '#messages/zh/status-page.ts'
import type { Problem } from './contract.ts'

/** The words of the pages in one language. */
export const pageWords = (lang: Lang): typeof zh => (lang === 'en' ? en : zh)

/** What goes wrong between a reader and the pages; everything else is a failure of the product. */
export type PageProblem = keyof typeof zh.problems

const statuses: Record<PageProblem, number> = {
  'not-found': 404,
  'method-not-allowed': 405,
  'no-body-accepted': 413,
  'body-too-large': 413,
  'callback-refused': 403,
  'callback-unreadable': 400,
  'address-too-long': 414,
  'bad-request': 400,
  'wrong-host': 421,
  'sign-in-needed': 403,
  'not-ready': 503,
}

/** The problem in the reader's language. */
export function pageProblem(code: PageProblem, lang: Lang): Problem {
  return {
    type: `urn:qintong:problem:${code}`,
    ...pageWords(lang).problems[code],
    status: statuses[code],
    code,
  }
}

/**
 * What a thrown thing looks like from outside. A failure brings its own words; anything else is a bug: `onBug` keeps
 * it whole and gives the reference under which it is found, and nothing of it is shown.
 */
export function problemOf(thrown: unknown, lang: Lang, onBug: (error: unknown) => string): Problem {
  const failed =
    thrown instanceof FailureError ? thrown.failure : failure('internal', { reference: onBug(thrown) })
  const code = publicCode(failed)
  return {
    type: `urn:qintong:problem:${code}`,
    ...failureWords(failed, lang),
    status: statusOf(failed),
    code,
  }
}

/** The database in trouble, for whoever looks at a service that goes on by itself afterwards. */
export function storeWords(trouble: Failure, lang: Lang): { title: string; hint: string } {
  const { title, hint } = failureWords(trouble, lang)
  const separator = lang === 'en' ? ' ' : ''
  return { title, hint: [hint, pageWords(lang).storeGoesOn].join(separator) }
}

/** The same as a problem. */
export function storeProblem(trouble: Failure, lang: Lang): Problem {
  const code = publicCode(trouble)
  return { type: `urn:qintong:problem:${code}`, ...storeWords(trouble, lang), status: 503, code }
}

function statusOf({ code }: Failure): number {
  if (code.startsWith('usage.unknown-')) return 404
  if (['usage.', 'setup.', 'sheet.', 'links.'].some((start) => code.startsWith(start))) return 400
  if (code.startsWith('lane.')) return 409
  if (code.startsWith('store.') || code.startsWith('home.')) return 503
  if (code.startsWith('platform.')) return 502
  return 500
}

/** A failure's words. A stored failure that a newer build wrote may have a code that has no words here. */
export function failureWords(failed: Failure, lang: Lang): { title: string; hint: string } {
  return failed.code in messagesIn(lang).failures ? explain(failed, lang) : { title: failed.code, hint: '' }
}
