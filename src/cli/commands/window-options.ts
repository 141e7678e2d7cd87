import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import { formatInstant, parseBound } from '#domain/window.ts'
import type { Session } from '../session.ts'

export type WindowOptions = { from?: string; to?: string }

/** `--route R [--from] [--to]`. */
export function withWindow(command: Command, { words }: Session): Command {
  const { flags } = words.cli
  return command
    .requiredOption('--route <R>', flags.route)
    .option('--from <D>', flags.from)
    .option('--to <D>', flags.to)
}

/** Refuses what no route could make sense of, before anything is opened. */
export function checkWindow({ from, to }: WindowOptions): void {
  const start = from === undefined ? null : parseBound(from, 'from')
  const end = to === undefined ? null : parseBound(to, 'to')
  if (start && end && Temporal.Instant.compare(start, end) > 0)
    fail('usage.window-reversed', { from: formatInstant(start), to: formatInstant(end) })
}
