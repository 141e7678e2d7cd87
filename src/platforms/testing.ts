import type { Clock } from '#domain/effects.ts'
import type {
  CallLog,
  CallRecord,
  ConnectionFacts,
  HttpAnswer,
  HttpRequest,
  QuotaLedger,
  Token,
  TokenStore,
  Transport,
} from '#platforms/ports.ts'

/** Helpers for the tests of this folder: virtual time, a scripted network, stores in memory. */

/**
 * Time that stands still until everybody waits, then jumps to the next wake-up. `elapsedMs()` counts from its start.
 */
export function virtualClock(start = '2026-11-02T09:00:00+08:00'): Clock & { elapsedMs(): number } {
  const origin = Temporal.Instant.from(start).epochMilliseconds
  let now = origin
  const sleepers: { at: number; wake: () => void }[] = []
  const tick = () => {
    sleepers.sort((a, b) => a.at - b.at)
    const next = sleepers.shift()
    if (!next) return
    now = Math.max(now, next.at)
    next.wake()
    if (sleepers.length > 0) setImmediate(tick)
  }
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const wake = () => (signal?.aborted ? reject(signal.reason) : resolve())
        sleepers.push({ at: now + ms, wake })
        if (sleepers.length === 1) setImmediate(tick)
      }),
    elapsedMs: () => now - origin,
  }
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

/** The error a transport throws, by its shape only, as the sandbox does. */
export const broken = (kind: string, message = kind): Error =>
  Object.assign(new Error(message), { name: 'TransportError', kind })

/** An answer, an error to throw, or a function of the request that gives one. */
export type Scripted = HttpAnswer | Error | ((request: HttpRequest) => HttpAnswer | Error)

/**
 * A network that plays its script: token calls get `token-1`, `token-2`, … unless `tokens` says otherwise; every other
 * call gets the next line, the last line for ever. `asked` holds all requests, `paths` their paths.
 */
export function scripted(lines: readonly Scripted[], tokens: readonly Scripted[] = []) {
  const asked: HttpRequest[] = []
  let [line, token] = [0, 0]
  const play = (script: readonly Scripted[], index: number, request: HttpRequest) => {
    const found = script[Math.min(index, script.length - 1)]
    return typeof found === 'function' ? found(request) : found
  }
  const transport: Transport = async (request) => {
    asked.push(request)
    const isToken = /gettoken|accessToken$/.test(new URL(request.url).pathname)
    if (isToken) token += 1
    const value = {
      access_token: `token-${token}`,
      accessToken: `token-${token}`,
      expires_in: 7200,
      expireIn: 7200,
    }
    const answer = isToken ? (play(tokens, token - 1, request) ?? json(value)) : play(lines, line++, request)
    if (answer === undefined) throw new Error(`nothing scripted for ${request.method}`)
    if (answer instanceof Error) throw answer
    return answer
  }
  return { transport, asked, paths: () => asked.map(({ url }) => new URL(url).pathname) }
}

/** A token store in memory. */
export function memoryTokens(): TokenStore & { token: Token | null; refusals: number } {
  let pausedUntil: Temporal.Instant | null = null
  return {
    token: null,
    refusals: 0,
    async read() {
      return this.token
    },
    async save(token) {
      this.token = token
    },
    async drop(value) {
      if (this.token?.value === value) this.token = null
    },
    async readRefusals() {
      return { count: this.refusals, pausedUntil }
    },
    async saveRefusals(refusals) {
      this.refusals = refusals.count
      pausedUntil = refusals.pausedUntil
    },
  }
}

/** A meter in memory, used up after `quota` units. */
export function memoryQuota(quota = 5_000): QuotaLedger & { used: number } {
  return {
    used: 0,
    async take() {
      if (this.used >= quota) return { granted: false, used: this.used, quota }
      this.used += 1
      return { granted: true, used: this.used, quota }
    },
  }
}

export function memoryLog(): CallLog & { calls: CallRecord[] } {
  const calls: CallRecord[] = []
  return { calls, record: (call) => void calls.push(call) }
}

const hosts = { oapi: 'https://oapi.example.test', api: 'https://api.example.test' }

export const aDingtalk: ConnectionFacts = {
  ...{ key: 'hq-dingtalk', platform: 'dingtalk', corpId: 'dingcorp0001', clientId: 'dingapp0001' },
  ...{ secret: 'dingtalk-secret-0001', hosts, edition: ['standard'] },
}
export const aWecom: ConnectionFacts = {
  ...{ key: 'hq-wecom', platform: 'wecom', corpId: 'ww00000000000001', clientId: '' },
  ...{ secret: 'wecom-secret-0001', hosts, edition: [] },
}
