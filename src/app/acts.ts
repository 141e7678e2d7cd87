import type { ActEffects, ActEntry, UndoActReport } from '#cli/acts-report.ts'
import { type Claims, canTakeBack, changeOf, doMeet, isNothing } from '#domain/claims.ts'
import { fail } from '#domain/failures.ts'
import { formatInstant } from '#domain/window.ts'
import { rematch } from '#journey/3-match.ts'
import {
  type Act,
  type ActKind,
  markUndone,
  oneActAtATime,
  readAct,
  readActs,
  readStandingAfter,
  saveAct,
} from '#store/acts.ts'
import { type End, type LinkedPair, readClaims, readLinkedPairs, replaceClaims } from '#store/claim-rows.ts'
import type { Executor } from '#store/database.ts'
import { countWaitingFor, recall } from '#store/delivered.ts'
import { heedWordOfGone } from '#store/gone-people.ts'
import { countMisdelivered, keepWrongLinks, readWrongPairs } from '#store/misdelivered.ts'
import { audit, readConnections, readRoutes } from '#store/setup.ts'
import { deliveredUnder } from './delivered.ts'
import { oldestAccepted } from './history.ts'
import type { AppParts } from './parts.ts'

/** What a person decided survives a power cut. */
export const durable = { isDurable: true }

/** Rows of an act that its entry names. */
const mostNamed = 20

export type ActAsk = {
  kind: ActKind
  subject: string
  /** Every account that the change may say something about. */
  ends: readonly End[]
  undoes?: number
  /** Kept in the audit beside the act's number. */
  details?: Record<string, unknown>
}

/** What followed, and between whom links came and went. */
export type Performed = { effects: ActEffects; joined: LinkedPair[]; parted: LinkedPair[] }

const nothingFollows: Performed = {
  effects: {
    ...{ act: null, released: 0, redirected: 0, recalled: 0 },
    delivered: { link: 'open', count: 0, states: {}, records: [] },
  },
  joined: [],
  parted: [],
}

/**
 * The one way in which a person changes who is who: the change with what it found and what it left, its audit, who is
 * who after it, and what it releases and recalls. A change that changes nothing is no act.
 */
export async function perform(
  parts: AppParts,
  tx: Executor,
  ask: ActAsk,
  change: () => Promise<unknown>,
): Promise<Performed> {
  const { tenant, actor, clock } = parts
  const at = clock.now()
  await oneActAtATime(tx)
  const found = await readClaims(tx, tenant, ask.ends)
  const linked = await readLinkedPairs(tx, tenant)
  await change()
  const { before, after } = changeOf(found, await readClaims(tx, tenant, ask.ends))
  if (isNothing(before) && isNothing(after)) return nothingFollows
  const { kind, subject, undoes = null } = ask
  const act = await saveAct(tx, tenant, { at, actor, kind, subject, before, after, undoes })
  await audit(tx, tenant, { at, actor, act: kind, subject, details: { act, ...ask.details } })
  await rematch(tx, tenant, at)
  await heedWordOfGone(tx, tenant)
  const { joined, parted } = compare(linked, await readLinkedPairs(tx, tenant))
  const wrong = await readWrongPairs(tx, tenant, parted)
  await keepWrongLinks(tx, tenant, { wrong, joined }, { id: act, at })
  const recalled = await recall(tx, tenant, parted)
  const released = await countWaitingFor(tx, tenant, joined)
  const oldest = { dingtalk: oldestAccepted(parts, 'dingtalk'), wecom: oldestAccepted(parts, 'wecom') }
  const redirected = await countMisdelivered(tx, tenant, joined, oldest)
  const link = wrong.length > 0 ? 'wrong' : 'open'
  const delivered = { link, ...(await deliveredUnder(parts, tx, parted)) } as const
  return { effects: { act, released, redirected, recalled, delivered }, joined, parted }
}

function compare(before: LinkedPair[], after: LinkedPair[]) {
  const idOf = ({ routeId, sourceKey, targetKey }: LinkedPair) => `${routeId} ${sourceKey} ${targetKey}`
  const [had, has] = [new Set(before.map(idOf)), new Set(after.map(idOf))]
  return {
    joined: after.filter((pair) => !had.has(idOf(pair))),
    parted: before.filter((pair) => !has.has(idOf(pair))),
  }
}

