import { createProgress } from './progress.ts'
import type { Session } from './session.ts'

const tickMs = 200

/** Does what cannot tell how far it is, and shows on a terminal that it goes on and for how long it has. */
export async function waitingFor<T>(session: Session, station: string, work: () => Promise<T>): Promise<T> {
  const { clock, stderr } = session.outside
  const progress = createProgress(stderr, clock, session.words.cli)
  const done = new AbortController()
  const tick = async () => {
    while (!done.signal.aborted) {
      progress.update({ station, done: 0, of: 0 })
      await clock.sleep(tickMs, done.signal)
    }
  }
  const ticking = tick().catch((error: unknown) => {
    if (!done.signal.aborted) throw error
  })
  try {
    return await work()
  } finally {
    done.abort()
    await ticking
    progress.clear()
  }
}
