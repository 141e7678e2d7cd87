import type { Frame } from '#platforms/dingtalk/stream/read-frame.ts'
import type { EventAnswer, UpFrame } from '#platforms/dingtalk/stream/wire.ts'

/** What to do about one frame. */
export type FrameStep =
  | { kind: 'answer'; text: string; counts: 'misaddressed' | 'later' | null }
  /** Keep it, then answer `SUCCESS`; where it cannot be kept, `LATER`. */
  | { kind: 'keep'; messageId: string; eventId: string | null; type: string; body: string }
  /** Nothing comes through this socket any more: open a new one, then let this one go. */
  | { kind: 'replace' }
  | { kind: 'nothing'; counts: 'rubbish' | null }

/**
 * What becomes of one frame. `corpId`: whose events we asked for. `hasRoom`: false while as many events are being kept
 * as we are willing to hold.
 */
export function decideFrame(frame: Frame, known: { corpId: string; hasRoom: boolean }): FrameStep {
  switch (frame.kind) {
    case 'ping':
      return { kind: 'answer', text: upFrame(200, frame.messageId, 'OK', frame.data), counts: null }
    case 'disconnect':
      return { kind: 'replace' }
    case 'event': {
      const { messageId, eventId, eventType: type, corpId, body } = frame
      // not ours, and sending it again would not make it ours
      if (corpId !== null && corpId !== known.corpId)
        return { kind: 'answer', text: answerEvent(messageId, 'SUCCESS'), counts: 'misaddressed' }
      if (!known.hasRoom) return { kind: 'answer', text: answerEvent(messageId, 'LATER'), counts: 'later' }
      return { kind: 'keep', messageId, eventId, type, body }
    }
    case 'callback':
      return { kind: 'answer', text: upFrame(404, frame.messageId, 'no handler', '{}'), counts: null }
    case 'notice':
      return { kind: 'nothing', counts: null }
    case 'rubbish':
      return { kind: 'nothing', counts: 'rubbish' }
  }
}

/** The answer to an event: it is kept, or it should be sent again. */
export const answerEvent = (messageId: string, status: EventAnswer['status']): string =>
  upFrame(200, messageId, 'OK', JSON.stringify({ status, message: '' } satisfies EventAnswer))

const upFrame = (code: number, messageId: string, message: string, data: string): string =>
  JSON.stringify({
    code,
    headers: { messageId, contentType: 'application/json' },
    message,
    data,
  } satisfies UpFrame)
