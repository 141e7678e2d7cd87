import type { StreamGateway } from './stream-gateway.ts'

/** What whoever opened a socket is told: a WebSocket's events, retold so that nothing of ours is imported. */
type SocketEvents = {
  opened: () => void
  frame: (text: string) => void
  unreadable: () => void
  alive: () => void
  ended: (code: string) => void
}

/** Opens the gateway's socket without a network: the same order of things, in the microtask after the one that asks. */
export const openInProcess =
  (gateway: StreamGateway) =>
  (
    url: string,
    events: SocketEvents,
  ): { send: (text: string) => void; ping: () => void; close: () => void } => {
    let isClosed = false
    const tell = (what: () => void): void =>
      queueMicrotask(() => {
        if (!isClosed) what()
      })
    const end = (code: string): void =>
      tell(() => {
        isClosed = true
        events.ended(code)
      })
    const close = (): void => {
      isClosed = true
    }
    const admission = gateway.redeem(new URL(url).searchParams.get('ticket'))
    if (!admission) {
      end('401')
      return { send() {}, ping() {}, close }
    }
    tell(events.opened)
    const seat = gateway.take(admission, {
      send: (text) => tell(() => events.frame(text)),
      cut: () => end('1001'),
    })
    return {
      send: (text) => !isClosed && seat.heard(text),
      ping: () => seat.answersPings() && tell(events.alive),
      close() {
        close()
        seat.left()
      },
    }
  }
