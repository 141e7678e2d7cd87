import { type CallbackSecret, encrypt, sign } from '../callback-seal.ts'
import { hash32 } from '../chance.ts'
import type { SandboxClock } from '../clock.ts'
import type { Handler } from '../transport.ts'

const deadlineMs = 5_000
const verifyWithinMs = 1_000

/** WeCom's callbacks to one address. */
export type HttpPush = {
  /** True when the event was taken: whatever is answered with status 200. */
  push: (message: string) => Promise<boolean>
  /** What the console does when an address is saved: true when it may be. */
  verify: () => Promise<boolean>
}

/** Pushes to `url`, as the corp. */
export function createHttpPush(parts: {
  url: string
  corpId: string
  secret: CallbackSecret
  post: Handler
  clock: SandboxClock
}): HttpPush {
  const { url, corpId, secret, post, clock } = parts
  let sent = 0

  function stamped(message: string) {
    const encrypted = encrypt(secret, message, corpId)
    const timestamp = String(Math.floor(clock.nowMs() / 1000))
    const nonce = String(hash32(++sent, url))
    const query = new URLSearchParams({
      msg_signature: sign(secret.token, timestamp, nonce, encrypted),
      timestamp,
      nonce,
    })
    return { encrypted, query }
  }

  return {
    async push(message) {
      const { encrypted, query } = stamped(message)
      const body = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
      const headers = { 'content-type': 'text/xml' }
      const answer = await post({
        method: 'POST',
        url: `${url}?${query}`,
        headers,
        body,
        timeoutMs: deadlineMs,
      })
      return answer.status === 200
    },
    async verify() {
      const word = String(hash32(sent, 'echo')).padStart(19, '5')
      const { encrypted, query } = stamped(word)
      query.set('echostr', encrypted)
      const asked = { method: 'GET' as const, url: `${url}?${query}`, headers: {}, timeoutMs: verifyWithinMs }
      const answer = await post(asked).catch(() => null)
      return answer?.status === 200 && answer.text === word
    },
  }
}
