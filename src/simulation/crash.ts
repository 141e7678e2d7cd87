import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { Transport } from '#platforms/ports.ts'

/** What the code under a kill -9 would have seen: nothing. Thrown only to unwind the stack that no longer exists. */
export class Killed extends Error {
  override name = 'Killed'
}

/**
 * A process that dies at its n-th step. Every database statement and every outward call is two steps: before it leaves
 * and after it was done but before anyone heard. After death nothing works, and the database sessions are cut.
 */
export class Mortal {
  #diesAt: number
  readonly #clients = new Set<PoolClient>()
  #steps = 0
  isDead = false

  /** `diesAt` Infinity lives for ever. */
  constructor(diesAt: number) {
    this.#diesAt = diesAt
  }

  get steps(): number {
    return this.#steps
  }

  step(): void {
    this.#steps++
    if (this.#steps === this.#diesAt) this.die()
    if (this.isDead) throw new Killed()
  }

  /** It dies so many steps from now. */
  dieAfter(steps: number): void {
    this.#diesAt = this.#steps + steps
  }

  die(): void {
    this.isDead = true
    for (const client of this.#clients) cut(client)
  }

  transport(transport: Transport): Transport {
    return async (request) => {
      this.step()
      const answer = await transport(request)
      this.step()
      return answer
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
}

function cut(client: PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
