import { type CallbackSecret, decrypt, encrypt, sign } from '../callback-seal.ts'
import { hash32 } from '../chance.ts'
import type { SandboxClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { Handler } from '../transport.ts'
import type { Deliver, DingtalkEvent } from './events.ts'

/** How long the platform waits for an answer. */
const deadlineMs = 2_500

/** DingTalk's HTTP push to one address. */
export type HttpPush = {
  deliver: Deliver
  /** What the console does when an address is saved: true when it may be. */
  verify: () => Promise<boolean>
}

/** Pushes to `url`. `ownerKey`: the app's key, since its subscription was made in the console. */
export function createHttpPush(parts: {
  url: string
  ownerKey: string
  secret: CallbackSecret
  post: Handler
  clock: SandboxClock
  faults: Faults
}): HttpPush {
  const { url, ownerKey, secret, post, clock, faults } = parts
  let sent = 0

  async function push(message: Record<string, unknown>): Promise<boolean> {
    const encrypted = encrypt(secret, JSON.stringify(message), ownerKey)
    const timestamp = String(clock.nowMs())
    const nonce = hash32(++sent, url).toString(36)
    const signature = sign(secret.token, timestamp, nonce, encrypted)
    const query = new URLSearchParams({ signature, msg_signature: signature, timestamp, nonce })
    const answer = await post({
      method: 'POST',
      url: `${url}?${query}`,
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body: JSON.stringify({ encrypt: encrypted }),
      timeoutMs: deadlineMs,
    })
    return answer.status === 200 && isSuccess(secret, answer.text)
  }

  return {
    deliver: async (event) => ((await push(envelopeOf(event, faults))) ? 'acknowledged' : 'later'),
    verify: () => push({ EventType: 'check_url' }).catch(() => false),
  }
}

/** The answer is the encrypted word, signed, under exactly these names; anything else is none. */
function isSuccess(secret: CallbackSecret, text: string): boolean {
  try {
    const { msg_signature, timeStamp, nonce, encrypt: encrypted } = JSON.parse(text) as Record<string, string>
    if (!msg_signature || !timeStamp || !nonce || !encrypted) return false
    return (
      sign(secret.token, timeStamp, nonce, encrypted) === msg_signature &&
      decrypt(secret, encrypted)?.message === 'success'
    )
  } catch {
    return false
  }
}

const legacyNames: Record<string, string> = { userId: 'UserId', dataList: 'DataList', deptId: 'DeptId' }

function envelopeOf(event: DingtalkEvent, { values }: Faults): Record<string, unknown> {
  const { eventId, eventType, bornAt, corpId, data } = event
  if (values.eventEnvelope === 'legacy') {
    const { timeStamp, ...rest } = data
    const fields = Object.entries(rest).map(([name, value]) => [legacyNames[name] ?? name, value])
    return { EventType: eventType, TimeStamp: String(bornAt), CorpId: corpId, ...Object.fromEntries(fields) }
  }
  return {
    EventType: eventType,
    EventTime: bornAt,
    CorpId: corpId,
    BizId: `${bornAt}${eventId}`,
    eventId,
    ...data,
  }
}
