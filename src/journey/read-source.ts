import type { ReadTrouble } from '#domain/freshness.ts'
import { accountKey } from '#domain/ids.ts'
import type { Span } from '#domain/spans.ts'
import type { PunchesRead } from '#platforms/platform.ts'
import { readRefusedKeys } from '#store/readings.ts'
import { isPersonRefused } from './3-match.ts'
import type { Journey, Traveller } from './context.ts'

/** Refused one after another and nobody answered for: then it is not the people. */
const mostRefusedInARow = 5

/** What the source answered about some people; `troubles` by account key. */
type SourceRead = { reads: PunchesRead[]; troubles: Map<string, ReadTrouble> }

/**
 * Reads these people in all pieces of a window. Somebody the platform refuses spoils a whole call, so the call is halved
 * until they stand alone; the others are read. Who was refused anywhere is not among the `answered`, and none of their
 * rows is. Fails as the platform did when it refuses whomever one asks for.
 */
export async function readWindow(
  journey: Journey,
  people: Traveller[],
  pieces: Span[],
): Promise<SourceRead & { answered: Traveller[] }> {
  const found = await Promise.all(pieces.map((span) => readSource(journey, people, span)))
  const reads = found.flatMap((one) => one.reads)
  const troubles = new Map(found.flatMap((one) => [...one.troubles]))
  const refused = found.flatMap((one) => [...one.troubles]).filter(([, { because }]) => because === 'refused')
  if (refused.length === 0) return { reads, troubles, answered: people }
  for (const [key, trouble] of refused) troubles.set(key, trouble)
  const away = people.filter((person) => refused.some(([key]) => key === person.key))
  const ids = new Set(away.map((person) => person.userId))
  return {
    reads: reads.map((read) => ({ ...read, punches: read.punches.filter(({ userId }) => !ids.has(userId)) })),
    troubles,
    answered: people.filter((person) => !away.includes(person)),
  }
}

async function readSource(journey: Journey, people: Traveller[], span: Span): Promise<SourceRead> {
  const found: SourceRead = { reads: [], troubles: new Map() }
  await readPiece(journey, people, span, found)
  return found
}

async function readPiece(
  journey: Journey,
  people: Traveller[],
  span: Span,
  found: SourceRead,
): Promise<void> {
  const { platform } = journey.source
  try {
    const read = await platform.readPunches({ userIds: people.map((person) => person.userId), ...span })
    found.reads.push(read)
    if (read.unreadable.length > 0) blame(journey, people, read, found.troubles)
  } catch (error) {
    if (!isPersonRefused(error)) throw error
    if (people.length === 1) {
      if (found.reads.length === 0 && found.troubles.size + 1 >= mostRefusedInARow) throw error
      found.troubles.set(people[0]!.key, { because: 'refused', detail: codeOf(error) })
      return
    }
    const half = Math.ceil(people.length / 2)
    await readPiece(journey, people.slice(0, half), span, found)
    await readPiece(journey, people.slice(half), span, found)
  }
}

/** An unreadable row counts against whom it names, or, when it names nobody, against everyone it may belong to. */
function blame(
  journey: Journey,
  people: Traveller[],
  read: PunchesRead,
  troubles: SourceRead['troubles'],
): void {
  const keys = people.map((person) => person.key)
  for (const { userId, because } of read.unreadable) {
    if (userId === null) {
      for (const key of keys)
        if (!troubles.has(key)) troubles.set(key, { because: 'ownerless', detail: because })
      continue
    }
    const key = accountKey(journey.source.platform.name, userId)
    if (keys.includes(key)) troubles.set(key, { because: 'unreadable', detail: because })
  }
}

const codeOf = (error: unknown): string =>
  (error as { failure: { facts: { theirCode?: string } } }).failure.facts.theirCode ?? ''

/**
 * Everybody in groups as large as one call takes. Whom the platform refused last time is asked for alone, so that they
 * cost the others no halving, run after run.
 */
export async function groupsToRead(journey: Journey, people: Traveller[]): Promise<Traveller[][]> {
  const { readPeople } = journey.source.platform.batch
  const where = {
    tenant: journey.tenant,
    route: journey.route.id,
    source: journey.source.connection.id,
  }
  const apart = new Set(await readRefusedKeys(journey.database.kysely, where))
  const together = people.filter((person) => !apart.has(person.key))
  const groups: Traveller[][] = []
  for (let i = 0; i < together.length; i += readPeople) groups.push(together.slice(i, i + readPeople))
  return [...groups, ...people.filter((person) => apart.has(person.key)).map((person) => [person])]
}
