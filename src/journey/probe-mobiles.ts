import { FailureError } from '#domain/failures.ts'
import { accountKey } from '#domain/ids.ts'
import { comparableName, type Match, type MatchAccount } from '#domain/match-identity.ts'
import { readProbes, saveProbe } from '#store/people.ts'
import type { Journey } from './context.ts'

type Ask = {
  source: MatchAccount[]
  target: MatchAccount[]
  /** Source key → mobile in clear, in memory only. */
  mobiles: Map<string, string>
  matches: Map<string, Match>
}

/**
 * Asks the target who owns a mobile, but only where the answer would settle a case and the target hides mobiles:
 * somebody without other evidence who has a namesake there. Answers are kept, negatives too, also
 * in a rehearsal: nobody should be asked about twice. It stops far below the
 * share of wrong questions that gets a company banned for a day (WeCom: 20 % of head-count).
 */
export async function probeMobiles(journey: Journey, ask: Ask): Promise<Map<string, string | null>> {
  const { tenant, target, clock } = journey
  const db = journey.database.kysely
  const answers = new Map<string, string | null>()
  if (ask.target.some((account) => account.mobile)) return answers

  const names = new Set(ask.target.map((account) => comparableName(account.name)))
  const kept = new Map(
    (await readProbes(db, tenant, target.connection.id)).map((probe) => [probe.mobilePrint, probe.foundKey]),
  )
  let wrongLeft =
    Math.floor(ask.target.length * journey.policy.wrongProbeShare) -
    [...kept.values()].filter((key) => key === null).length

  for (const account of ask.source) {
    const status = ask.matches.get(account.key)?.status
    if (!account.mobile || status === 'linked' || status === 'conflicting') continue
    const known = kept.get(account.mobile.print)
    if (known !== undefined) {
      answers.set(account.key, known)
      continue
    }
    const mobile = ask.mobiles.get(account.key)
    if (!mobile || wrongLeft <= 0 || !names.has(comparableName(account.name))) continue
    const owner = await owned(journey, mobile)
    if (owner === undefined) break
    const foundKey = owner === null ? null : accountKey(target.platform.name, owner)
    if (foundKey === null) wrongLeft--
    kept.set(account.mobile.print, foundKey)
    answers.set(account.key, foundKey)
    await saveProbe(db, tenant, target.connection.id, {
      mobilePrint: account.mobile.print,
      foundKey,
      askedAt: clock.now(),
    })
  }
  return answers
}

/** Undefined when the platform would not answer: evidence we can do without, so nothing else stops. */
async function owned(journey: Journey, mobile: string): Promise<string | null | undefined> {
  try {
    return await journey.target.platform.findByMobile(mobile)
  } catch (error) {
    if (error instanceof FailureError) return undefined
    throw error
  }
}
