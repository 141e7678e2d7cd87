import { elapsedMs, type Random, untilAborted } from '#domain/effects.ts'
import { type FailureCode, FailureError } from '#domain/failures.ts'
import { freshStream, type StreamHealth } from '#domain/stream-health.ts'
import { decideReconnect, type LineEnd } from '#platforms/dingtalk/stream/decide-reconnect.ts'
import { type StreamHabits, streamHabits } from '#platforms/dingtalk/stream/habits.ts'
import { type Line, type LineParts, openLine } from '#platforms/dingtalk/stream/line.ts'

export type StreamOptions = Omit<LineParts, 'habits' | 'health'> & {
  random: Random
  /** Registers and answers the address of one socket, ticket included. */
  register: () => Promise<string>
  /** Sockets held at the same time; the platform spreads the events over them. */
  connections: number
  /** Ends it: nothing more is taken in, what is being kept is answered, then the sockets are let go. */
  signal: AbortSignal
  habits?: StreamHabits
}

/** A running Stream. */
export interface DingtalkStream {
  health(): StreamHealth
  /** Resolves once the signal is aborted and everything is let go. */
  done: Promise<void>
}

/** Refusals that another attempt does not mend: a person has to. */
const needsAPerson: readonly FailureCode[] = [
  'platform.bad-credentials',
  'platform.no-permission',
  'platform.ip-not-trusted',
  'platform.app-disabled',
  'platform.bad-request',
  'platform.unknown-code',
  'platform.banned',
]

/**
 * Holds a connection's Stream until the signal ends it: registers, opens, listens, and begins again whenever a socket
 * ends. One that was dismissed is let go only once its successor is open, so that nothing falls between them.
 */
export function openStream(options: StreamOptions): DingtalkStream {
  const { clock, random, signal, connections } = options
  const habits = options.habits ?? streamHabits
  const health = freshStream(connections, clock.now())
  const parts: LineParts = { ...options, habits, health }
  const stopped = untilAborted(signal).then(() => null)

  /** A line that is open, or why there is none; null when we were told to stop. */
  const connect = async (): Promise<Line | 'unopened' | 'refused' | null> => {
    const failed = (code: FailureCode): 'unopened' | 'refused' => {
      health.refused += 1
      health.failing = code
      return needsAPerson.includes(code) ? 'refused' : 'unopened'
    }
    try {
      const url = await Promise.race([options.register(), stopped])
      if (url === null) return null
      const line = openLine(parts, url)
      const isOpen = await Promise.race([line.opened, stopped])
      if (isOpen) return line
      await line.leave()
      return isOpen === null ? null : failed('platform.unreachable')
    } catch (error) {
      if (signal.aborted) return null
      options.onTrouble(error)
      return failed(error instanceof FailureError ? error.failure.code : 'internal')
    }
  }

  /** One place: at any time one line that is delivered to, and perhaps its predecessor on the way out. */
  const holdPlace = async (): Promise<void> => {
    let failures = 0
    let lines = 0
    let former: Line | null = null
    const leaving = new Set<Promise<void>>()
    const letGo = (line: Line | null): void => {
      if (!line) return
      const left = line.leave().finally(() => leaving.delete(left))
      leaving.add(left)
    }
    while (!signal.aborted) {
      const connected = await connect()
      if (connected === null) break
      let ended: { end: LineEnd; livedMs: number }
      if (typeof connected === 'string') ended = { end: connected, livedMs: 0 }
      else {
        letGo(former)
        health.failing = null
        if (lines++ > 0) health.reconnects += 1
        const openedAt = clock.now()
        former = connected
        const end = await Promise.race([connected.ended, stopped])
        if (end === null) break
        ended = { end, livedMs: elapsedMs(clock, openedAt) }
        if (end === 'closed' || end === 'dead') {
          letGo(former)
          former = null
        }
      }
      const next = decideReconnect(ended, failures, random(), habits)
      failures = next.failures
      if (next.waitMs > 0) await clock.sleep(next.waitMs, signal).catch(() => {})
    }
    letGo(former)
    await Promise.all(leaving)
  }

  const places = Array.from({ length: connections }, holdPlace)
  return {
    health: () => ({ ...health }),
    done: Promise.all(places).then(() => {}),
  }
}
