import { accountKey } from '#domain/ids.ts'
import type { SourcePunch } from '#domain/punch.ts'
import { contentHash, machineOnly } from '#domain/punch-content.ts'
import { epochSecond, type Span } from '#domain/spans.ts'
import { startOfDay } from '#domain/window.ts'
import { readOwnSeconds } from '#store/deliveries.ts'
import { readUnknown } from '#store/verdicts.ts'
import { keepRaw } from './1-ingest.ts'
import type { Comparison } from './2-normalise.ts'
import { secondOf } from './4-decide.ts'
import { spanOf } from './6-verify.ts'
import type { Journey, Traveller } from './context.ts'
import { type Load, toLoads } from './load.ts'
import { punchNumbers } from './punch-numbers.ts'
import { countLateness, countSkip, type Tally } from './run-tally.ts'
import { isTheirs } from './verdicts.ts'

/** The longest stretch of uploads that one call tells. */
const uploadDays = 28

/**
 * Punches of machines that came up late, whenever they were made: a window by punch time never sees one that was uploaded
 * after it was read. Only what the ledger does not know is landed, under the natural key of the ordinary read, so that
 * either may tell a punch first. In groups as large as one call serves; a source that will not say costs nothing.
 */
export async function* lateUploads(
  journey: Journey,
  travellers: readonly Traveller[],
  tally: Tally,
): AsyncGenerator<Load[]> {
  const { platform } = journey.source
  if (!platform.readLateUploads) return
  const numbers = punchNumbers(journey)
  const uploaded = lastDays(journey.window, uploadDays)
  for (let i = 0; i < travellers.length; i += platform.batch.readPeople) {
    const people = travellers.slice(i, i + platform.batch.readPeople)
    const read = await platform
      .readLateUploads({ userIds: people.map(({ userId }) => userId), ...uploaded })
      .catch((error: unknown) => (isTheirs(error) ? null : Promise.reject(error)))
    if (!read) return
    const news = await unknownOf(journey, read.punches)
    if (news.length === 0) continue
    const comparison = asNews(journey, news)
    await numbers.reserve(news.length)
    const rawId = await keepRaw(journey, read.raw)
    const own = await ownSeconds(journey, comparison)
    countNews(tally, comparison, journey)
    yield toLoads(journey, people, comparison, numbers.next, [rawId], own, (because) =>
      countSkip(tally, because),
    )
  }
}

/** What the ledger has never heard of, of the days that the route carries. */
async function unknownOf(
  { database, tenant, source, route, clock }: Journey,
  punches: readonly SourcePunch[],
): Promise<SourcePunch[]> {
  const [since, now] = [startOfDay(route.since), clock.now()]
  const carried = punches.filter(
    ({ at }) => Temporal.Instant.compare(at, since) >= 0 && Temporal.Instant.compare(at, now) <= 0,
  )
  if (carried.length === 0) return []
  const where = { tenant, connection: source.connection.id }
  const ids = await readUnknown(
    database.kysely,
    where,
    carried.map(({ externalId }) => externalId),
  )
  return carried.filter(({ externalId }) => ids.has(externalId))
}

function asNews({ source }: Journey, punches: readonly SourcePunch[]): Comparison {
  const compared = punches.map((punch) => {
    const key = accountKey(source.platform.name, punch.userId)
    return {
      punch,
      externalId: punch.externalId,
      accountKey: key,
      hash: `${machineOnly}+${contentHash(punch, key)}`,
      at: epochSecond(punch.at),
      known: null,
      isRevised: false,
      answer: 0,
    }
  })
  const counts = { read: compared.length, fresh: compared.length, unchanged: 0, revised: 0 }
  return { compared, settled: [], settledStates: {}, vanished: [], untold: [], returned: [], counts }
}

/** Those in the run's window count as read in it; the others are told when theirs is asked for. */
function countNews(tally: Tally, comparison: Comparison, { window, clock }: Journey): void {
  const [from, to] = [epochSecond(window.from), epochSecond(window.to)]
  const inside = comparison.compared.filter(({ at }) => from <= at && at <= to).length
  tally.punches.read += inside
  tally.punches.fresh += inside
  countLateness(tally, comparison, clock.now())
}

async function ownSeconds(
  { database, tenant, source }: Journey,
  { compared }: Comparison,
): Promise<Set<string>> {
  const rows = await readOwnSeconds(database.kysely, {
    tenant,
    connection: source.connection.id,
    accountKeys: [...new Set(compared.map((one) => one.accountKey))],
    ...spanOf(compared.map(({ at }) => at)),
  })
  return new Set(rows.map(({ accountKey: key, at }) => secondOf(key, at)))
}

function lastDays({ from, to }: Span, days: number): Span {
  const earliest = to.subtract({ hours: 24 * days }).add({ seconds: 1 })
  return { from: Temporal.Instant.compare(from, earliest) < 0 ? earliest : from, to }
}
