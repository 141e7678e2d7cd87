import type { Random } from '#domain/effects.ts'
import {
  type CallbackAnswer,
  type CallbackRead,
  type CallbackRequest,
  callbackBounds,
  refused,
  textOf,
} from '#platforms/callback.ts'
import {
  type CallbackKeys,
  decryptLetter,
  encryptLetter,
  isSignedBy,
  randomLetters,
  signatureOf,
} from '#platforms/callback-crypto.ts'
import { readJsonObject } from '#platforms/read-json.ts'

/**
 * What a DingTalk connection's callbacks are opened with. A letter is addressed to the app where the subscription was
 * made in the console, to the corp where it was registered by API; both are ours.
 */
export type DingtalkCallbackFacts = CallbackKeys & { corpId: string; clientId: string }

/** Trial calls of the console and of the market: answered, never kept. */
const trials = ['check_url', 'check_create_suite_url', 'check_update_suite_url']

/**
 * One request to a DingTalk callback address. Every right one, a trial included, is answered with the encrypted word
 * `success` within 2.5 s. A retry carries a new stamp, and how old a stamp may be is nowhere said, so age is no reason.
 * Source: open.dingtalk.com configure-event-subcription; contract 4.2, 4.3
 */
export function readDingtalkCallback(
  facts: DingtalkCallbackFacts,
  request: CallbackRequest,
  random: Random,
): CallbackRead {
  if (request.body.length > callbackBounds.bytes) return refused('too-large')
  const text = textOf(request.body)
  if (text === null) return refused('malformed')
  const envelope = readJsonObject(text, callbackBounds.depth)
  if (!envelope.ok) return refused(envelope.because)
  const encrypted = envelope.value['encrypt']
  const { timestamp, nonce, msg_signature, signature } = request.query
  // The archived manual signs under one name, the present samples under the other.
  const signatures = [msg_signature, signature].filter((given) => given !== undefined)
  if (typeof encrypted !== 'string' || timestamp === undefined || nonce === undefined)
    return refused('malformed')
  const isSigned = signatures.some((given) =>
    isSignedBy(facts, { timestamp, nonce, signature: given }, encrypted),
  )
  if (!isSigned) return refused('bad-signature')
  const letter = decryptLetter(facts, encrypted)
  if (!letter) return refused('malformed')
  if (letter.receiver !== facts.clientId && letter.receiver !== facts.corpId) return refused('wrong-receiver')

  const { message: body, receiver } = letter
  const read = readJsonObject(body, callbackBounds.depth)
  if (!read.ok) return refused(read.because)
  const answer = success(facts, receiver, request.at, random)
  const type = textAt(read.value, 'EventType')
  if (trials.includes(type)) return { kind: 'verification', answer }
  const eventId = textAt(read.value, 'eventId') || null
  return { kind: 'event', event: { via: 'http', eventId, type, body, at: request.at }, answer }
}

/** The encrypted word `success`; key names exactly so. */
function success(keys: CallbackKeys, receiver: string, at: Temporal.Instant, random: Random): CallbackAnswer {
  const encrypt = encryptLetter(keys, { message: 'success', receiver }, random)
  const timeStamp = String(at.epochMilliseconds)
  const nonce = randomLetters(8, random)
  const msg_signature = signatureOf(keys.token, timeStamp, nonce, encrypt)
  return {
    contentType: 'application/json',
    body: JSON.stringify({ msg_signature, timeStamp, nonce, encrypt }),
  }
}

function textAt(value: Record<string, unknown>, name: string): string {
  const found = Object.hasOwn(value, name) ? value[name] : ''
  return typeof found === 'string' ? found : ''
}
