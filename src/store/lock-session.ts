import type { PoolClient } from 'pg'

/** The database session that stands for a process: what is locked in it is free when the process is gone. */
export type LockSession = {
  client: PoolClient
  /** Locks the process holds in it; asked for again, the session would be given them again. */
  own: Set<string>
}

/** One session for all that a process locks, however much that is. */
export type SharedSession = {
  /** One after the other: statements of two users must not mix. After an error a new session begins, without any lock. */
  use<T>(work: (session: LockSession) => Promise<T>): Promise<T>
  /** Everything in it is free from now on. */
  end(): Promise<void>
}

/** Nothing is opened before its first use. */
export function shareSession(connect: () => Promise<PoolClient>): SharedSession {
  let current: LockSession | null = null
  let last: Promise<unknown> = Promise.resolve()
  const drop = (session: LockSession) => {
    if (current !== session) return
    current = null
    // Closed for good and not kept for others: its locks end with it.
    session.client.release(true)
  }
  const open = async (): Promise<LockSession> => {
    const session = { client: await connect(), own: new Set<string>() }
    session.client.once('error', () => drop(session))
    return session
  }
  const use: SharedSession['use'] = (work) => {
    const turn = last.then(async () => {
      const session = current ?? (await open())
      current = session
      try {
        return await work(session)
      } catch (error) {
        drop(session)
        throw error
      }
    })
    last = turn.catch(() => {})
    return turn
  }
  return {
    use,
    async end() {
      await last
      if (current) drop(current)
    },
  }
}
