import { legsOf } from '#domain/direction.ts'
import { accountKey } from '#domain/ids.ts'
import { earliestNamed, namedDays } from '#domain/named-days.ts'
import type { EventHint } from '#domain/platform-event.ts'
import type { Executor } from '#store/database.ts'
import { readOpenHints, settleEvents } from '#store/inbox.ts'
import { readRoutes } from '#store/setup.ts'
import type { Journey, Traveller } from './context.ts'

/** What one sweep settles at most; the next one goes on. */
const eventsAtOnce = 20_000
/** Events that nobody took up in time, about strangers or a day whose verdict changed, are settled by any sweep. */
const patienceHours = 24

/**
 * A sweep over everybody answers what events said until it began, as far as its window reaches: one that names an earlier
 * punch, uploaded late, is followed by itself. Events about the roster are not its business, nor are those about people
 * whom another route of the same source carries.
 */
export async function settleHints(
  tx: Executor,
  { tenant, source, window }: Pick<Journey, 'tenant' | 'source' | 'window'>,
  travellers: readonly Pick<Traveller, 'key'>[],
  { startedAt, now }: { startedAt: Temporal.Instant; now: Temporal.Instant },
): Promise<void> {
  const connection = source.connection.id
  const before = Temporal.Instant.compare(window.to, startedAt) < 0 ? window.to : startedAt
  const open = await readOpenHints(tx, { tenant, connection, limit: eventsAtOnce, before })
  if (open.length === 0) return
  const readers = (await readRoutes(tx, tenant)).filter(({ direction, dingtalkId, wecomId }) =>
    legsOf(direction).some((leg) => (leg.source === 'dingtalk' ? dingtalkId : wecomId) === connection),
  )
  const own = new Set(travellers.map(({ key }) => key))
  const oldest = now.subtract({ hours: patienceHours })
  const answered = open.filter(({ hints, receivedAt }) => {
    if (hints.some(({ kind }) => kind === 'contacts' || kind === 'userIdChanged')) return false
    const named = earliestNamed(hints)
    if (named && Temporal.Instant.compare(named, window.from) < 0) return false
    if (Temporal.Instant.compare(receivedAt, oldest) < 0) return true
    if (source.platform.readVerdicts && namedDays(hints).length > 0) return false
    const isOurs = hints.flatMap(usersOf).some((userId) => own.has(accountKey(source.platform.name, userId)))
    return readers.length === 1 || isOurs
  })
  await settleEvents(tx, { tenant, connection, ids: answered.map(({ id }) => id), at: now })
}

const usersOf = (hint: EventHint): string[] => ('userIds' in hint ? hint.userIds : [])
