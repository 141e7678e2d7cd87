import { FailureError } from '#domain/failures.ts'
import type { EngineFacts } from './alarm-facts.ts'
import type { AppParts } from './parts.ts'
import { endWatch, freshMemory, watchAlarms, watchEveryMs } from './watch-alarms.ts'

/**
 * Looks every minute until the signal comes. A timer of this process and not of the queue: the queue is gone when the
 * database is, and that has to be told, too.
 */
export async function keepWatch(
  parts: AppParts,
  ask: {
    signal: AbortSignal
    engine?: () => EngineFacts | Promise<EngineFacts>
    onError: (error: unknown) => void
  },
): Promise<void> {
  const memory = freshMemory()
  while (!ask.signal.aborted) {
    try {
      await watchAlarms(parts, memory, await factsOf(ask.engine), ask.onError)
    } catch (error) {
      ask.onError(error)
    }
    await parts.clock.sleep(watchEveryMs, ask.signal).catch(() => {})
  }
  // The watch ends by itself when the database is not there to be told.
  await endWatch(parts, memory).catch(() => {})
}

/** What the engine knows; nothing where it cannot find out, which the watch itself then tells. */
async function factsOf(engine?: () => EngineFacts | Promise<EngineFacts>): Promise<EngineFacts> {
  try {
    return (await engine?.()) ?? {}
  } catch (error) {
    if (error instanceof FailureError) return {}
    throw error
  }
}
