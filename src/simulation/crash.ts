import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { Clock } from '#domain/effects.ts'
import type { HttpRequest, Transport } from '#platforms/ports.ts'

/** What the code under a kill -9 would have seen: nothing. Thrown only to unwind the stack that no longer exists. */
export class Killed extends Error {
  override name = 'Killed'
}

/**
 * A process that dies, or stands still, at its n-th step. Every database statement and every outward call is two steps:
 * before it leaves and after it was done but before anyone heard. After death nothing works, and the database sessions
 * are cut. One that stands still does so at its next call or statement outside a transaction, and goes on when thawed.
 */
export class Mortal {
  #diesAt: number
  #standsAt = Number.POSITIVE_INFINITY
  readonly #clients = new Set<PoolClient>()
  #steps = 0
  #atWrite: 'dies before' | 'dies after' | 'stands' | null = null
  /** Calls, statements and sleeps under way, and transactions open: with none of them it stands still for good. */
  #underWay = 0
  #transactions = 0
  #frost: PromiseWithResolvers<void> | null = null
  #still = Promise.withResolvers<void>()
  isDead = false

  /** `diesAt` Infinity lives for ever. */
  constructor(diesAt: number) {
    this.#diesAt = diesAt
  }

  get steps(): number {
    return this.#steps
  }

  /** It stands still for good: whatever it had begun has ended, and nothing begins. */
  get isStill(): boolean {
    return this.#frost !== null && this.#underWay === 0 && this.#transactions === 0
  }

  /** Resolves when it stands still. */
  get still(): Promise<void> {
    return this.#still.promise
  }

  step(): void {
    this.#steps++
    if (this.#steps === this.#diesAt) this.die()
    if (this.#steps === this.#standsAt) this.#frost = Promise.withResolvers()
    if (this.isDead) throw new Killed()
  }

  /** It dies so many steps from now. */
  dieAfter(steps: number): void {
    this.#diesAt = this.#steps + steps
  }

  /** It stands still so many steps from now. */
  freezeAfter(steps: number): void {
    this.#standsAt = this.#steps + steps
  }

  /** It dies with the next write in hand, or when that is done and nobody has heard; or it stands still before it leaves. */
  atNextWrite(what: 'dies before' | 'dies after' | 'stands'): void {
    this.#atWrite = what
  }

  /** Goes on as if no time had passed. */
  thaw(): void {
    this.#frost?.resolve()
    this.#frost = null
    this.#standsAt = Number.POSITIVE_INFINITY
    this.#still = Promise.withResolvers()
  }

  die(): void {
    this.isDead = true
    for (const client of this.#clients) cut(client)
  }

  transport(transport: Transport): Transport {
    return (request) => {
      const atWrite = isWrite(request) ? this.#atWrite : null
      if (atWrite) this.#atWrite = null
      if (atWrite === 'stands') {
        this.#frost ??= Promise.withResolvers()
        this.#look()
      }
      return this.#during(async () => {
        if (atWrite === 'dies before') this.die()
        this.step()
        const answer = await transport(request)
        if (atWrite === 'dies after') this.die()
        this.step()
        return answer
      })
    }
  }

  /** The same clock, whose sleepers do not wake while the process stands still. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: (ms, signal) => this.#during(() => clock.sleep(ms, signal)),
    }
  }

  /** For `openDatabase`. */
  pool = (config: PoolConfig): Pool => {
    const pool = new Pool(config)
    pool.on('connect', (client) => {
      this.#clients.add(client)
      client.on('error', () => {})
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
      client.query = (async (...args: unknown[]) => {
        this.step()
        const answer = await query(...args)
        this.step()
        return answer
      }) as typeof client.query
    })
    return pool
  }

  /** The same pools, whose statements wait while the process stands still; those of open transactions do not. */
  gated =
    (makePool: (config: PoolConfig) => Pool) =>
    (config: PoolConfig): Pool => {
      const pool = makePool(config)
      pool.on('connect', (client: PoolClient) => {
        const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
        let isOpen = false
        const end = () => {
          isOpen = false
          this.#transactions--
          this.#look()
        }
        const begin = async (...args: unknown[]) => {
          isOpen = true
          this.#transactions++
          try {
            return await query(...args)
          } catch (error) {
            // Nothing was begun, and nobody will end it.
            end()
            throw error
          }
        }
        client.query = ((...args: unknown[]) => {
          const text = args[0]
          if (isOpen) {
            const isEnd = text === 'commit' || text === 'rollback'
            return this.#counted(() => query(...args)).finally(() => {
              if (isEnd) end()
            })
          }
          return this.#during(() => (text === 'begin' ? begin(...args) : query(...args)))
        }) as typeof client.query
      })
      return pool
    }

  /** Does it, unless the process stands still: then when it is thawed. What it brought is heard of then, too. */
  async #during<T>(work: () => Promise<T>): Promise<T> {
    await this.#thawed()
    try {
      return await this.#counted(work)
    } finally {
      if (this.#transactions === 0) await this.#thawed()
    }
  }

  async #thawed(): Promise<void> {
    while (this.#frost) await this.#frost.promise
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay++
    try {
      return await work()
    } finally {
      this.#underWay--
      this.#look()
    }
  }

  #look(): void {
    if (this.isStill) this.#still.resolve()
  }
}

/** A call that puts a punch into a platform. */
const isWrite = ({ url }: HttpRequest): boolean => /add_checkin_record|attendance\/record\/upload/.test(url)

function cut(client: PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
