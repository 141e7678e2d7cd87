import type { Clock } from '#domain/effects.ts'
import { createGate } from '#platforms/gate.ts'
import type { CallRecord, ConnectionFacts, HttpRequest, Token } from '#platforms/ports.ts'
import { TransportError, type TransportKind } from '#platforms/transport.ts'

/** One request as a scripted platform saw it; the token is taken out of the query. */
export type Seen = { path: string; query: Record<string, string>; body: unknown }
/** What a scripted platform says: a body, a text as it is, an HTTP status with either, or a broken line. */
export type Said = object | string | { http: number; body: object | string } | { broken: TransportKind }
export type Script = Record<string, Said | ((seen: Seen, nth: number) => Said)>

export const theSecret = 'the-secret-itself'
export const theToken = 'the-token-itself'

/** For tests: a real gate before a platform that answers from a script, by path. An unscripted path is a test's bug. */
export function scripted(platform: ConnectionFacts['platform'], script: Script) {
  const seen: Seen[] = []
  const calls: CallRecord[] = []
  let now = Temporal.Instant.from('2026-08-03T12:00+08:00')
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now = now.add({ milliseconds: Math.ceil(ms) })
    },
  }
  let token: Token | null = null
  const facts: ConnectionFacts = {
    key: `hq-${platform}`,
    platform,
    corpId: 'corp',
    clientId: 'client',
    secret: theSecret,
    hosts: { oapi: 'https://oapi.test', api: 'https://api.test' },
    edition: ['standard'],
  }
  const answers: Script = {
    '/v1.0/oauth2/accessToken': { accessToken: theToken, expireIn: '7200' },
    '/cgi-bin/gettoken': { errcode: 0, errmsg: 'ok', access_token: theToken, expires_in: 7200 },
    ...script,
  }
  const transport = async (request: HttpRequest) => {
    const url = new URL(request.url)
    const query = Object.fromEntries(url.searchParams)
    delete query['access_token']
    const asked: Seen = { path: url.pathname, query, body: request.body ? JSON.parse(request.body) : null }
    seen.push(asked)
    const answer = answers[url.pathname]
    if (answer === undefined) throw new Error(`the script has no answer for ${url.pathname}`)
    const nth = seen.filter(({ path }) => path === asked.path).length
    return toHttpAnswer(typeof answer === 'function' ? answer(asked, nth) : answer)
  }
  const gate = createGate({
    ...{ facts, transport, clock },
    pace: 'off',
    random: () => 0.5,
    callLog: { record: (call) => void calls.push(call) },
    quota: { take: async () => ({ granted: true, used: 1, quota: 5000 }) },
    tokens: {
      read: async () => token,
      save: async (saved) => {
        token = saved
      },
      drop: async () => {
        token = null
      },
      readRefusals: async () => ({ count: 0, pausedUntil: null }),
      saveRefusals: async () => {},
    },
  })
  return {
    ...{ gate, facts, clock, seen, calls },
    /** The bodies (POST) or queries (GET) this path was asked with, in order. */
    askedOf: (path: string) =>
      seen.filter((each) => each.path === path).map(({ body, query }) => body ?? query),
  }
}

function toHttpAnswer(said: Said) {
  if (typeof said === 'object' && 'broken' in said)
    throw new TransportError(said.broken as TransportKind, said.broken as string)
  const isWhole = typeof said === 'object' && 'http' in said
  const [status, body] = isWhole
    ? [said.http as number, (said as { body: object | string }).body]
    : [200, said]
  return { status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) }
}
