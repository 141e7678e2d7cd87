import { type Leg, legName } from './direction.ts'
import type { SyncReport } from './sync-report.ts'

/** What one way of a route did. */
export type LegReport = { leg: Leg; report: SyncReport }

type Counts = { [name: string]: number | Counts | undefined }

/** Adds up counts of the same shape, however deep; what only one of them names stands as it is. */
export function addCounts<T extends object>(a: T, b: T): T {
  const sum: Counts = { ...(a as Counts) }
  for (const [name, theirs] of Object.entries(b as Counts)) {
    const ours = sum[name]
    if (typeof theirs === 'object') sum[name] = typeof ours === 'object' ? addCounts(ours, theirs) : theirs
    else if (theirs !== undefined) sum[name] = (typeof ours === 'number' ? ours : 0) + theirs
  }
  return sum as T
}

/**
 * The persons of several ways, from what each way tells of its own accounts: whoever is linked stands in every way, an
 * unlinked account is a person by itself.
 */
export function personsOf(reports: readonly LegReport[]): SyncReport['people'] {
  const all = reports.map(({ report }) => report.people)
  const sum = (status: 'suggested' | 'conflicting' | 'unmatched') =>
    all.reduce((total, people) => total + people[status], 0)
  return {
    linked: Math.max(0, ...all.map((people) => people.linked)),
    suggested: sum('suggested'),
    conflicting: sum('conflicting'),
    unmatched: sum('unmatched'),
  }
}

/**
 * One report of a run, whichever ways it carried: totals, and each way by itself where there are two. `people`: persons
 * of the route, so that somebody linked is one person whichever way their punches go.
 */
export function mergeReports(reports: readonly LegReport[], people: SyncReport['people']): SyncReport {
  const [first, ...rest] = reports
  if (!first) throw new Error('a route without a way has nothing to tell')
  if (rest.length === 0) return first.report
  const { report } = first
  const total: SyncReport = { ...report, people }
  for (const { report: other } of rest) {
    total.punches = addCounts(total.punches, other.punches)
    total.deliveries = addCounts(total.deliveries, other.deliveries)
    total.calls = addCounts(total.calls, other.calls)
    total.leastCalls = addCounts(total.leastCalls, other.leastCalls)
    total.durationMs += other.durationMs
  }
  return {
    ...total,
    byDirection: Object.fromEntries(
      reports.map(({ leg, report: { route: _, window: __, ...way } }) => [legName(leg), way]),
    ),
  }
}
