import { elapsedMs } from '#domain/effects.ts'
import { readOpenAccounts } from '#store/owed.ts'
import { readInputs, readResolvedInputs, textOf } from '#store/resolution.ts'
import { type Journey, outwardOf, type Side, type Traveller, wayOf } from './context.ts'
import { travellersNamed } from './travellers.ts'

/**
 * The same people that reading everybody would give, as far as a run is about some only: those whom hints named, or those
 * to whom something is owed. Null where that cannot be told without the others: a roster is due to be read, or something
 * has changed that says who is who.
 */
export async function matchFew(journey: Journey): Promise<Traveller[] | null> {
  const { database, tenant, source, target, isRehearsal, work, window } = journey
  const db = database.kysely
  if (isRehearsal || work.read === 'everyone' || !isYoung(journey, source) || !isYoung(journey, target))
    return null
  const inputs = await readInputs(db, tenant, journey.clock.now())
  if (textOf(inputs) !== (await readResolvedInputs(db, tenant))) return null
  const open = new Set(await readOpenAccounts(db, outwardOf(wayOf(journey))))
  const keys = work.read === 'nobody' ? open : work.read
  return travellersNamed(db, wayOf(journey), [...keys], { since: window.from, open })
}

const isYoung = ({ clock, policy }: Journey, { connection: { rosterReadAt } }: Side): boolean =>
  rosterReadAt !== null && elapsedMs(clock, rosterReadAt) < policy.contactsMaxAgeMs
