import type { CheckReport, TwoWayCost } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import { deliveryCalls } from '#domain/planner/costs.ts'
import type { EditionOffer } from '#domain/planner/price-of-writing.ts'
import { dayZone } from '#domain/window.ts'
import { inLanes } from '#engine/lane.ts'
import { editionsAbove, quotaOf } from '#platforms/dingtalk/limits.ts'
import { readAccounts } from '#store/people.ts'
import { type ConnectionRow, readConnections } from '#store/setup.ts'
import { sideCosts } from './metering.ts'
import type { AppParts } from './parts.ts'
import { keeping, openSide } from './sides.ts'

/** What a company does in a month, for saying what it costs. */
const pollsPerDay = 4
const daysPerMonth = 30
const workingDaysPerMonth = 22
const punchesPerPersonDay = 2

/** Asks each platform what it lets us do, cheapest question first. */
export async function check(
  parts: AppParts,
  ask: { connection?: string | undefined; signal: AbortSignal },
): Promise<CheckReport[]> {
  const all = await readConnections(parts.database.kysely, parts.tenant)
  if (all.length === 0) fail('usage.nothing-set-up', {})
  const chosen = all.filter((row) => ask.connection === undefined || row.key === ask.connection)
  if (chosen.length === 0)
    fail('usage.unknown-connection', { connection: ask.connection ?? '', known: all.map((row) => row.key) })
  const reports: CheckReport[] = []
  for (const connection of chosen)
    reports.push(
      await inLanes(
        {
          ...parts,
          connections: [connection],
          what: connection.key,
          laneWaitMs: parts.options.laneWaitMs,
          leaseMs: parts.options.laneLeaseMs,
          signal: ask.signal,
        },
        (lanes) => checkOne(keeping(lanes, { ...parts, isByHand: true }), connection, ask.signal),
      ),
    )
  return reports
}

async function checkOne(
  parts: AppParts,
  connection: ConnectionRow,
  signal: AbortSignal,
): Promise<CheckReport> {
  const side = await openSide(parts, connection, signal)
  try {
    const checks = await side.platform.check()
    const standing = (code: string) => checks.find((item) => item.code === code)?.status ?? 'fail'
    const today = parts.clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
    const isMetered = connection.platform === 'dingtalk'
    const known = await readAccounts(parts.database.kysely, parts.tenant, [connection.id])
    const present = known.filter((row) => row.goneAt === null).length
    // Before the first sync the readiness check itself has seen how many people there are.
    const visible = checks
      .map((item) => /visible=(\d+)/.exec(item.where)?.[1])
      .find((found) => found !== undefined)
    const people = present > 0 ? present : visible === undefined ? null : Number(visible)
    const edition = connection.facts['edition'] as string[]
    const quota = isMetered ? quotaOf(edition, today) : null
    const monthlyCalls =
      isMetered && people !== null
        ? Math.ceil(people / side.platform.batch.readPeople) * pollsPerDay * daysPerMonth
        : null
    return {
      connection: connection.key,
      platform: connection.platform,
      ok: checks.every((item) => item.status !== 'fail'),
      checks,
      advice: {
        canRead: standing('attendance-read') !== 'fail',
        canWrite: standing('attendance-write') === 'pass',
        people,
        monthlyCalls,
        quota,
        writing:
          people === null || monthlyCalls === null || quota === null
            ? null
            : twoWayCost(people, { monthlyCalls, quota, offers: editionsAbove(edition, today) }),
      },
    }
  } finally {
    await side.close()
  }
}

/** What it takes to write everybody's punches here as well, and the cheapest edition that carries it. */
function twoWayCost(
  people: number,
  { monthlyCalls, quota, offers }: { monthlyCalls: number; quota: number; offers: EditionOffer[] },
): TwoWayCost {
  const calls =
    deliveryCalls({ target: sideCosts.dingtalk }, people * punchesPerPersonDay) * workingDaysPerMonth
  const needed = monthlyCalls + calls
  const offer = offers.find(({ meteredCalls }) => meteredCalls >= needed) ?? null
  return { monthlyCalls: calls, isEnough: needed <= quota, offer: needed <= quota ? null : offer }
}
