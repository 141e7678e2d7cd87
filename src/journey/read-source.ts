import type { FailureError } from '#domain/failures.ts'
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
  const refusal = await ask(journey, people, span, found)
  if (refusal) await divide(journey, people, span, found, refusal)
}

/** Null when they were answered for; what the platform said when one of them may be refused. */
async function ask(
  journey: Journey,
  people: Traveller[],
  span: Span,
  found: SourceRead,
): Promise<FailureError | null> {
  try {
    const userIds = people.map((person) => person.userId)
    const read = await journey.source.platform.readPunches({ userIds, ...span })
    found.reads.push(read)
    if (read.unreadable.length > 0) blame(journey, people, read, found.troubles)
    return null
  } catch (error) {
    if (isPersonRefused(error)) return error as FailureError
    throw error
  }
}

/** Both halves are asked before either is divided: one that is answered shows that it is the people and not the call. */
async function divide(
  journey: Journey,
  people: Traveller[],
  span: Span,
  found: SourceRead,
  refusal: FailureError,
): Promise<void> {
  if (people.length === 1) {
    if (found.reads.length === 0 && found.troubles.size + 1 >= mostRefusedInARow) throw refusal
    found.troubles.set(people[0]!.key, { because: 'refused', detail: codeOf(refusal) })
    return
  }
  const half = Math.ceil(people.length / 2)
  const halves = [people.slice(0, half), people.slice(half)]
  const refusals: (FailureError | null)[] = []
  for (const part of halves) refusals.push(await ask(journey, part, span, found))
  for (const [i, part] of halves.entries())
    if (refusals[i]) await divide(journey, part, span, found, refusals[i])
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

const codeOf = ({ failure }: FailureError): string =>
  (failure.facts as { theirCode?: string }).theirCode ?? ''

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
