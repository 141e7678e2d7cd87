import type { Clock } from '#domain/effects.ts'
import type { PlatformName } from '#domain/ids.ts'
import { type AddressBans, createAddressBans, type SharedBans } from '#platforms/address-bans.ts'
import { dingtalkAddressLimit } from '#platforms/dingtalk/limits.ts'
import { isSecretRefused, refusedSecret } from '#platforms/refusals.ts'
import { wecomAddressLimit, wecomWrongSecrets } from '#platforms/wecom/limits.ts'

/**
 * What one source address may call, kept by a whole process: every connection shares it. A call holds a place from before
 * it leaves until a window after its answer, so whatever the network does to it in between, no window in which the
 * platform counts holds more calls than there are places.
 */
export interface AddressPace {
  /** Runs `work`, one call, in a place of this address; first come, first served. Rejects with the signal's reason. */
  hold<T>(call: CallKind, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /**
   * Runs `work`, which sends a secret that nobody knows to be right. Wrong ones of all connections together are kept far
   * enough apart that the platform does not ban the address; right ones hold nobody up.
   */
  trySecret<T>(platform: PlatformName, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** What an earlier process called of this connection; what was called since this one began is known already. */
  seed(connection: string, platform: PlatformName, calls: readonly EarlierCall[]): void
  /** What platforms have banned it for. */
  bans: AddressBans
}
/** `outcome`: as in the call log. */
export type EarlierCall = { api: string; at: Temporal.Instant; outcome?: string }
export type CallKind = { platform: PlatformName; api: string }

/** A limit of one source address, from the platform's dated table. */
export type AddressLimit = {
  calls: number
  perSeconds: number
  /** Counted over all APIs together, or each API by itself. */
  counts: 'all-apis' | 'each-api'
  validFrom: string
  source: string
}

const limits: Record<PlatformName, AddressLimit> = {
  dingtalk: dingtalkAddressLimit,
  wecom: wecomAddressLimit,
}

/** Where wrong secrets are punished. `api`: the call that sends them. */
const wrongSecrets: Partial<
  Record<PlatformName, Pick<AddressLimit, 'calls' | 'perSeconds'> & { api: string }>
> = {
  wecom: wecomWrongSecrets,
}

/** A window may count both of its ends. */
const bothEndsMs = 1

/** One per process. `share` of each documented limit is used, in (0, 1]: the pace, divided by the processes of an address. */
export function createAddressPace(options: {
  clock: Clock
  share: number
  limits?: Record<PlatformName, AddressLimit>
  /** Where other processes of this address leave word of bans; absent: there are none. */
  sharedBans?: SharedBans
}): AddressPace {
  const { clock, share } = options
  const bornAt = clock.now()
  const books = new Map<string, Book>()
  const seeded = new Set<string>()
  const named = (key: string, { calls, perSeconds }: Pick<AddressLimit, 'calls' | 'perSeconds'>): Book => {
    const book =
      books.get(key) ?? createBook(clock, Math.max(1, Math.floor(calls * share)), perSeconds * 1000)
    books.set(key, book)
    return book
  }
  const bookOf = ({ platform, api }: CallKind): Book => {
    const limit = (options.limits ?? limits)[platform]
    return named(limit.counts === 'all-apis' ? platform : `${platform} ${api}`, limit)
  }
  const secretsOf = (platform: PlatformName): Book | null => {
    const limit = wrongSecrets[platform]
    return limit ? named(`${platform} secrets`, limit) : null
  }

  return {
    bans: createAddressBans({ clock, ...(options.sharedBans && { shared: options.sharedBans }) }),
    async hold(call, work, signal) {
      const book = bookOf(call)
      await book.enter(signal)
      try {
        return await work()
      } finally {
        book.leave()
      }
    },
    async trySecret(platform, work, signal) {
      const book = secretsOf(platform)
      if (!book) return work()
      await book.enter(signal)
      let isWrong = false
      try {
        return await work()
      } catch (error) {
        isWrong = isSecretRefused(error)
        throw error
      } finally {
        if (isWrong) book.leave()
        else book.forget()
      }
    },
    seed(connection, platform, calls) {
      // a gate is opened for every piece of work, and told each time what the last minute was like
      const name = `${platform} ${connection}`
      if (seeded.has(name)) return
      seeded.add(name)
      for (const { api, at, outcome } of calls.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at))) {
        if (Temporal.Instant.compare(at, bornAt) >= 0) continue
        bookOf({ platform, api }).sawCall(at.epochMilliseconds)
        const isWrongSecret = outcome === refusedSecret && api === wrongSecrets[platform]?.api
        if (isWrongSecret) secretsOf(platform)?.sawCall(at.epochMilliseconds)
      }
    },
  }
}

type Book = ReturnType<typeof createBook>

/** A number of places, each free again only a window after it was left. */
function createBook(clock: Clock, places: number, windowMs: number) {
  /** When places that were left are free again, epoch ms, ascending from `first` on. */
  let freeAt: number[] = []
  let first = 0
  /** Under way, or called before this process began. */
  let taken = 0
  const waiting: (() => void)[] = []
  let ticking: AbortController | null = null
  const now = () => clock.now().epochMilliseconds

  const giveBack = () => {
    for (const at = now(); first < freeAt.length && freeAt[first]! <= at; first += 1) taken -= 1
    if (first > 1_024 && first * 2 > freeAt.length) {
      freeAt = freeAt.slice(first)
      first = 0
    }
  }
  const admit = () => {
    giveBack()
    while (taken < places && waiting.length > 0) {
      taken += 1
      waiting.shift()!()
    }
  }
  /** Sleeps from one free place to the next for as long as somebody waits; while all are under way `leave` goes on. */
  const tick = async (): Promise<void> => {
    if (ticking) return
    while (waiting.length > 0 && first < freeAt.length) {
      // a new one each time: whoever comes after the queue was empty has to sleep again
      ticking = new AbortController()
      await clock.sleep(Math.max(1, freeAt[first]! - now()), ticking.signal).catch(() => {})
      admit()
    }
    ticking = null
  }
  const keepUntil = (at: number) => {
    // a clock that was set back must not undo the order
    freeAt.push(Math.max(at, freeAt.at(-1) ?? 0))
  }

  return {
    async enter(signal?: AbortSignal): Promise<void> {
      giveBack()
      if (taken < places && waiting.length === 0) {
        taken += 1
        return
      }
      await new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const giveUp = () => {
          waiting.splice(waiting.indexOf(go), 1)
          if (waiting.length === 0) ticking?.abort()
          reject(signal!.reason)
        }
        const go = () => {
          signal?.removeEventListener('abort', giveUp)
          resolve()
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        waiting.push(go)
        void tick()
      })
    },
    leave() {
      keepUntil(now() + windowMs + bothEndsMs)
      if (waiting.length > 0) void tick()
    },
    /** As if it had never been entered. */
    forget() {
      taken -= 1
      admit()
    },
    sawCall(at: number) {
      taken += 1
      keepUntil(at + windowMs + bothEndsMs)
    },
  }
}
