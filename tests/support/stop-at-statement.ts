import { writeFileSync } from 'node:fs'
import pg from 'pg'

/**
 * Loaded into a `qintong` by `--import`: its whole process group gets `signal` right before it sends a statement, `afterMs`
 * later, or as soon as that was answered. Which one: statements that match these came one after the other. `file` is
 * written before that.
 */
export type StopAt = {
  steps: string[]
  signal: NodeJS.Signals
  when: 'sent' | 'answered' | { afterMs: number }
  file: string
}

/** The environment that has a process stopped there. */
export const stoppedAt = (at: StopAt): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${import.meta.url}`,
  QINTONG_STOP_AT: JSON.stringify(at),
})

const asked = process.env['QINTONG_STOP_AT']
if (asked) watch(JSON.parse(asked) as StopAt)

function watch({ steps, signal, when, file }: StopAt): void {
  const stop = () => {
    writeFileSync(file, '')
    process.kill(0, signal)
  }
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown
  let next = 0
  const isIt = (statement: unknown) =>
    next < steps.length && new RegExp(steps[next]!, 'is').test(textOf(statement)) && ++next === steps.length
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    if (!isIt(args[0])) return send.apply(this, args)
    if (when === 'sent') stop()
    else if (when !== 'answered') setTimeout(stop, when.afterMs)
    const answer = send.apply(this, args)
    if (when === 'answered') void (answer as Promise<unknown>).then(stop)
    return answer
  } as typeof pg.Client.prototype.query
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  return (statement as { text?: string }).text ?? ''
}
