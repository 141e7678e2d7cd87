import type { Clock } from '#domain/effects.ts'
import type { Messages } from '#messages/zh.ts'
import type { Progress } from './operations.ts'
import type { Stream } from './outside.ts'
import { padded, widthOf } from './text-width.ts'
import { spokenDuration } from './written.ts'

/** Shorter waits are over before a bar could be read. */
const showAfterMs = 1000
const redrawMs = 100
const barWidth = 24

/** One line of a bar: what is being done, how far, and about how long it still takes. */
export function renderBar(
  { station, done, of }: Progress,
  elapsedMs: number,
  words: Messages['cli'],
): string {
  const label = words.progress.stations[station] ?? station
  if (of <= 0) return `${label} … ${words.progress.elapsed(spokenDuration(elapsedMs, words))}`
  const share = Math.min(1, done / of)
  const filled = Math.round(share * barWidth)
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
  const line = `${label} ${bar} ${Math.floor(share * 100)}% ${done}/${of}`
  if (done <= 0 || done >= of) return line
  return `${line} ${words.progress.eta(spokenDuration((elapsedMs / done) * (of - done), words))}`
}

/** Draws on a terminal and nowhere else. `clear` takes the bar away before anything else is said. */
export function createProgress(
  stream: Stream,
  clock: Clock,
  words: Messages['cli'],
): { update(progress: Progress): void; clear(): void } {
  if (!stream.isTerminal) return { update() {}, clear() {} }
  const nowMs = () => clock.now().epochMilliseconds
  const startedMs = nowMs()
  let station = ''
  let stationMs = startedMs
  let drawnMs = 0
  let shownWidth = 0
  const draw = (line: string) => {
    stream.write(`\r${padded(line, shownWidth)}`)
    shownWidth = widthOf(line)
  }
  return {
    update(progress) {
      const now = nowMs()
      if (progress.station !== station) {
        station = progress.station
        stationMs = now
      }
      if (now - startedMs < showAfterMs || now - drawnMs < redrawMs) return
      drawnMs = now
      draw(renderBar(progress, now - stationMs, words))
    },
    clear() {
      if (shownWidth > 0) stream.write(`\r${' '.repeat(shownWidth)}\r`)
      shownWidth = 0
    },
  }
}
