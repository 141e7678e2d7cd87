import { hasWrongLinks, redirectMisdelivered } from '#store/misdelivered.ts'
import type { Journey, Traveller } from './context.ts'

/**
 * Punches that went to somebody else before a person made the right link are punches of the right person all the same:
 * they are held again, and travel like everything that was held. What stands in the wrong person's name stays in the
 * ledger, because the platforms have no delete.
 */
export async function redirect(journey: Journey, travellers: readonly Traveller[]): Promise<number> {
  const { database, tenant, route, source, policy, clock } = journey
  if (!(await hasWrongLinks(database.kysely, tenant, route.id))) return 0
  const linked = travellers.filter(({ twin }) => twin !== null)
  return database.transaction(async (tx) => {
    await journey.lanes!.guard(tx)
    return redirectMisdelivered(
      tx,
      { tenant, route: route.id, source: source.connection.id },
      { keys: linked.map(({ key }) => key), oldest: policy.oldestAccepted, now: clock.now() },
    )
  })
}
