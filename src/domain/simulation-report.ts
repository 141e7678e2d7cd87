/** An invariant of the design that did not hold in a simulated world, and where. */
export type Breach = { invariant: string; what: string; at: string }

/** A seed that broke an invariant, and the shortest story found that still does, an act a line. */
export type BrokenSeed = { seed: number; breaches: Breach[]; story: string[] }

/** What `simulate --json` prints. */
export type SimulationReport = {
  seeds: number
  fromSeed: number
  /** Virtual days of each world, the calm after it left out. */
  days: number
  /** How often a lane was woken, and how often its process was killed. */
  wakes: number
  kills: number
  /** Punches landed, and records written to either platform. */
  punches: number
  written: number
  broken: BrokenSeed[]
  /** Of every call, decision and end state: the same seeds and the same code give the same. */
  hash: string
  durationMs: number
}
