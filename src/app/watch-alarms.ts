import { type Alarm, type Condition, condition } from '#domain/alarms/alarm.ts'
import { conditionsOf } from '#domain/alarms/conditions-of.ts'
import { decideAlarms } from '#domain/alarms/decide-alarms.ts'
import type { ToldAlarm } from '#domain/alarms/owed-to.ts'
import { alarmPolicies } from '#domain/alarms/policy.ts'
import { elapsedMs } from '#domain/effects.ts'
import { FailureError } from '#domain/failures.ts'
import { readChannels, saveChannelHealth } from '#store/alarm-channels.ts'
import {
  type AlarmRow,
  beginNotice,
  dropAlarms,
  endNotice,
  leaveWatch,
  type NoticePart,
  readSentAt,
  readUnsettledAlarms,
  saveAlarms,
  saveTold,
  takeWatch,
} from '#store/alarms.ts'
import { type OpenChannel, openChannels } from './alarm-channels.ts'
import { type EngineFacts, readAlarmFacts } from './alarm-facts.ts'
import type { AppParts } from './parts.ts'
import { type NoticeBook, tellChannels } from './tell-channels.ts'

/** What one process remembers between two looks: enough to say that the database is gone. */
export type AlarmMemory = {
  /** This process had the watch at its latest look. */
  isWatcher: boolean
  channels: OpenChannel[]
  /** Alarms that were raised while nothing could be written down. */
  unwritten: ToldAlarm[]
  sentAt: Map<string, Temporal.Instant[]>
  thoroughAt: Temporal.Instant | null
}

export const freshMemory = (): AlarmMemory => ({
  isWatcher: false,
  channels: [],
  unwritten: [],
  sentAt: new Map(),
  thoroughAt: null,
})

/** How often it is looked. A watch is kept a little longer than that, so that it stays in one process. */
export const watchEveryMs = 60_000
const watchMs = 2.5 * watchEveryMs
/** How often many rows are counted. */
const thoroughEveryMs = 15 * 60_000
/** A channel that could not be reached for longer is not told any more of what was over before. */
const owedForDays = 7

/**
 * One look: reads the facts, decides what stands, tells the channels. Any number of processes may look; one of them has
 * the watch. Without a database it is told from memory that there is none; `onTrouble` hears of it.
 */
export async function watchAlarms(
  parts: AppParts,
  memory: AlarmMemory,
  engine: EngineFacts = {},
  onTrouble: (error: unknown) => void = () => {},
): Promise<void> {
  const start = parts.clock.now()
  try {
    await watch(parts, memory, engine)
  } catch (error) {
    const trouble = storeTrouble(error, elapsedMs(parts.clock, start))
    if (!trouble) throw error
    onTrouble(error)
    if (memory.isWatcher) await watchWithoutStore(parts, memory, trouble)
  }
}

async function watch(parts: AppParts, memory: AlarmMemory, engine: EngineFacts): Promise<void> {
  const { database, tenant, clock, holder } = parts
  const db = database.kysely
  const now = clock.now()
  const until = now.add({ milliseconds: watchMs })
  memory.isWatcher = await takeWatch(db, tenant, { holder, now, until })
  if (!memory.isWatcher) return
  const rows = await readChannels(db, tenant)
  memory.channels = openChannels(parts, rows)
  await writeDown(parts, memory)
  const isThorough = hasPassed(memory.thoroughAt, now, thoroughEveryMs)
  const facts = await readAlarmFacts(parts, { engine, channels: rows, isThorough })
  if (isThorough) memory.thoroughAt = now
  const alarms = await decide(parts, conditionsOf(facts, now))
  await tellChannels(parts, memory.channels, alarms, bookOf(parts))
  memory.unwritten = []
}

/** Gives the watch to whoever looks next. */
export async function endWatch({ database, tenant, holder, clock }: AppParts, memory: AlarmMemory) {
  if (memory.isWatcher) await leaveWatch(database.kysely, tenant, holder, clock.now())
  memory.isWatcher = false
}

