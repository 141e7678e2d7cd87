import type { Reason } from '#domain/evidence.ts'
import type { Failure } from '#domain/failures.ts'
import type { LinkStatus } from '#domain/person.ts'
import type { StatusReport } from '#domain/status-report.ts'

/**
 * What the pages ask of the product; the command line's operations answer it as they are. Instants are RFC 3339 text.
 * Every method may throw a FailureError; anything else is a bug.
 */
export interface Sources {
  status(): Promise<StatusReport>
  /** Newest first. */
  runs(ask: { limit: number }): Promise<RunEntry[]>
  people(ask: { route?: string | undefined }): Promise<PersonEntry[]>
}

export type RunEntry = {
  id: number
  route: string
  state: string
  window: { from: string; to: string }
  requestedAt: string
  startedAt: string | null
  finishedAt: string | null
  report: RunReport | null
  failure: Failure | null
}

export type RunReport = {
  punches: { read: number }
  deliveries: {
    written: number
    verified: number
    alreadyThere: number
    held: number
    refused: number
    inDoubt: number
  }
  durationMs: number
}

export type PersonEntry = {
  person: string
  name: string
  status: LinkStatus
  /** Certain; the first is the person's own. */
  accounts: AccountName[]
  candidates: (AccountName & { because: Reason[] })[]
  because: Reason[]
}

export type AccountName = { connection: string; userId: string }

/** An error as outsiders get it: RFC 9457 with our stable `code`, a sentence, and what to do next. */
export type Problem = { type: string; title: string; status: number; code: string; hint: string }
