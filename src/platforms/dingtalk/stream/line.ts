import type { Clock } from '#domain/effects.ts'
import type { KeepEvent } from '#domain/platform-event.ts'
import type { StreamHealth } from '#domain/stream-health.ts'
import { answerEvent, decideFrame, type FrameStep } from '#platforms/dingtalk/stream/decide-frame.ts'
import { judgeSilence, type LineEnd } from '#platforms/dingtalk/stream/decide-reconnect.ts'
import type { StreamHabits } from '#platforms/dingtalk/stream/habits.ts'
import { readFrame } from '#platforms/dingtalk/stream/read-frame.ts'
import type { OpenSocket } from '#platforms/dingtalk/stream/socket.ts'

export type LineParts = {
  corpId: string
  keep: KeepEvent
  open: OpenSocket
  clock: Clock
  habits: StreamHabits
  /** Written to as things happen. */
  health: StreamHealth
  /** An event could not be kept, or no line could be had. */
  onTrouble: (error: unknown) => void
  /** A line opened, or ended and why; for the log. */
  onLine: (what: 'opened' | LineEnd, code: string) => void
}

/** One WebSocket and what is under way on it. */
export interface Line {
  /** Resolves when nothing more will come; the socket may still be open for the answers that are owed. */
  readonly ended: Promise<LineEnd>
  /** Resolves true once it is open, false when it ended before. */
  readonly opened: Promise<boolean>
  /** Takes nothing more in, answers what is being kept, at most `graceMs`, and lets the socket go. */
  leave(): Promise<void>
}

/** Opens one socket and serves its frames until it ends. An event is acknowledged only after it was kept. */
export function openLine(parts: LineParts, url: string): Line {
  const { clock, habits, health } = parts
  const keeping = new Set<Promise<void>>()
  const ended = Promise.withResolvers<LineEnd>()
  const opened = Promise.withResolvers<boolean>()
  const watching = new AbortController()
  const since = { isAlive: false, hasSpoken: false }
  let state: 'opening' | 'open' | 'ended' = 'opening'
  let isLeaving = false

  const end = (because: LineEnd, code = ''): void => {
    if (state === 'ended') return
    parts.onLine(because, code)
    if (state === 'open') health.connections -= 1
    state = 'ended'
    watching.abort()
    opened.resolve(false)
    ended.resolve(because)
  }

  const keep = async ({ messageId, eventId, type, body }: FrameStep & { kind: 'keep' }): Promise<void> => {
    const at = clock.now()
    try {
      const outcome = await parts.keep({ via: 'stream', eventId, type, body, at })
      health[outcome] += 1
      health.lastEventAt = at
      socket.send(answerEvent(messageId, 'SUCCESS'))
    } catch (error) {
      health.later += 1
      socket.send(answerEvent(messageId, 'LATER'))
      parts.onTrouble(error)
    }
  }

  const take = (text: string): void => {
    const hasRoom = keeping.size < habits.keepingAtOnce
    const step = decideFrame(readFrame(text), { corpId: parts.corpId, hasRoom })
    if ('counts' in step && step.counts) health[step.counts] += 1
    if (step.kind === 'answer') socket.send(step.text)
    if (step.kind === 'replace') end('dismissed')
    if (step.kind !== 'keep') return
    const held = keep(step).finally(() => keeping.delete(held))
    keeping.add(held)
  }

  const hear = (what: 'isAlive' | 'hasSpoken'): void => {
    since[what] = true
    health.lastHeardAt = clock.now()
  }

  const socket = parts.open(url, {
    opened() {
      if (state !== 'opening') return
      state = 'open'
      health.connections += 1
      hear('isAlive')
      parts.onLine('opened', '')
      opened.resolve(true)
    },
    frame(text) {
      if (isLeaving) return // not answered: the platform sends it again
      hear('hasSpoken')
      take(text)
    },
    unreadable() {
      hear('hasSpoken')
      health.rubbish += 1
    },
    alive: () => hear('isAlive'),
    ended: (code) => end(state === 'opening' ? 'unopened' : 'closed', code),
  })

  const watch = async (): Promise<void> => {
    let silence = { lifeless: 0, speechless: 0 }
    while (state !== 'ended') {
      await clock.sleep(habits.lookEveryMs, watching.signal)
      const looked = judgeSilence(silence, since, habits)
      silence = looked.silence
      since.isAlive = false
      since.hasSpoken = false
      if (looked.end) end(state === 'opening' ? 'unopened' : looked.end)
      else socket.ping()
    }
  }
  watch().catch(() => {}) // the sleep ends with the line

  return {
    ended: ended.promise,
    opened: opened.promise,
    async leave() {
      isLeaving = true
      end('closed', 'stopped')
      const waiting = new AbortController()
      const answered = Promise.all(keeping).then(() => {})
      if (keeping.size > 0)
        await Promise.race([answered, clock.sleep(habits.graceMs, waiting.signal).catch(() => {})])
      waiting.abort()
      socket.close()
    },
  }
}
