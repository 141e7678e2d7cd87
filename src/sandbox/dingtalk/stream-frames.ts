import type { DingtalkEvent } from './events.ts'

/** A frame of the given type and topic, as the gateway writes it. */
function frame(
  type: 'SYSTEM' | 'EVENT' | 'CALLBACK',
  headers: { topic: string; messageId: string } & Record<string, string>,
  data: unknown,
): string {
  const { messageId, topic, ...rest } = headers
  return JSON.stringify({
    specVersion: '1.0',
    type,
    headers: { topic, messageId, contentType: 'application/json', ...rest },
    data: JSON.stringify(data),
  })
}

/** An event; everything but its own fields travels in the headers, as strings. */
export const eventFrame = (
  event: DingtalkEvent,
  near: { messageId: string; connectionId: string; appId: string; nowMs: number },
): string =>
  frame(
    'EVENT',
    {
      topic: '*',
      messageId: near.messageId,
      time: String(near.nowMs),
      appId: near.appId,
      connectionId: near.connectionId,
      eventType: event.eventType,
      eventId: event.eventId,
      eventCorpId: event.corpId,
      eventBornTime: String(event.bornAt),
      eventUnifiedAppId: near.appId,
    },
    event.data,
  )

export const pingFrame = (messageId: string, opaque: string, nowMs: number): string =>
  frame('SYSTEM', { topic: 'ping', messageId, time: String(nowMs) }, { opaque })

export const disconnectFrame = (messageId: string, nowMs: number): string =>
  frame(
    'SYSTEM',
    { topic: 'disconnect', messageId, time: String(nowMs) },
    { reason: 'connection is expired' },
  )

/** Frames that make no sense; nothing may come of any. */
export const rubbishFrames: readonly string[] = [
  '',
  'not json',
  '{"specVersion":"1.0","type":"EVENT","headers":{"topic":"*","messageId":"cut',
  'null',
  '[]',
  '{}',
  '{"type":"EVENT","headers":null,"data":"{}"}',
  '{"type":"EVENT","headers":{"topic":"*"},"data":"{}"}',
  '{"type":"GREETING","headers":{"topic":"*","messageId":"m"},"data":"{}"}',
  '{"type":7,"headers":{"topic":1,"messageId":2},"data":3}',
  `[${'['.repeat(5_000)}${']'.repeat(5_000)}]`,
]

/** What a client said: an acknowledgement of an event, the echo of a ping, or nothing that makes sense. */
export type Said = { messageId: string; code: number; status: string | null; opaque: string | null }

/** Reads a client's frame as strictly as the documents describe it; null: it is not one. */
export function readAnswer(text: string): Said | null {
  const answer = parsed(text)
  if (!isRecord(answer) || typeof answer['code'] !== 'number' || typeof answer['message'] !== 'string')
    return null
  const { headers } = answer
  if (!isRecord(headers) || typeof headers['messageId'] !== 'string') return null
  if (typeof answer['data'] !== 'string') return null
  const data = parsed(answer['data'])
  const read = (name: string): string | null =>
    isRecord(data) && typeof data[name] === 'string' ? (data[name] as string) : null
  return {
    messageId: headers['messageId'],
    code: answer['code'],
    status: read('status'),
    opaque: read('opaque'),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
