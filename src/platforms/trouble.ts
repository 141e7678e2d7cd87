import type { FailureCode } from '#domain/failures.ts'
import type { Endpoint, HttpAnswer } from '#platforms/ports.ts'

/**
 * What kind of trouble an attempt met. The platforms' tables sort their codes into these; `policy` says what follows.
 */
export type Sort =
  | 'auth'
  | 'credentials'
  | 'permission'
  | 'ip'
  | 'limit'
  | 'quota'
  | 'disabled'
  | 'unreachable'
  | 'too-late'
  | 'person'
  | 'request'
  | 'too-large'
  | 'unknown'
  | 'busy'
  | 'timeout'
  | 'reset'
  | 'overflow'
  | 'banned'
  | 'empty'
  | 'unreadable'

/** notSent: certainly not executed. refused: the platform looked at it and said no. lost: nobody knows. */
export type CallOutcome = 'notSent' | 'refused' | 'lost'

type Policy = {
  code: FailureCode
  outcome: CallOutcome
  again: 'token' | 'scopes' | 'wait' | 'soon' | 'never'
}

/**
 * What each sort is called, what became of the request, and whether it is tried again: `token` once with a new token,
 * `scopes` the same where a token keeps the permissions it was issued with,
 * `wait` when the limit has passed, `soon` after a short back-off. A write is tried again only where it is `notSent`.
 */
// biome-ignore format: a table is read by its columns
export const policy: Record<Sort, Policy> = {
  auth:        { code: 'platform.bad-credentials',   outcome: 'notSent', again: 'token' },
  credentials: { code: 'platform.bad-credentials',   outcome: 'notSent', again: 'never' },
  permission:  { code: 'platform.no-permission',     outcome: 'notSent', again: 'scopes'},
  ip:          { code: 'platform.ip-not-trusted',    outcome: 'notSent', again: 'never' },
  limit:       { code: 'platform.rate-limited',      outcome: 'notSent', again: 'wait'  },
  quota:       { code: 'platform.out-of-calls',      outcome: 'notSent', again: 'never' },
  disabled:    { code: 'platform.app-disabled',      outcome: 'notSent', again: 'never' },
  unreachable: { code: 'platform.unreachable',       outcome: 'notSent', again: 'soon'  },
  'too-late':  { code: 'platform.too-late',          outcome: 'notSent', again: 'never' },
  person:      { code: 'platform.person-refused',    outcome: 'refused', again: 'never' },
  request:     { code: 'platform.bad-request',       outcome: 'refused', again: 'never' },
  'too-large': { code: 'platform.too-large',         outcome: 'refused', again: 'never' },
  unknown:     { code: 'platform.unknown-code',      outcome: 'refused', again: 'never' },
  busy:        { code: 'platform.busy',              outcome: 'lost',    again: 'soon'  },
  timeout:     { code: 'platform.timeout',           outcome: 'lost',    again: 'soon'  },
  reset:       { code: 'platform.broken-off',        outcome: 'lost',    again: 'soon'  },
  overflow:    { code: 'platform.too-large',         outcome: 'lost',    again: 'never' },
  banned:      { code: 'platform.banned',            outcome: 'lost',    again: 'never' },
  empty:       { code: 'platform.unreadable-answer', outcome: 'lost',    again: 'soon'  },
  unreadable:  { code: 'platform.unreadable-answer', outcome: 'lost',    again: 'never' },
}

/** How long calls stay away after a limit: until the platform's own word, else the n-th of `waitsMs` in a row. */
export type Stay = { whole: boolean; waitsMs: readonly number[]; until: Temporal.Instant | null }

/** What an attempt ran into. Text is as the platform sent it: whoever lets it out masks it. */
export type Trouble = {
  sort: Sort
  code: string
  text: string
  requestId: string
  /** HTTP status; 0 when there was no answer. */
  status: number
  scopes: string[]
  ip: string
  stay: Stay | null
}

export const trouble = (sort: Sort, facts: Partial<Omit<Trouble, 'sort'>> = {}): Trouble => ({
  code: '',
  text: '',
  requestId: '',
  status: 0,
  scopes: [],
  ip: '',
  stay: null,
  ...facts,
  sort,
})

export type Body = Record<string, unknown>
export type Asked = Pick<Endpoint<unknown, unknown>, 'host' | 'token'>

/** How one platform says no, and how patient to be with it. */
export type PlatformRules = {
  /** The trouble a JSON answer tells of, or null. Looks at the platform's own sign of success before any data. */
  refusalOf(body: Body, status: number, asked: Asked): Trouble | null
  /** How long everything stays away after a ban page. */
  banMs: number
  /** Waits before the second, third, … attempt after passing trouble. */
  retryWaitsMs: readonly number[]
  /** Calls of one API under way at once. */
  atOnce: number
}

/** A value of a refusal as text; platforms quote numbers at will. */
export const said = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** One answer: its JSON once the platform said yes, or what is wrong with it. */
export function readAnswer(
  answer: HttpAnswer,
  asked: Asked,
  rules: PlatformRules,
): { body: Body } | { trouble: Trouble } {
  const { status, text } = answer
  const stay: Stay = { whole: true, waitsMs: [rules.banMs], until: null }
  const body = parse(text)
  const isBody = typeof body === 'object' && body !== null && !Array.isArray(body)
  if (status >= 500) {
    const refusal = isBody ? rules.refusalOf(body as Body, status, asked) : null
    return {
      trouble: {
        ...(refusal ?? trouble('busy', { code: `HTTP ${status}`, status })),
        sort: 'busy',
        stay: null,
      },
    }
  }
  if (isBody) {
    // the shield before DingTalk answers a banned address without an errcode
    if (said((body as Body)['status']) === '1111')
      return { trouble: trouble('banned', { code: '1111', status, stay }) }
    const refusal = rules.refusalOf(body as Body, status, asked)
    return refusal ? { trouble: refusal } : { body: body as Body }
  }
  if (text.trim() === '') return { trouble: trouble('empty', { status }) }
  if (isBanPage(status, text)) return { trouble: trouble('banned', { code: `HTTP ${status}`, status, stay }) }
  return {
    trouble: trouble('unreadable', { status, text: body === undefined ? 'not JSON' : 'not an object' }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A page where data should be. Redirects, wrong paths and a proxy's login are pages too, but no ban. */
const isBanPage = (status: number, text: string): boolean =>
  /^[\s\uFEFF]*</.test(text) && !(status >= 300 && status < 400) && status !== 404 && status !== 407

/** Turns rows `[sort, codes]` (a range is `from-to`) into a look-up. A code in two rows belongs to the first. */
export function sortTable(rows: readonly (readonly [Sort, string])[]): ReadonlyMap<string, Sort> {
  const table = new Map<string, Sort>()
  for (const [sort, codes] of rows)
    for (const code of codes.split(/\s+/).flatMap(spread)) if (!table.has(code)) table.set(code, sort)
  return table
}

function spread(codes: string): string[] {
  const range = /^(\d+)-(\d+)$/.exec(codes)
  if (!range) return [codes]
  const [from, to] = [Number(range[1]), Number(range[2])]
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}
