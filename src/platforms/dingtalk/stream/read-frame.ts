import { DownFrame } from '#platforms/dingtalk/stream/wire.ts'

/** What one frame says, in our words. */
export type Frame =
  | { kind: 'ping'; messageId: string; data: string }
  | { kind: 'disconnect' }
  | {
      kind: 'event'
      messageId: string
      /** null where the platform gives none. */
      eventId: string | null
      eventType: string
      corpId: string | null
      body: string
    }
  /** Something sent to a topic that wants an answer and that we never asked for. */
  | { kind: 'callback'; messageId: string }
  /** A system frame that wants no answer: CONNECTED, REGISTERED, KEEPALIVE, or one we do not know. */
  | { kind: 'notice' }
  | { kind: 'rubbish' }

const rubbish: Frame = { kind: 'rubbish' }

/** Reads one text frame. Never throws: what is no frame is `rubbish`. */
export function readFrame(text: string): Frame {
  const parsed = DownFrame.safeParse(parseJson(text))
  if (!parsed.success) return rubbish
  const { type, headers, data } = parsed.data
  const { topic, messageId } = headers
  if (type === 'SYSTEM' && topic !== 'ping') return { kind: topic === 'disconnect' ? 'disconnect' : 'notice' }
  // without its number an answer would reach nobody
  if (!messageId) return rubbish
  const body = textOf(data)
  if (type === 'SYSTEM') return { kind: 'ping', messageId, data: body }
  if (type === 'CALLBACK') return { kind: 'callback', messageId }
  if (type !== 'EVENT') return rubbish
  const { eventId, eventType } = headers
  // no event of theirs has a NUL, and the database keeps none: it would come again for ever
  if ([body, eventId, eventType].some((part) => part?.includes('\0'))) return rubbish
  return {
    kind: 'event',
    messageId,
    eventId: eventId || null,
    eventType: eventType ?? '',
    corpId: headers.eventCorpId || null,
    body,
  }
}

/** `data` is a string on the wire; the documents' samples show objects, so those are taken too. */
const textOf = (data: unknown): string =>
  typeof data === 'string' ? data : data === undefined ? '' : JSON.stringify(data)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
