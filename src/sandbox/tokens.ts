import { createHash } from 'node:crypto'
import type { Journal } from './journal.ts'

/** Whose token: two generations of one DingTalk app, two secrets of one WeCom corp. */
export type App = 'dingtalk-old' | 'dingtalk-new' | 'wecom-agent' | 'wecom-contacts'
/** A token; `expiresAt` is epoch ms. */
export type Token = { value: string; app: App; scopes: string[]; expiresAt: number; revoked: boolean }

const LIFETIME_MS = 7_200_000

/** All tokens ever issued. */
export interface Tokens {
  /**
   * The app's living token, or a new one. A token keeps the permissions it was issued with, so a change of
   * permissions makes the next one new. `extend`: asking again makes it live on (DingTalk).
   */
  issue(app: App, scopes: string[], nowMs: number, extend: boolean): Token
  look(value: string, nowMs: number): { state: 'alive'; token: Token } | { state: 'expired' | 'unknown' }
  /** It stops working before its time; nobody is told. */
  revoke(value: string): void
}

/** The tokens the journal kept, and new ones made from the seed. */
export function createTokens(seed: number, journal: Journal): Tokens {
  const byValue = new Map(journal.load<Token>('token'))
  const latest = new Map<App, Token>()
  for (const token of byValue.values())
    if (token.expiresAt >= (latest.get(token.app)?.expiresAt ?? 0)) latest.set(token.app, token)
  const keep = (token: Token): void => journal.put('token', token.value, token)

  return {
    issue(app, scopes, nowMs, extend) {
      const living = latest.get(app)
      if (living && !living.revoked && living.expiresAt > nowMs && String(living.scopes) === String(scopes)) {
        if (extend && living.expiresAt !== nowMs + LIFETIME_MS) {
          living.expiresAt = nowMs + LIFETIME_MS
          keep(living)
        }
        return living
      }
      const value = createHash('sha256').update(`${seed} ${app} ${nowMs} ${byValue.size}`).digest('hex')
      const token: Token = { value, app, scopes, expiresAt: nowMs + LIFETIME_MS, revoked: false }
      byValue.set(value, token)
      latest.set(app, token)
      keep(token)
      return token
    },
    look(value, nowMs) {
      const token = byValue.get(value)
      if (!token || token.revoked) return { state: 'unknown' }
      return token.expiresAt > nowMs ? { state: 'alive', token } : { state: 'expired' }
    },
    revoke(value) {
      const token = byValue.get(value)
      if (!token) return
      token.revoked = true
      keep(token)
    },
  }
}
