import type { PlatformEvent } from '#domain/platform-event.ts'

/** One request to a callback address, read whole. `query` is decoded once, a plus being a plus. */
export type CallbackRequest = {
  method: 'GET' | 'POST'
  query: Readonly<Record<string, string>>
  body: Uint8Array
  at: Temporal.Instant
}

/** Why a callback is refused. Whoever sent it is told less than this: operations are told all of it. */
export type CallbackRefusal =
  | 'bad-signature'
  | 'wrong-receiver'
  | 'stale'
  | 'malformed'
  | 'too-large'
  | 'too-deep'

/** What the platform wants to hear; anything else makes it send again. */
export type CallbackAnswer = { contentType: string; body: string }

/**
 * What a request turned out to be. An event's `answer` acknowledges it, so it is sent once the event is kept; a trial
 * call of the console (`verification`) is answered at once and keeps nothing.
 */
export type CallbackRead =
  | { kind: 'event'; event: PlatformEvent; answer: CallbackAnswer }
  | { kind: 'verification'; answer: CallbackAnswer }
  | { kind: 'refused'; because: CallbackRefusal }

/**
 * What a callback may measure. The platforms publish no bounds; these are far above anything documented and small
 * enough that reading one costs milliseconds. `envelopeTags`: elements of the outer XML, which anybody can send.
 */
export const callbackBounds = {
  bytes: 1024 * 1024,
  depth: 32,
  envelopeTags: 128,
  tags: 20_000,
} as const

/** A refusal as a read. */
export const refused = (because: CallbackRefusal): CallbackRead => ({ kind: 'refused', because })

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** A body as text; null where it is not UTF-8, or holds the one character no database text may hold. */
export function textOf(body: Uint8Array): string | null {
  try {
    const text = strictUtf8.decode(body)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
