import type { Operations } from '#cli/operations.ts'
import { FailureError } from '#domain/failures.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { createChance } from './chance.ts'
import { type Claim, checkEndState, type EndState } from './check-end-state.ts'
import { type Company, type CompanyAsk, foundCompany } from './company.ts'
import { Killed } from './crash.ts'
import type { Misfortune } from './fault-stories.ts'

export type Ending = EndState & {
  seed: number
  crashes: number
  /** Calls that passed a documented limit. */
  overLimit: number
  /** Nothing lost, doubled, invented or in doubt in the end, although the story was unkind. */
  recovered: boolean
}

const window = { from: '2026-03-03T00:00:00+08:00', to: '2026-03-05T06:00:00+08:00' }
/** The story begins in the middle of the second day, so that punches are made, late and amended while it goes on. */
const start = '2026-03-04T10:00:00+08:00'
const hourMs = 3_600_000
/** Roughly how many steps a run takes: a crash lies somewhere in it. */
const stepsOfARun = 230
const minuteMs = 60_000
/** A little over V: a read now may call a miss a miss. */
const pastVisibilityMs = 50 * minuteMs
const calmRuns = 6

/**
 * Twelve people, two days, one misfortune, and a kill at some await; then the misfortune ends and the product is simply
 * run again. What both worlds look like after that is the ending.
 */
export async function tellStory(
  database: CompanyAsk['database'],
  misfortune: Misfortune,
  seed: number,
): Promise<Ending> {
  const chance = createChance(seed * 7919 + 17)
  await using company = await foundCompany({
    database,
    seed,
    people: 12,
    days: 2,
    style: misfortune.style ?? 'plain',
    faults: { duplicates: 'store', ...misfortune.faults },
    start,
    options: { pace: 0.8 },
  })
  let crashes = 0
  for (const chapter of [1, 2]) {
    const diesAt =
      chapter === 1 || chance() < 0.5 ? 1 + Math.floor(chance() * stepsOfARun) : Number.POSITIVE_INFINITY
    if (!(await survives(company, diesAt))) crashes++
    company.clock.advance(Math.floor(chance() * (chance() < 0.5 ? 10 * minuteMs : 9 * hourMs)))
  }
  // Amendments end with the misfortune; what the source showed because of them is told no more after this.
  const amended = company.sandbox.expectedPunches(window)
  company.sandbox.set(misfortune.calm)
  const untilOver = Temporal.Instant.from(window.to).epochMilliseconds - company.clock.now().epochMilliseconds
  company.clock.advance(Math.max(0, untilOver))
  for (let run = 0; run < calmRuns; run++) {
    company.clock.advance(pastVisibilityMs)
    const report = await calmly(company)
    if (report && report.deliveries.inDoubt === 0 && run > 0) break
  }
  const process = await company.process()
  const claims = await claimsOf(process.app)
  await process.stop()
  const pairs = new Map(
    company.sandbox
      .pairs()
      .flatMap((pair) => (pair.evidence.length > 0 ? [[pair.dingtalk, pair.wecom]] : [])),
  )
  const end = checkEndState(company.sandbox, claims, pairs, window, amended)
  const overLimit = misfortune.isOthersLimit
    ? 0
    : company.sandbox.violations().reduce((sum, one) => sum + one.times, 0)
  return { ...end, seed, crashes, overLimit, recovered: isRecovered(end, misfortune) }
}

const isRecovered = (end: EndState, { mayStayInDoubt }: Misfortune): boolean =>
  end.lost.length + end.doubled.length + end.invented.length + end.falselyVerified.length === 0 &&
  (end.inDoubt === 0 || mayStayInDoubt === true)

/** False when the process died on the way. */
async function survives(company: Company, diesAt: number): Promise<boolean> {
  const process = await company
    .process(diesAt)
    .catch((error) => (error instanceof Killed ? null : Promise.reject(error)))
  if (!process) return false
  try {
    await process.app.sync({
      route: 'hq',
      ...window,
      waitMs: 90_000,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
  } catch (error) {
    if (!process.mortal.isDead && !(error instanceof FailureError)) throw error
  } finally {
    await process.stop()
  }
  return !process.mortal.isDead
}

async function calmly(company: Company): Promise<SyncReport | null> {
  try {
    return await company.sync(window)
  } catch (error) {
    if (error instanceof FailureError) return null
    throw error
  }
}

async function claimsOf(app: Operations): Promise<Claim[]> {
  const claims: Claim[] = []
  const span = {
    from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
    to: Temporal.Instant.from('2026-12-31T00:00:00Z'),
  }
  for await (const page of app.punches(span))
    for (const punch of page)
      claims.push({
        userId: punch.userId,
        at: Temporal.Instant.from(punch.at).epochMilliseconds / 1000,
        isVoid: punch.void,
        state: punch.deliveries[0]?.state ?? null,
      })
  return claims
}