/** Decides what stands and keeps it; gives every alarm of which a channel may have yet to hear. */
async function decide(
  { database, tenant, clock }: AppParts,
  found: ReturnType<typeof conditionsOf>,
): Promise<AlarmRow[]> {
  const now = clock.now()
  const known = await readUnsettledAlarms(database.kysely, tenant, now.subtract({ hours: 24 * owedForDays }))
  const open = known.filter((row) => row.resolvedAt === null)
  const decided = decideAlarms(open, found, now, alarmPolicies)
  const before = new Map(open.map((row) => [row.id, row]))
  const after = [...decided.kept, ...decided.resolved].map((alarm) => ({ id: null, told: {}, ...alarm }))
  const changed = after.filter((alarm) => !isSame(before.get(alarm.id), alarm))
  const saved = await database.transaction(async (tx) => {
    await dropAlarms(
      tx,
      tenant,
      decided.forgotten.flatMap(({ id }) => id ?? []),
    )
    return saveAlarms(tx, tenant, changed)
  })
  const unchanged = after.filter((alarm) => !changed.includes(alarm))
  return [...saved, ...unchanged, ...known.filter((row) => row.resolvedAt !== null)]
}

const isSame = (a: Alarm | undefined, b: Alarm): boolean =>
  a !== undefined && JSON.stringify(kept(a)) === JSON.stringify(kept(b))
const kept = ({ facts, raisedAt, awaySince, resolvedAt }: Alarm) => [
  Object.entries(facts).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ...[raisedAt, awaySince, resolvedAt].map(String),
]

/** Messages are written down before they are sent: whoever dies in between owes them still, at worst twice. */
function bookOf({ database, tenant }: AppParts): NoticeBook<AlarmRow> {
  const db = database.kysely
  return {
    sentAt: (channel, since) => readSentAt(db, tenant, channel.id, since),
    async begin({ id: channel }, owed, at) {
      const parts = owed.map(({ alarm, kind }): NoticePart => ({ alarm: alarm.id!, kind }))
      const notice = await beginNotice(db, tenant, { channel, at, parts })
      return async (answer, health, now) => {
        const isAccepted = answer.kind === 'accepted'
        await database.transaction(async (tx) => {
          await endNotice(tx, tenant, notice, {
            ...{ channel, parts, at: now, outcome: answer.kind },
            because: isAccepted ? '' : answer.because,
          })
          await saveChannelHealth(tx, tenant, channel, health, isAccepted ? now : null)
        })
      }
    },
  }
}

/** What is wrong with the database, when that is why nothing could be done. */
function storeTrouble(error: unknown, roundTripMs: number): Condition | null {
  if (!(error instanceof FailureError)) return null
  const { code, facts } = error.failure
  if (code === 'store.gone') return condition('store-gone', 'database', facts)
  if (code === 'store.read-only') return condition('store-read-only', 'database', facts)
  if (code === 'store.slow') return condition('store-slow', 'database', { roundTripMs })
  return code === 'store.disk-full' ? condition('store-full', 'database', { freeMegabytes: 0 }) : null
}

/** The same with what this process remembers: the channels as they were, and of the alarms this one alone. */
async function watchWithoutStore(parts: AppParts, memory: AlarmMemory, trouble: Condition): Promise<void> {
  const now = parts.clock.now()
  const found = { conditions: [trouble], unknown: new Set<string>() }
  const { kept, resolved } = decideAlarms(memory.unwritten, found, now, alarmPolicies)
  memory.unwritten = [...kept, ...resolved].map((alarm) => ({ told: {}, ...alarm }))
  await tellChannels(parts, memory.channels, memory.unwritten, {
    sentAt: async ({ id }) => memory.sentAt.get(id) ?? [],
    async begin({ id }, owed, at) {
      memory.sentAt.set(id, [...(memory.sentAt.get(id) ?? []).slice(-longestMemory), at])
      return async (answer, _health, end) => {
        if (answer.kind === 'accepted') for (const { alarm, kind } of owed) alarm.told[id] = { kind, at: end }
      }
    },
  })
}

/** Messages remembered of each channel: more than any channel lets through in its window. */
const longestMemory = 100

/** What was told without the database is written down as soon as there is one, so that its end is told as well. */
async function writeDown({ database, tenant }: AppParts, memory: AlarmMemory): Promise<void> {
  const raised = memory.unwritten.filter((alarm) => alarm.raisedAt !== null)
  if (raised.length > 0)
    await database.transaction(async (tx) => {
      for (const alarm of raised) {
        const [row] = await saveAlarms(tx, tenant, [{ ...alarm, id: null }])
        if (row?.id) await saveTold(tx, tenant, row.id, alarm.told)
      }
    })
  // What nobody was told of yet may stand on: this look has not come to its end.
  memory.unwritten = memory.unwritten.filter((alarm) => alarm.raisedAt === null)
}

const hasPassed = (at: Temporal.Instant | null, now: Temporal.Instant, ms: number): boolean =>
  at === null || now.epochMilliseconds - at.epochMilliseconds >= ms
