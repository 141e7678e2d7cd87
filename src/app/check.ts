import type { CheckReport } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import { dayZone } from '#domain/window.ts'
import { inLanes } from '#engine/lane.ts'
import { quotaOf } from '#platforms/dingtalk/limits.ts'
import { readAccounts } from '#store/people.ts'
import { type ConnectionRow, readConnections } from '#store/setup.ts'
import type { AppParts } from './parts.ts'
import { keeping, openSide } from './sides.ts'

/** Working days a month that a company polls, for saying what it costs. */
const pollsPerDay = 4
const daysPerMonth = 30

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
    const passed = (code: string) => checks.some((item) => item.code === code && item.status !== 'fail')
    const today = parts.clock.now().toZonedDateTimeISO(dayZone).toPlainDate()
    const isMetered = connection.platform === 'dingtalk'
    const known = await readAccounts(parts.database.kysely, parts.tenant, [connection.id])
    const present = known.filter((row) => row.goneAt === null).length
    // Before the first sync the readiness check itself has seen how many people there are.
    const visible = checks
      .map((item) => /visible=(\d+)/.exec(item.where)?.[1])
      .find((found) => found !== undefined)
    const people = present > 0 ? present : visible === undefined ? null : Number(visible)
    return {
      connection: connection.key,
      platform: connection.platform,
      ok: checks.every((item) => item.status !== 'fail'),
      checks,
      advice: {
        canRead: passed('attendance-read'),
        canWrite: passed('attendance-write'),
        people,
        monthlyCalls:
          isMetered && people !== null
            ? Math.ceil(people / side.platform.batch.readPeople) * pollsPerDay * daysPerMonth
            : null,
        quota: isMetered ? quotaOf(connection.facts['edition'] as string[], today) : null,
      },
    }
  } finally {
    await side.close()
  }
}
