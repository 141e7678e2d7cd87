import { createHmac } from 'node:crypto'
import { channelLimitOf } from '#domain/alarms/channel.ts'
import type { Clock } from '#domain/effects.ts'
import { excerptOf } from '#platforms/mask.ts'
import type { Transport } from '#platforms/ports.ts'
import type { ChannelAddress, Send } from './ports.ts'
import { isAnswer, postJson } from './post-json.ts'

/** Longest a receiver may ask us to stay away. */
const longestWaitMs = 3_600_000

/**
 * POSTs the notice as JSON. `x-qintong-signature: t=<epoch seconds>,v1=<hex HMAC-SHA256 of "t.body">`, and
 * `x-qintong-notice`: the same id whenever the same news is sent again. 2xx is accepted, 429 waits (Retry-After in
 * seconds, at most an hour), 5xx is tried again, everything else is refused; redirects are not followed.
 */
export function webhook(
  { url, secret }: Extract<ChannelAddress, { kind: 'webhook' }>,
  { transport, clock }: { transport: Transport; clock: Clock },
): Send {
  return async ({ id, document }) => {
    const body = JSON.stringify(document)
    const t = Math.floor(clock.now().epochMilliseconds / 1000)
    const exchanged = await postJson(transport, url, body, {
      'x-qintong-notice': id,
      'x-qintong-signature': `t=${t},v1=${webhookSignature(t, body, secret)}`,
    })
    if (isAnswer(exchanged)) return exchanged
    const { status, headers, text } = exchanged
    const because = `HTTP ${status} ${excerptOf(text, [secret], 80)}`.trim()
    if (status >= 200 && status < 300) return { kind: 'accepted' }
    if (status === 429) {
      const asked = Number(headers['retry-after']) * 1000
      const untilMs = asked > 0 ? Math.min(asked, longestWaitMs) : channelLimitOf('webhook').mutedMs
      return { kind: 'throttled', untilMs, because }
    }
    return { kind: status >= 500 ? 'lost' : 'refused', because }
  }
}

/** Hex HMAC-SHA256 of `t.body`. */
export const webhookSignature = (t: number, body: string, secret: string): string =>
  createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