/**
 * Takes an act back: what it found stands again, to the letter. Itself an act, so it can be taken back too. Fails with
 * `usage.unknown-act`, and with `usage.act-overtaken` when what the act left is not what stands now.
 */
export async function undo(parts: AppParts, id: number): Promise<UndoActReport> {
  const { database, tenant, clock } = parts
  return database.transaction(async (tx) => {
    await oneActAtATime(tx)
    const act = await readAct(tx, tenant, id)
    if (!act || act.undoneAt) return fail('usage.unknown-act', { act: id })
    const ends = await endsOf(parts, tx, act)
    if (!canTakeBack(act, await readClaims(tx, tenant, ends)))
      fail('usage.act-overtaken', { act: id, later: await inTheWay(parts, tx, act) })
    const ask = { kind: 'undo', subject: act.subject, ends, undoes: id, details: { undoes: id } } as const
    const { effects } = await perform(parts, tx, ask, () =>
      replaceClaims(tx, tenant, { gone: act.after, back: act.before }),
    )
    await markUndone(tx, tenant, act, { id: effects.act!, at: clock.now() })
    return { undone: id, kind: act.kind, subject: act.subject, ...effects }
  }, durable)
}

async function inTheWay({ tenant }: AppParts, tx: Executor, act: Act): Promise<number[]> {
  const later = (await readStandingAfter(tx, tenant, act.id)).filter((one) => doMeet(one, act))
  const acts = later.filter(({ kind }) => kind !== 'undo')
  return (acts.length > 0 ? acts : later).map(({ id }) => id)
}

/** The accounts an act is about. */
async function endsOf(
  { tenant }: AppParts,
  db: Executor,
  { before, after }: Pick<Act, 'before' | 'after'>,
): Promise<End[]> {
  const routes = new Map((await readRoutes(db, tenant)).map((row) => [row.id as number, row]))
  const endOf = (connectionId: unknown, key: unknown) => ({ connectionId, key }) as End
  return [before, after].flatMap((claims) => [
    ...[...claims.explicit_link, ...claims.parted_pair].flatMap((row) => {
      const route = routes.get(row['route_id'] as number)!
      return [endOf(route.dingtalkId, row['source_key']), endOf(route.wecomId, row['target_key'])]
    }),
    ...claims.person_pair.flatMap((row) => [
      endOf(row['a_connection'], row['a_key']),
      endOf(row['b_connection'], row['b_key']),
    ]),
  ])
}

/** The newest acts, newest first. */
export async function acts(parts: AppParts, ask: { limit: number }): Promise<ActEntry[]> {
  const { database, tenant } = parts
  const db = database.kysely
  const tell = teller(await readRoutes(db, tenant), await readConnections(db, tenant))
  return (await readActs(db, tenant, ask.limit)).map((act) => {
    const [before, after] = [tell(act.before), tell(act.after)]
    const { id, actor, kind, subject, undoneBy, undoes } = act
    return {
      ...{ id, at: formatInstant(act.at), actor, kind, subject },
      before: before.slice(0, mostNamed),
      after: after.slice(0, mostNamed),
      changes: before.length + after.length,
      undoneAt: act.undoneAt ? formatInstant(act.undoneAt) : null,
      undoneBy,
      undoes,
    }
  })
}

/** Rows as people write them: `hq u001 = zhangsan`, `a-wecom:x ≠ b-wecom:y`. */
function teller(
  routes: Awaited<ReturnType<typeof readRoutes>>,
  connections: Awaited<ReturnType<typeof readConnections>>,
) {
  const routeOf = new Map(routes.map((row) => [row.id as number, row.key]))
  const connectionOf = new Map(connections.map((row) => [row.id as number, row.key]))
  const route = (id: unknown) => routeOf.get(id as number) ?? '?'
  const connection = (id: unknown) => connectionOf.get(id as number) ?? '?'
  return (claims: Claims): string[] => [
    ...claims.explicit_link.map(
      (row) => `${route(row['route_id'])} ${row['source_user']} = ${row['target_user']}`,
    ),
    ...claims.parted_pair.map(
      (row) => `${route(row['route_id'])} ${row['source_key']} ≠ ${row['target_key']}`,
    ),
    ...claims.person_pair.map(
      (row) =>
        `${connection(row['a_connection'])}:${row['a_key']} ${row['is_same'] ? '=' : '≠'} ${connection(row['b_connection'])}:${row['b_key']}`,
    ),
  ]
}
