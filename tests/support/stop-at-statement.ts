import { writeFileSync } from 'node:fs'
import pg from 'pg'

/**
 * Loaded into a `qintong` by `--import`: its whole process group gets `signal` right before it sends a statement, or
 * `afterMs` later. Which one: statements that match these came one after the other. `file` is written before that.
 */
export type StopAt = { steps: string[]; signal: NodeJS.Signals; afterMs: number; file: string }

/** The environment that has a process stopped there. */
export const stoppedAt = (at: StopAt): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${import.meta.url}`,
  QINTONG_STOP_AT: JSON.stringify(at),
})

const asked = process.env['QINTONG_STOP_AT']
if (asked) watch(JSON.parse(asked) as StopAt)

function watch({ steps, signal, afterMs, file }: StopAt): void {
  const stop = () => {
    writeFileSync(file, '')
    process.kill(0, signal)
  }
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown
  let next = 0
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    if (next < steps.length && new RegExp(steps[next]!, 'is').test(textOf(args[0]))) {
      next++
      if (next === steps.length) {
        if (afterMs === 0) stop()
        else setTimeout(stop, afterMs)
      }
    }
    return send.apply(this, args)
  } as typeof pg.Client.prototype.query
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  return (statement as { text?: string }).text ?? ''
}
