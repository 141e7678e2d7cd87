/** Why a punch that could be written waits; null: only its turn has not come. */
export type WaitBecause = 'outOfCalls' | 'braked' | null

/**
 * How many records one run may write. What goes beyond waits in the ledger, and is owed: it costs no look at the target
 * and nothing of it is lost.
 */
export class Allowance {
  #left: number
  readonly because: WaitBecause
  /** Whether the target may be read for those to whom something may be written, or was. */
  readonly mayLook: boolean

  constructor(most: number, { because, mayLook = true }: { because: WaitBecause; mayLook?: boolean }) {
    this.#left = most
    this.because = because
    this.mayLook = mayLook
  }

  /** Takes as many of `count` as there are left. */
  take(count: number): number {
    const taken = Math.min(count, this.#left)
    this.#left -= taken
    return taken
  }

  /** Whether there is an end to it. */
  get isLimited(): boolean {
    return this.#left < Number.POSITIVE_INFINITY
  }
}

/** Every record that is owed, as platforms do where writing is not metered. */
export const unlimited = (): Allowance => new Allowance(Number.POSITIVE_INFINITY, { because: null })
