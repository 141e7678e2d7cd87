import { chownSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '#domain/failures.ts'

/**
 * Who is using the embedded server, as the kernel knows it. Two empty SQLite files are locked and never written:
 * Node has no file locks of its own, and these vanish with their process however it dies, so no pid has to be
 * remembered, no stale file cleaned, and no reused pid mistaken for one of ours.
 */
export interface Turnstile {
  /** Runs while no other process may start, stop, join or leave. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Counts this process in until it leaves or dies. Only inside `exclusively`. */
  join(): void
  /** Counts it out and says whether nobody is left. Only inside `exclusively`. */
  leave(): boolean
  /** For a process that is exiting and cannot wait: counts it out, and says true only if surely nobody is left. */
  leaveNow(): boolean
}

const patienceMs = 120_000
const busy = 5 // SQLITE_BUSY

/** Opens the turnstile kept in `folder`. */
export function openTurnstile(folder: string): Turnstile {
  const gatePath = join(folder, 'gate.lock')
  const usersPath = join(folder, 'users.lock')
  let seat: DatabaseSync | null = null

  const isEmpty = (): boolean => {
    const users = lock(usersPath, 'begin exclusive')
    users?.close()
    return users !== null
  }
  const giveUpSeat = () => {
    seat?.close()
    seat = null
  }
  return {
    async exclusively(work) {
      const gate = await patiently(() => lock(gatePath, 'begin exclusive'))
      try {
        return await work()
      } finally {
        gate.close()
      }
    },
    join() {
      // A read transaction is a shared lock: as many as there are, and none beside an exclusive one.
      seat ??=
        lock(usersPath, 'begin; select count(*) from sqlite_schema') ??
        fail('store.gone', { reason: usersPath })
    },
    leave() {
      giveUpSeat()
      return isEmpty()
    },
    leaveNow() {
      giveUpSeat()
      const gate = lock(gatePath, 'begin exclusive')
      if (!gate) return false // somebody is just coming or going, and will see to it
      const empty = isEmpty()
      gate.close()
      return empty
    },
  }
}

async function patiently(attempt: () => DatabaseSync | null): Promise<DatabaseSync> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 25) {
    const got = attempt()
    if (got) return got
    await sleep(25)
  }
  return fail('store.gone', { reason: `embedded PostgreSQL: start-up lock held for ${patienceMs / 1000} s` })
}

/** An open connection that holds the lock, or null when others hold it. */
function lock(path: string, statement: string): DatabaseSync | null {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    giveToFolderOwner(path)
    database.exec(statement)
    return database
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return null
    throw error
  }
}

function giveToFolderOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const owner = statSync(dirname(path))
  if (owner.uid !== 0 && statSync(path).uid === 0) chownSync(path, owner.uid, owner.gid)
}
