import { chanceOf, hash32 } from '../chance.ts'
import type { SandboxClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { Deliver, DingtalkEvent } from './events.ts'
import { disconnectFrame, eventFrame, pingFrame, readAnswer, rubbishFrames } from './stream-frames.ts'

/** The client's end of one connection, as the gateway sees it. */
export type Peer = { send: (text: string) => void; cut: () => void }
/** One connection that was let in. */
export type Seat = {
  /** The client sent a frame. */
  heard: (text: string) => void
  /** The client's own WebSocket ping: answered or not. */
  answersPings: () => boolean
  /** The client has gone. */
  left: () => void
}
/** What a ticket opens; given once. */
export type Admission = { wantsEvents: boolean }
export type StreamView = {
  connections: number
  /** Events sent, the same one again included. */
  sent: number
  acknowledged: number
  later: number
  unanswered: number
  duplicates: number
  rubbish: number
  pings: number
  pongs: number
  /** Frames of clients that are no answer to anything, or to a topic we never answer. */
  nonsense: number
  refusedTickets: number
}

/**
 * DingTalk's Stream gateway, without sockets: tickets, connections, frames, acknowledgements. Time passes for it when
 * somebody calls `tick`; until then no ping is sent and no deadline is missed.
 */
export interface StreamGateway {
  issueTicket: (wantsEvents: boolean) => string
  /** A ticket is good for 90 s and for one connection; null: it is not. */
  redeem: (ticket: string | null) => Admission | null
  take: (admission: Admission, peer: Peer) => Seat
  /** Sends the event over a connection by chance, and waits for what the client says. */
  deliver: Deliver
  /** Does what is due: pings, disconnects, ends of grace, acknowledgements that never came. */
  tick: () => void
  /** When `tick` has something to do next, epoch ms; null: not as things are. */
  nextDueMs: () => number | null
  /** Tells every connection to go, as before a release of the gateway. */
  dismissAll: () => void
  /** Breaks every connection without a word. */
  cutAll: () => void
  view: () => StreamView
}

type Connection = {
  id: string
  peer: Peer
  wantsEvents: boolean
  dismissAt: number
  /** Told to go: nothing is delivered any more, and it is cut at this instant. */
  cutAt: number | null
  pingAt: number
  waitsForPong: string | null
}
type Waiting = { until: number; settle: (outcome: 'acknowledged' | 'later') => void; connection: Connection }

const TICKET_MS = 90_000
const ACK_MS = 3_000
const GRACE_MS = 10_000

/** A gateway without connections. Which one gets an event, and what comes twice, follows from the seed. */
export function createStreamGateway(parts: {
  seed: number
  appId: string
  clock: SandboxClock
  faults: Faults
}): StreamGateway {
  const { seed, appId, clock, faults } = parts
  const tickets = new Map<string, Admission & { until: number }>()
  const connections = new Set<Connection>()
  const waiting = new Map<string, Waiting>()
  const counts: Omit<StreamView, 'connections'> = {
    ...{ sent: 0, acknowledged: 0, later: 0, unanswered: 0, duplicates: 0 },
    ...{ rubbish: 0, pings: 0, pongs: 0, nonsense: 0, refusedTickets: 0 },
  }
  let numbers = 0
  let rolls = 0
  const now = () => clock.nowMs()
  const number = (what: string) => `${what}-${hash32(seed, what, ++numbers).toString(16)}-${numbers}`
  const chance = () => chanceOf(seed, 'stream', ++rolls)
  const isSilent = () => faults.values.streamSilence !== 'none'

  const send = (connection: Connection, text: string): void => {
    if (chance() < faults.values.streamRubbish) {
      counts.rubbish += 1
      connection.peer.send(rubbishFrames[counts.rubbish % rubbishFrames.length]!)
    }
    connection.peer.send(text)
  }

  const drop = (connection: Connection): void => {
    connections.delete(connection)
    for (const [messageId, { connection: its, settle }] of waiting)
      if (its === connection) {
        waiting.delete(messageId)
        settle('later')
      }
  }
  const cut = (connection: Connection): void => {
    drop(connection)
    connection.peer.cut()
  }
  const dismiss = (connection: Connection): void => {
    if (connection.cutAt !== null) return
    connection.cutAt = now() + GRACE_MS
    if (!isSilent()) send(connection, disconnectFrame(number('disconnect'), now()))
  }
  const ping = (connection: Connection): void => {
    const opaque = number('opaque')
    connection.waitsForPong = opaque
    counts.pings += 1
    send(connection, pingFrame(number('ping'), opaque, now()))
  }

  const sendEvent = async (event: DingtalkEvent): ReturnType<Deliver> => {
    const open = [...connections].filter(({ cutAt, wantsEvents }) => cutAt === null && wantsEvents)
    const connection = open[Math.floor(chance() * open.length)]
    if (!connection) return 'nobody'
    const messageId = number('event')
    const answered = new Promise<'acknowledged' | 'later'>((settle) =>
      waiting.set(messageId, { until: now() + ACK_MS, settle, connection }),
    )
    counts.sent += 1
    const near = { messageId, connectionId: connection.id, appId, nowMs: now() }
    if (!isSilent()) send(connection, eventFrame(event, near))
    return answered
  }

  const hear = (connection: Connection, text: string): void => {
    const answer = readAnswer(text)
    if (answer?.opaque != null && answer.opaque === connection.waitsForPong) {
      connection.waitsForPong = null
      counts.pongs += 1
      return
    }
    const asked = answer && waiting.get(answer.messageId)
    if (!answer || asked?.connection !== connection || !['SUCCESS', 'LATER'].includes(answer.status ?? '')) {
      counts.nonsense += 1
      return
    }
    waiting.delete(answer.messageId)
    const isTaken = answer.code === 200 && answer.status === 'SUCCESS'
    counts[isTaken ? 'acknowledged' : 'later'] += 1
    asked.settle(isTaken ? 'acknowledged' : 'later')
  }

  return {
    issueTicket(wantsEvents) {
      for (const [old, { until }] of tickets) if (until <= now()) tickets.delete(old)
      const ticket = number('ticket')
      tickets.set(ticket, { wantsEvents, until: now() + TICKET_MS })
      return ticket
    },
    redeem(ticket) {
      const found = ticket === null ? undefined : tickets.get(ticket)
      if (ticket !== null) tickets.delete(ticket)
      if (found && found.until > now() && faults.values.streamDoor !== 'refuses')
        return { wantsEvents: found.wantsEvents }
      counts.refusedTickets += 1
      return null
    },
    take({ wantsEvents }, peer) {
      const { streamLife, streamPing, streamDoor } = faults.values
      const lifeMs = (streamLife.min + chance() * (streamLife.max - streamLife.min)) * 1000
      const connection: Connection = {
        id: number('connection'),
        peer,
        wantsEvents,
        dismissAt: now() + lifeMs,
        cutAt: streamDoor === 'hangsUp' ? now() : null,
        pingAt: now() + streamPing * 1000,
        waitsForPong: null,
      }
      connections.add(connection)
      return {
        heard: (text) => hear(connection, text),
        answersPings: () => faults.values.streamSilence !== 'dead',
        left: () => drop(connection),
      }
    },
    async deliver(event) {
      const outcome = await sendEvent(event)
      if (outcome === 'acknowledged' && chance() < faults.values.streamDuplicates) {
        counts.duplicates += 1
        void sendEvent(event)
      }
      return outcome
    },
    tick() {
      for (const [messageId, { until, settle }] of waiting) {
        if (until > now()) continue
        waiting.delete(messageId)
        counts.unanswered += 1
        settle('later')
      }
      for (const connection of [...connections]) {
        if (connection.cutAt !== null) {
          if (connection.cutAt <= now()) cut(connection)
        } else if (connection.dismissAt <= now()) dismiss(connection)
        else if (faults.values.streamPing > 0 && connection.pingAt <= now()) {
          connection.pingAt = now() + faults.values.streamPing * 1000
          if (isSilent()) continue
          // a client that lets a ping go unanswered for a whole round is gone
          if (connection.waitsForPong !== null) cut(connection)
          else ping(connection)
        }
      }
    },
    nextDueMs() {
      const { streamPing } = faults.values
      const times = [...connections].map(({ cutAt, dismissAt, pingAt }) =>
        cutAt !== null ? cutAt : streamPing > 0 ? Math.min(dismissAt, pingAt) : dismissAt,
      )
      for (const { until } of waiting.values()) times.push(until)
      return times.length === 0 ? null : Math.min(...times)
    },
    dismissAll: () => [...connections].forEach(dismiss),
    cutAll: () => [...connections].forEach(cut),
    view: () => ({ connections: connections.size, ...counts }),
  }
}
