import type { PunchToWrite } from '#domain/punch.ts'

export type Parcel = { punchId: number; record: PunchToWrite }
export type PlannedBatch = { id: number; parcels: Parcel[]; isSplit: boolean }

/** Fills batches to the platform's limit, so that the number of calls is the least possible. */
export class BatchPlan {
  readonly #size: number
  readonly #numbers: number[] = []
  #open: PlannedBatch | null = null
  #full: PlannedBatch[] = []
  /** Batches that changed since the last `takeChanged`. */
  readonly #changed = new Map<number, PlannedBatch>()

  constructor(size: number) {
    this.#size = size
  }

  /** How many fresh batch numbers adding `count` parcels may need. */
  numbersNeeded(count: number): number {
    return Math.max(0, Math.ceil(count / this.#size) + 1 - this.#numbers.length)
  }

  giveNumbers(numbers: number[]): void {
    this.#numbers.push(...numbers)
  }

  /** Adds one parcel and says which batch it is in. */
  add(parcel: Parcel): number {
    this.#open ??= { id: this.#nextNumber(), parcels: [], isSplit: false }
    const batch = this.#open
    batch.parcels.push(parcel)
    this.#changed.set(batch.id, batch)
    if (batch.parcels.length === this.#size) this.#close()
    return batch.id
  }

  /** A batch of its own, for parcels that came out of a refused one: they must not spoil a healthy batch. */
  addAlone(parcels: Parcel[]): number {
    const batch = { id: this.#nextNumber(), parcels, isSplit: true }
    this.#full.push(batch)
    this.#changed.set(batch.id, batch)
    return batch.id
  }

  /** Batches whose rows must be written before they can be sent. */
  takeChanged(): PlannedBatch[] {
    const changed = [...this.#changed.values()]
    this.#changed.clear()
    return changed
  }

  /** Batches that are ready to go; with `all`, the last one too, however small. */
  takeReady(all: boolean): PlannedBatch[] {
    if (all) this.#close()
    const ready = this.#full
    this.#full = []
    return ready
  }

  #close(): void {
    if (this.#open) this.#full.push(this.#open)
    this.#open = null
  }

  #nextNumber(): number {
    const number = this.#numbers.shift()
    if (number === undefined) throw new Error('a batch was planned without a number')
    return number
  }
}
