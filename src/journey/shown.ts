import { accountKey } from '#domain/ids.ts'
import type { ShownSlot } from '#domain/judge-read-back.ts'
import { cutSpan, epochSecond, type Span } from '#domain/spans.ts'
import { isPersonRefused } from './3-match.ts'
import type { Journey } from './context.ts'

/** What the target shows of some accounts: the ground every decision to write stands on. */
export type Shown = {
  /** When the read began: delays are counted to here. */
  readAt: Temporal.Instant
  /** Target key → seconds it shows a punch in. */
  seconds: Map<string, Set<number>>
  /** Of these, the seconds in which everything it shows is void. */
  voids: Map<string, Set<number>>
  /** Target key → planned slots, filled or empty. */
  slots: Map<string, ShownSlot[]>
  /** Target key → planned seconds of slots that an approval filled. */
  approved: Map<string, number[]>
  /** Accounts the platform says it does not know, with its code. */
  refused: Map<string, string>
  /** Two punches of one slot stood side by side: nothing is hidden behind a winner. */
  showsAll: boolean
}

/**
 * Reads the target for these accounts. An account the platform refuses spoils a whole call, so the call is halved until
 * the account stands alone; it is then reported, and the others are read.
 */
export async function readShown(
  journey: Journey,
  accounts: { key: string; userId: string }[],
  span: Span,
): Promise<Shown> {
  const shown: Shown = {
    readAt: journey.clock.now(),
    seconds: new Map(),
    voids: new Map(),
    slots: new Map(),
    approved: new Map(),
    refused: new Map(),
    showsAll: false,
  }
  for (const account of accounts) {
    shown.seconds.set(account.key, new Set())
    shown.voids.set(account.key, new Set())
  }
  const { readPeople, readDays } = journey.target.platform.batch
  for (let i = 0; i < accounts.length; i += readPeople)
    for (const piece of cutSpan(around(span, journey.policy.slotRadius), readDays))
      await readPiece(journey, accounts.slice(i, i + readPeople), piece, shown)
  return shown
}

/** A slot may lie outside the seconds of its punches: an approval, or the winner that hides a punch, is looked for there. */
const around = ({ from, to }: Span, seconds: number): Span => ({
  from: from.subtract({ seconds }),
  to: to.add({ seconds }),
})

async function readPiece(
  journey: Journey,
  accounts: { key: string; userId: string }[],
  span: Span,
  shown: Shown,
): Promise<void> {
  const asked = accounts.filter((account) => !shown.refused.has(account.key))
  if (asked.length === 0) return
  try {
    await readOnce(journey, asked, span, shown)
  } catch (error) {
    if (!isPersonRefused(error)) throw error
    if (asked.length === 1) {
      shown.refused.set(asked[0]!.key, theirCode(error))
      shown.seconds.delete(asked[0]!.key)
      return
    }
    const half = Math.ceil(asked.length / 2)
    await readPiece(journey, asked.slice(0, half), span, shown)
    await readPiece(journey, asked.slice(half), span, shown)
  }
}

async function readOnce(
  journey: Journey,
  accounts: { userId: string }[],
  span: Span,
  shown: Shown,
): Promise<void> {
  const { platform } = journey.target
  const read = await platform.readPunches({ userIds: accounts.map((account) => account.userId), ...span })
  const bySlot = new Map<string, number>()
  for (const punch of read.punches) {
    const key = accountKey(platform.name, punch.userId)
    const at = epochSecond(punch.at)
    noteShown(shown, key, at, punch.isVoid)
    if (!punch.slot) continue
    const slot = { kind: punch.slot.kind, plannedAt: epochSecond(punch.slot.plannedAt), punchedAt: at }
    add(shown.slots, key, slot)
    const name = `${key}@${slot.kind}@${slot.plannedAt}`
    const other = bySlot.get(name)
    if (other !== undefined && other !== at) shown.showsAll = true
    bySlot.set(name, at)
  }
  for (const empty of read.emptySlots)
    add(shown.slots, accountKey(platform.name, empty.userId), {
      kind: empty.kind,
      plannedAt: epochSecond(empty.plannedAt),
      punchedAt: null,
    })
  for (const slot of read.approvedSlots)
    add(shown.approved, accountKey(platform.name, slot.userId), epochSecond(slot.plannedAt))
}

/** A second with one punch that counts is not void, in whatever order they come. */
function noteShown({ seconds, voids }: Shown, key: string, at: number, isVoid: boolean): void {
  const isFirst = !seconds.get(key)?.has(at)
  seconds.get(key)?.add(at)
  if (!isVoid) voids.get(key)?.delete(at)
  else if (isFirst) voids.get(key)?.add(at)
}

const theirCode = (error: unknown): string =>
  error instanceof Error && 'failure' in error
    ? String((error.failure as { facts: { theirCode?: string } }).facts.theirCode ?? '')
    : ''

function add<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
