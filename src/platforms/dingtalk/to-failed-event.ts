import type { PlatformEvent } from '#domain/platform-event.ts'
import { isObject } from '#platforms/read-json.ts'

/** A row of the failed list as an event: word for word, and without a number unless the row has one. */
export function toFailedEvent(row: unknown, at: Temporal.Instant): PlatformEvent {
  const fields = isObject(row) ? row : {}
  const { call_back_tag: tag, eventId } = fields
  return {
    via: 'failedList',
    eventId: typeof eventId === 'string' && eventId !== '' ? eventId : null,
    type: typeof tag === 'string' ? tag : '',
    body: JSON.stringify(row) ?? '',
    at,
  }
}
