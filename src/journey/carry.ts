import { closedLegsOf } from '#domain/direction.ts'
import { elapsedMs } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import { cutInParts, type Span } from '#domain/spans.ts'
import type { SyncReport } from '#domain/sync-report.ts'
import { hasCutOff, recoverBatches } from '#store/batches.ts'
import { readOwnSeconds } from '#store/deliveries.ts'
import { readRecalls } from '#store/lanes.ts'
import { readLeg } from '#store/legs.ts'
import { readOpenAccounts } from '#store/owed.ts'
import { readBacklog } from '#store/punches.ts'
import { ingest, keepRaw, type Portion } from './1-ingest.ts'
import { type Comparison, compare } from './2-normalise.ts'
import { match } from './3-match.ts'
import { type Decided, secondOf } from './4-decide.ts'
import { type Courier, startCourier } from './5-deliver.ts'
import { BatchPlan } from './batch-plan.ts'
import { type Journey, legOf, outwardOf, type PersonShare, type Traveller, wayOf } from './context.ts'
import { decideGroup, type GroupView, lookAtGroup } from './decide-group.ts'
import { keepReadings } from './keep-readings.ts'
import { lateUploads } from './late-uploads.ts'
import { backlogLoads, type Load, owesRead, toLoads } from './load.ts'
import { type PunchNumbers, punchNumbers } from './punch-numbers.ts'
import { readBack } from './read-back.ts'
import { redirect } from './redirect.ts'
import { report } from './report-run.ts'
import { count, countLateness, countSettled, countSkip, emptyTally, type Tally } from './run-tally.ts'
import { landVerdicts } from './verdicts.ts'

/** A group is decided when it would fill one read of the target, or when it holds this many punches. */
const itemsPerGroup = 20_000
const peoplePerBacklogRead = 1_000

/**
 * The journey of one window, from both rosters to the last read-back. Every step leaves the ledger true, so that a kill
 * at any point loses nothing: the next run begins by finding out what became of calls that were in flight.
 */
export async function carry(given: Omit<Journey, 'recalls'>, waitMs: number): Promise<SyncReport> {
  const journey = { ...given, recalls: await recallsOf(given) }
  try {
    return await carryWindow(journey, waitMs)
  } catch (error) {
    if (journey.signal.aborted && error === journey.signal.reason)
      return fail('run.interrupted', { route: journey.route.key })
    throw error
  }
}

const recallsOf = ({ database, tenant, target }: Omit<Journey, 'recalls'>) =>
  readRecalls(database.kysely, { tenant, connection: target.connection.id })

async function carryWindow(journey: Journey, waitMs: number): Promise<SyncReport> {
  const started = journey.clock.now()
  const { source, target } = journey
  if (!journey.isRehearsal) await recover(journey, started)
  // Nobody travels a way that the route goes no more: what was sent on it is looked for, and nothing is sent again.
  const isClosed = closedLegsOf(journey.route.direction).some((leg) => leg.source === source.platform.name)
  const everyone = isClosed ? [] : await match(journey)
  const { read, looksBack } = journey.work
  const travellers = typeof read === 'string' ? everyone : everyone.filter(({ key }) => read.has(key))
  // Who left before the window is asked about no more; what they are still owed goes on.
  const readable = travellers.filter(
    ({ leftAt }) => leftAt === null || Temporal.Instant.compare(leftAt, journey.window.from) >= 0,
  )
  journey.checkClock()
  if (!journey.isRehearsal) await redirect(journey, travellers)
  const tally = emptyTally(await readLeg(journey.database.kysely, legOf(journey)))
  const courier = journey.isRehearsal ? null : startCourier(journey)
  const plan = new BatchPlan(target.platform.batch.writeRecords)

  const decideOne = async (view: GroupView) => {
    const result = await decideGroup(journey, view, plan, courier)
    count(tally, result)
    journey.onDecided?.(shares(result.decided))
  }
  // What earlier windows owe is decided and written down before this window is compared: a punch that has moved
  // from one to the other is then met with its delivery, not twice without.
  if (journey.allowance.mayLook) await decideInTurn(journey, earlier(journey, travellers), decideOne)
  const parts = read === 'nobody' ? [] : partsOf(journey)
  for (const [i, window] of parts.entries()) {
    if (journey.signal.aborted) break
    const onProgress = ofParts(journey.onProgress, i, parts.length)
    await decideInTurn(journey, gather({ ...journey, window, onProgress }, readable, tally), decideOne)
  }
  const { isClosing = false, verdictsOn } = journey.work
  if (isClosing) await decideInTurn(journey, lateUploads(journey, readable, tally), decideOne)
  if (courier) await sendRest(plan, courier, tally)
  if (verdictsOn && !journey.isRehearsal) await landVerdicts(journey, readable, verdictsOn)
  if (journey.signal.aborted) fail('run.interrupted', { route: journey.route.key })
  if (!journey.isRehearsal) {
    if (read === 'everyone' && !isClosed) await keepReadings(journey, readable, tally, started)
    if (looksBack) tally.written += await readBack(journey, everyone, waitMs)
    if (journey.signal.aborted) fail('run.interrupted', { route: journey.route.key })
  }
  return report(journey, readable, tally, elapsedMs(journey.clock, started))
}

