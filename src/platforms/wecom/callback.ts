import {
  type CallbackAnswer,
  type CallbackRead,
  type CallbackRequest,
  callbackBounds,
  refused,
  textOf,
} from '#platforms/callback.ts'
import { type CallbackKeys, decryptLetter, isSignedBy, type Letter } from '#platforms/callback-crypto.ts'
import { childText, readXml } from './read-xml.ts'

/** What a WeCom connection's callbacks are opened with. `maxAgeMs`: how old, or early, the stamp may be. */
export type WecomCallbackFacts = CallbackKeys & { corpId: string; maxAgeMs: number }

const plain = (body: string): CallbackAnswer => ({ contentType: 'text/plain; charset=utf-8', body })

/**
 * One request to a WeCom callback address: the console's trial (GET with `echostr`, wants the plain text back within a
 * second) or an event (POST, acknowledged by an empty answer within 5 s).
 * Source: developer.work.weixin.qq.com/document/path/90930, 90968
 */
export function readWecomCallback(facts: WecomCallbackFacts, request: CallbackRequest): CallbackRead {
  if (request.body.length > callbackBounds.bytes) return refused('too-large')
  if (request.method === 'GET') {
    const opened = open(facts, request, request.query['echostr'])
    return 'kind' in opened ? opened : { kind: 'verification', answer: plain(opened.message) }
  }
  const text = textOf(request.body)
  if (text === null) return refused('malformed')
  const envelope = readXml(text, { depth: callbackBounds.depth, tags: callbackBounds.envelopeTags })
  if (!envelope.ok) return refused(envelope.because)
  const opened = open(facts, request, childText(envelope.root, 'Encrypt'))
  return 'kind' in opened ? opened : eventOf(opened.message, request.at)
}

/** The letter inside, once its signature, its age and its receiver are right, in this order. */
function open(
  facts: WecomCallbackFacts,
  { query, at }: CallbackRequest,
  encrypted: string | undefined,
): Letter | CallbackRead {
  const { msg_signature: signature, timestamp, nonce } = query
  if (!encrypted || !signature || !timestamp || nonce === undefined) return refused('malformed')
  if (!isSignedBy(facts, { signature, timestamp, nonce }, encrypted)) return refused('bad-signature')
  const signedMs = Number(timestamp) * 1000
  if (!(Math.abs(at.epochMilliseconds - signedMs) <= facts.maxAgeMs)) return refused('stale')
  const letter = decryptLetter(facts, encrypted)
  if (!letter) return refused('malformed')
  return letter.receiver === facts.corpId ? letter : refused('wrong-receiver')
}

function eventOf(body: string, at: Temporal.Instant): CallbackRead {
  if (body.includes('\0')) return refused('malformed')
  const read = readXml(body, callbackBounds)
  if (!read.ok) return refused(read.because)
  const kind = childText(read.root, 'MsgType')
  const change = childText(read.root, 'ChangeType')
  const name = childText(read.root, 'Event')
  const type = kind === 'event' ? [name, change].filter((part) => part !== '').join('.') : kind
  // Events have no number: the same content is the same event. Messages have one.
  const eventId = childText(read.root, 'MsgId') || null
  return { kind: 'event', event: { via: 'http', eventId, type, body, at }, answer: plain('') }
}
