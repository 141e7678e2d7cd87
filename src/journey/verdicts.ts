import { hash } from 'node:crypto'
import { FailureError } from '#domain/failures.ts'
import { accountKey } from '#domain/ids.ts'
import type { PunchVerdict } from '#domain/punch-verdict.ts'
import { pointToRaw, reviseByVerdict, type VerdictRow } from '#store/verdicts.ts'
import { keepRaw } from './1-ingest.ts'
import type { Journey, Traveller, Work } from './context.ts'

/** What the source said of some people's day. */
type Said = { verdicts: PunchVerdict[]; raw: string }

/**
 * Asks the source what it makes of people's days: a verdict may change without a punch. What it says of a punch that is
 * in the ledger becomes a new revision; what was delivered stays, because a verdict is only a note on it (ADR 0014). Gives
 * how many punches changed. A source that will not say costs the run nothing.
 */
export async function landVerdicts(
  journey: Journey,
  travellers: readonly Traveller[],
  on: NonNullable<Work['verdictsOn']>,
): Promise<number> {
  const { platform } = journey.source
  if (!platform.readVerdicts || !platform.readDay) return 0
  let changed = 0
  try {
    for (const { day, userIds } of daysOf(journey, travellers, on))
      for (let i = 0; i < userIds.length; i += platform.batch.readPeople) {
        const some = userIds.slice(i, i + platform.batch.readPeople)
        // One person's day is told in one call; those of many share theirs.
        const said: Said = await (some.length === 1
          ? platform.readDay({ userId: some[0]!, day })
          : platform.readVerdicts({ userIds: some, from: day, to: day }))
        changed += await land(journey, said)
      }
  } catch (error) {
    if (!isTheirs(error)) throw error
  }
  return changed
}

/** Whom to ask about, by day; people whom this run does not carry are left out. */
function daysOf(
  { source }: Journey,
  travellers: readonly Traveller[],
  on: NonNullable<Work['verdictsOn']>,
): { day: Temporal.PlainDate; userIds: string[] }[] {
  if ('day' in on)
    return [{ day: Temporal.PlainDate.from(on.day), userIds: travellers.map(({ userId }) => userId) }]
  const own = new Map(travellers.map(({ key, userId }) => [key, userId]))
  const named = on.flatMap(({ userId, day }) => {
    const ours = own.get(accountKey(source.platform.name, userId))
    return ours === undefined ? [] : [{ userId: ours, day }]
  })
  return [...Map.groupBy(named, ({ day }) => day)].map(([day, some]) => ({
    day: Temporal.PlainDate.from(day),
    userIds: [...new Set(some.map(({ userId }) => userId))],
  }))
}

async function land(journey: Journey, { verdicts, raw }: Said): Promise<number> {
  const { database, tenant, source, clock } = journey
  const rows = verdicts.flatMap((verdict) => toRow(source.platform.name, verdict))
  if (rows.length === 0) return 0
  const where = { tenant, connection: source.connection.id }
  return database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    const ids = await reviseByVerdict(tx, where, rows, clock.now())
    if (ids.length > 0) await pointToRaw(tx, tenant, ids, await keepRaw(journey, raw, tx))
    return ids.length
  })
}

function toRow(platform: Journey['source']['platform']['name'], verdict: PunchVerdict): VerdictRow[] {
  const { userId, workDate, punchId, result, origin } = verdict
  if (punchId === null || result === null) return []
  const said = { result, workDate: workDate.toString(), origin }
  return [
    {
      externalId: punchId,
      accountKey: accountKey(platform, userId),
      ...said,
      hash: hash('sha256', JSON.stringify(Object.values(said)), 'base64url'),
    },
  ]
}

/** The platform did not say; whatever is ours is a failure of the run. */
export const isTheirs = (error: unknown): boolean =>
  error instanceof FailureError && error.failure.code.startsWith('platform.')