/** What one read of the target serves: its days, less the slots that may lie around the first and the last punch. */
function partsOf({ window, source, target, policy }: Journey): Span[] {
  const aroundDays = Math.ceil((2 * policy.slotRadius) / 86_400)
  const longestDays = Math.max(1, target.platform.batch.readDays - aroundDays)
  return cutInParts(window, source.platform.batch.readDays, longestDays)
}

/** The progress of one part of several, as progress of the whole. */
const ofParts =
  (tell: Journey['onProgress'], part: number, parts: number): Journey['onProgress'] =>
  ({ station, done, of }) =>
    tell({ station, done: part * of + done, of: of * parts })

/** Groups on their way at once: one written down while the next is looked at, as long as both together are not heavy. */
const itemsUnderWay = 4_000

/**
 * Looks at each group as soon as it is there and decides one after the other, while the next is read and compared: they
 * are different people.
 */
async function decideInTurn(
  journey: Journey,
  groups: AsyncIterable<Load[]>,
  decideOne: (view: GroupView) => Promise<void>,
): Promise<void> {
  let before: Promise<void> = Promise.resolve()
  let itemsBefore = 0
  let last: Promise<void> = Promise.resolve()
  for await (const loads of groups) {
    if (journey.signal.aborted) break
    const view = lookAtGroup(journey, loads)
    view.catch(() => {})
    last = last.then(async () => decideOne(await view))
    last.catch(() => {})
    const items = loads.reduce((sum, load) => sum + load.items.length, 0)
    await (items + itemsBefore > itemsUnderWay ? last : before)
    before = last
    itemsBefore = items
  }
  await last
}

/** Under the fence, so that a holder that has lost the lane without knowing disturbs nobody's calls. */
async function recover({ database, lanes, tenant, target }: Journey, now: Temporal.Instant): Promise<void> {
  const where = { tenant, connection: target.connection.id }
  if (!(await hasCutOff(database.kysely, where))) return
  await database.transaction(async (tx) => {
    await lanes!.guard(tx)
    await recoverBatches(tx, where, now)
  })
}

async function sendRest(plan: BatchPlan, courier: Courier, tally: Tally): Promise<void> {
  for (const batch of plan.takeReady(true)) await courier.push(batch)
  await courier.drain()
  tally.written = courier.written()
}

/** Everyone's loads, in groups of as many people as one read of the target may name. */
async function* gather(journey: Journey, travellers: Traveller[], tally: Tally): AsyncGenerator<Load[]> {
  const size = journey.target.platform.batch.readPeople
  const numbers = punchNumbers(journey)
  let waiting: Load[] = []
  let done = 0
  // Whom the platform refused in an earlier part of the window, it is not asked about again in this run.
  const asked = travellers.filter(({ key }) => tally.troubles.get(key)?.because !== 'refused')
  for await (const portion of ingest(journey, asked)) {
    waiting.push(...(await absorb(journey, portion, tally, numbers)))
    done += portion.people.length
    journey.onProgress({ station: 'ingest', done, of: travellers.length })
    for (let group = takeGroup(waiting, size); group; group = takeGroup(waiting, size)) {
      yield group
      waiting = waiting.filter((load) => !group!.includes(load))
    }
    if (journey.signal.aborted) return
  }
  if (waiting.length > 0) yield waiting
}

