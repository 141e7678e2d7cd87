import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import type { ReadTrouble } from '#domain/freshness.ts'
import type { SourcePunch } from '#domain/punch.ts'
import { cutSpan } from '#domain/spans.ts'
import type { Executor } from '#store/database.ts'
import { saveRawAnswer, saveUnreadableRows } from '#store/punches.ts'
import type { Journey, Traveller } from './context.ts'
import { groupsToRead, readWindow } from './read-source.ts'

/** Reads under way at once: so many as a platform bears (its places), or the time of an answer would be the pace. */
const readsAhead = 3

/** What one group of people punched in the whole window, with the answers it came from. */
export type Portion = {
  /** Those the platform answered for. */
  people: Traveller[]
  /** Of whom not everything was read, by account key. */
  troubles: Map<string, ReadTrouble>
  answers: { punches: SourcePunch[]; raw: string }[]
  outside: number
  unreadable: number
}

/**
 * Reads the window for everyone, as many people a call as the platform allows, some portions ahead of whoever consumes it.
 * Nothing is kept here but rows that cannot be read: the answer itself is kept when something in it is news.
 */
export async function* ingest(journey: Journey, people: Traveller[]): AsyncGenerator<Portion> {
  const groups = await groupsToRead(journey, people)
  const spans = cutSpan(journey.window, journey.source.platform.batch.readDays)
  const read = async (group: Traveller[]): Promise<Portion> => {
    const { reads, troubles, answered } = await readWindow(journey, group, spans)
    for (const one of reads) await keepUnreadable(journey, one.unreadable)
    return {
      people: answered,
      troubles,
      answers: reads.map(({ punches, raw }) => ({ punches, raw })),
      outside: reads.reduce((sum, one) => sum + one.outside, 0),
      unreadable: reads.reduce((sum, one) => sum + one.unreadable.length, 0),
    }
  }
  const ahead: Promise<Portion>[] = []
  let next = 0
  const goOn = () => {
    while (ahead.length < readsAhead && next < groups.length && !journey.signal.aborted) {
      const portion = read(groups[next++]!)
      // A failure of a portion ahead is thrown when its turn comes.
      portion.catch(() => {})
      ahead.push(portion)
    }
  }
  for (goOn(); ahead[0]; ) {
    const portion = await ahead[0]
    ahead.shift()
    goOn()
    yield portion
  }
}

/** Keeps one answer word for word, compressed; a rehearsal keeps nothing. */
export async function keepRaw(journey: Journey, raw: string, on?: Executor): Promise<number> {
  if (journey.isRehearsal) return 0
  // At once: a helper thread ends when it likes, and a simulated world would not happen again.
  const body = zstdCompressSync(raw)
  return saveRawAnswer(on ?? journey.database.kysely, journey.tenant, {
    connection: journey.source.connection.id,
    api: journey.source.platform.callNames.read,
    at: journey.clock.now(),
    hash: sha256(raw),
    body,
  })
}

async function keepUnreadable(journey: Journey, rows: { row: unknown; because: string }[]): Promise<void> {
  if (rows.length === 0 || journey.isRehearsal) return
  await saveUnreadableRows(
    journey.database.kysely,
    journey.tenant,
    journey.source.connection.id,
    rows.map(({ row, because }) => ({ hash: sha256(JSON.stringify(row)), row, because })),
    journey.clock.now(),
  )
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')
