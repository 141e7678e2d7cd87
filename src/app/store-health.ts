import { type Failure, FailureError, failure } from '#domain/failures.ts'
import { tryWrite } from '#store/try-write.ts'
import type { AppParts } from './parts.ts'

/** What is wrong with the database, as this process meets it. */
export type StoreHealth = {
  /** Tries it. Null: all is well, and has been for a while. Never throws; answers within `answerWithinMs`. */
  look(): Promise<Failure | null>
  /** Something failed; what the database is not the reason of is passed over. */
  note(error: unknown): void
}

const answerWithinMs = 5_000
/** Work that fails is tried again within a minute, so what was not met for longer is over. */
const worthMs = 75_000

const troubles = ['store.gone', 'store.read-only', 'store.disk-full', 'store.slow']

/** Remembers what others met, and asks the database itself. Tells the log when trouble begins, changes and ends. */
export function openStoreHealth(parts: Pick<AppParts, 'clock' | 'database' | 'tenant' | 'log'>): StoreHealth {
  const { clock, database, tenant, log } = parts
  /** Met by others, when the least write may still succeed: a full disk refuses the large ones first. */
  let noted: { failure: Failure; at: Temporal.Instant } | null = null
  let running: Promise<Failure | null> | null = null
  let isOverdue = false
  let told: string | null = null

  const tried = () => {
    running ??= tryWrite(database, tenant)
      .then(() => null, troubleOf)
      .finally(() => {
        running = null
        isOverdue = false
      })
    return running
  }
  const inTime = async (): Promise<Failure | null> => {
    // It is known to be slow: one more who waits finds out nothing.
    if (isOverdue) return tooSlow
    const ending = new AbortController()
    const late = clock.sleep(answerWithinMs, ending.signal).then(
      () => {
        isOverdue = running !== null
        return tooSlow
      },
      () => tooSlow,
    )
    const found = await Promise.race([tried(), late])
    ending.abort()
    return found
  }
  const stillNoted = (found: Failure | null): Failure | null => {
    // What this look meets itself is over as soon as it does not.
    if (found && noted?.failure.code === found.code) noted = null
    if (found || !noted) return found
    if (clock.now().since(noted.at).total('milliseconds') > worthMs || noted.failure.code === 'store.gone')
      noted = null
    return noted?.failure ?? null
  }
  return {
    async look() {
      const found = stillNoted(await inTime())
      const code = found?.code ?? null
      if (found && code !== told) log.warn({ code, facts: found.facts }, 'database in trouble')
      if (!found && told) log.info({ was: told }, 'database well again')
      told = code
      return found
    },
    note(error) {
      if (!(error instanceof FailureError) || !troubles.includes(error.failure.code)) return
      // The latest look met the same: the next one is the better witness.
      if (told !== error.failure.code) noted = { failure: error.failure, at: clock.now() }
    },
  }
}

const tooSlow: Failure = failure('store.slow', { reason: `${answerWithinMs / 1000} s` })

/** Whatever else goes wrong in the least write: it is not there for us. */
function troubleOf(error: unknown): Failure {
  if (error instanceof FailureError && troubles.includes(error.failure.code)) return error.failure
  return failure('store.gone', { reason: error instanceof Error ? error.message : String(error) })
}