/** What is still open outside the window, in groups as large as one read of the target serves. */
async function* earlier(journey: Journey, travellers: Traveller[]): AsyncGenerator<Load[]> {
  const size = journey.target.platform.batch.readPeople
  const all = backlog(journey, travellers)
  let waiting: Load[] = []
  for await (const load of journey.allowance.isLimited ? await longestWaitingFirst(all) : all) {
    waiting.push(load)
    if (!isGroup(waiting, size)) continue
    yield waiting
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

/** Where not all can be written, nobody is passed over for ever. */
async function longestWaitingFirst(loads: AsyncIterable<Load>): Promise<Load[]> {
  const oldestOf = ({ items, inFlight }: Load) =>
    [...items, ...inFlight].reduce((oldest, { at }) => Math.min(oldest, at), Number.POSITIVE_INFINITY)
  return (await Array.fromAsync(loads)).toSorted((a, b) => oldestOf(a) - oldestOf(b))
}

const isGroup = (loads: Load[], size: number): boolean => takeGroup(loads, size) !== null

/** The first loads that together owe `size` reads; null while there are fewer and the group is not yet heavy. */
function takeGroup(waiting: Load[], size: number): Load[] | null {
  let owing = 0
  let items = 0
  for (let i = 0; i < waiting.length; i++) {
    if (owesRead(waiting[i]!)) owing++
    items += waiting[i]!.items.length
    if (owing >= size || items >= itemsPerGroup) return waiting.slice(0, i + 1)
  }
  return null
}

async function absorb(
  journey: Journey,
  portion: Portion,
  tally: Tally,
  numbers: PunchNumbers,
): Promise<Load[]> {
  const comparison = await compare(journey, portion)
  for (const name of ['read', 'fresh', 'unchanged', 'revised'] as const)
    tally.punches[name] += comparison.counts[name]
  tally.punches.outside += portion.outside
  tally.punches.unreadable += portion.unreadable
  for (const [key, trouble] of portion.troubles) tally.troubles.set(key, trouble)
  countLateness(tally, comparison, journey.clock.now())
  if (journey.isRehearsal) countSettled(tally, comparison)
  const news = new Set(
    comparison.compared.filter((one) => !one.known || one.isRevised).map((one) => one.answer),
  )
  const rawIds = await Promise.all(
    portion.answers.map(({ raw }, i) => (news.has(i) ? keepRaw(journey, raw) : undefined)),
  )
  await numbers.reserve(comparison.counts.fresh)
  const own = await ownSeconds(journey, portion, comparison)
  return toLoads(journey, portion.people, comparison, numbers.next, rawIds, own, (because) =>
    countSkip(tally, because),
  )
}

/** Seconds of this portion that we filled at the source ourselves, as far as a punch in them is still undecided. */
async function ownSeconds(
  { database, tenant, source, window }: Journey,
  { people }: Portion,
  { compared }: Comparison,
): Promise<Set<string>> {
  const isUndecided = compared.some(({ known, punch }) => !known?.delivery && !punch.isVoid)
  if (!isUndecided) return new Set()
  const rows = await readOwnSeconds(database.kysely, {
    tenant,
    connection: source.connection.id,
    accountKeys: people.map(({ key }) => key),
    ...window,
  })
  return new Set(rows.map(({ accountKey, at }) => secondOf(accountKey, at)))
}

/**
 * Deliveries still open outside the window: held ones whose person was linked since, doubtful ones to look for again, and
 * waiting ones whose person is linked no more: those are held.
 */
async function* backlog(journey: Journey, travellers: Traveller[]): AsyncGenerator<Load> {
  if (journey.isRehearsal) return
  const db = journey.database.kysely
  const open = new Set(await readOpenAccounts(db, outwardOf(wayOf(journey))))
  const byKey = new Map(travellers.filter(({ key }) => open.has(key)).map((one) => [one.key, one]))
  const keys = [...byKey.keys()]
  for (let i = 0; i < keys.length; i += peoplePerBacklogRead) {
    const punches = await readBacklog(db, {
      tenant: journey.tenant,
      connection: journey.source.connection.id,
      route: journey.route.id,
      ...journey.window,
      accountKeys: keys.slice(i, i + peoplePerBacklogRead),
    })
    yield* backlogLoads(byKey, punches)
  }
}

/** Who would be given what, for the person who rehearses. */
function shares(decided: Decided[]): PersonShare[] {
  const people = new Map<string, PersonShare>()
  for (const { item, decision } of decided) {
    const { key, userId, name, status, personId: person } = item.traveller
    const share = people.get(key) ?? { person, name, userId, status, planned: 0, held: 0 }
    people.set(key, share)
    if (decision.kind === 'deliver') share.planned++
    if (decision.kind === 'hold') share.held++
  }
  return [...people.values()]
}
