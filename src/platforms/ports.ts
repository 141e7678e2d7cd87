import type { z } from 'zod'
import type { PlatformName } from '#domain/ids.ts'

/** What one HTTP exchange looks like from here. Header names are lower-case in answers. */
export type HttpRequest = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  /** It leaves by then or not at all: whoever asks may not be entitled to it later. */
  notAfter?: Temporal.Instant
}
export type HttpAnswer = { status: number; headers: Record<string, string>; text: string }
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>

/** A documented limit, from the platform's dated table. */
export type Limit = {
  /** e.g. `dingtalk.listRecord` */
  id: string
  /** Calls allowed in `perSeconds`, for one (connection, API). */
  calls: number
  perSeconds: number
  /** Documented batch sizes, where the API has one. */
  people?: number
  days?: number
  records?: number
  validFrom: string
  source: string
}

/** One platform call: a page of the manual. `name` is the key under which `sync --json` counts it. */
export type Endpoint<Q, A> = {
  name: string
  method: 'GET' | 'POST'
  path: string
  /** Which of the connection's hosts serves it. WeCom has only `api`. */
  host: 'oapi' | 'api'
  /** GET: the fields become the query. POST: the JSON body. Strict. */
  request: z.ZodType<Q>
  /** Tolerant. Validated only after the platform's own success sign was checked. */
  response: z.ZodType<A>
  limit: Limit
  /** Counts against the monthly quota of the organisation. */
  metered: boolean
  /** True when a repeated call could store something twice: the gate then never repeats it after an unknown outcome. */
  writes: boolean
  /** How the token travels; `none` for the token call itself. */
  token: 'query' | 'header' | 'none'
}

/** One finished outward call. Never holds a token, a secret or a full mobile number. */
export type CallRecord = {
  connection: string
  api: string
  at: Temporal.Instant
  durationMs: number
  /** 'ok', or the failure's code. */
  outcome: string
  theirCode: string
  theirText: string
  requestId: string
  /** Metered units spent: 0 or 1. */
  cost: number
}

/** Where finished calls go. Must not throw and must not block the call. */
export interface CallLog {
  record(call: CallRecord): void
}

/** The organisation's monthly meter. */
export interface QuotaLedger {
  /**
   * Takes one unit for the month of `at` (Asia/Shanghai) before the call is made, durably.
   * `granted: false` when the month's quota is used up; nothing is taken then.
   */
  take(at: Temporal.Instant): Promise<{ granted: boolean; used: number; quota: number }>
}

export type Token = { value: string; expiresAt: Temporal.Instant }

/**
 * The token shared by every process of this connection; sealed at rest by the store. Everything in it, refusals
 * included, is kept under a hash of the secret: a changed secret reads an empty store, so it starts afresh.
 */
export interface TokenStore {
  read(): Promise<Token | null>
  save(token: Token): Promise<void>
  /** Forgets it, if it is still this one. */
  drop(value: string): Promise<void>
  /** Consecutive refusals of the secret and when asking again is allowed; durable, so a restart does not hammer. */
  readRefusals(): Promise<{ count: number; pausedUntil: Temporal.Instant | null }>
  saveRefusals(refusals: { count: number; pausedUntil: Temporal.Instant | null }): Promise<void>
}

/** Everything the gate needs to know about one connection. Secrets live only here, in memory. */
export type ConnectionFacts = {
  key: string
  platform: PlatformName
  corpId: string
  /** DingTalk clientId; WeCom: unused (''). */
  clientId: string
  secret: string
  hosts: { oapi: string; api: string }
  /** DingTalk edition parts, e.g. `['standard']`. */
  edition: string[]
}
