import { FailureError } from '#domain/failures.ts'
import { planProbes } from '#domain/identity/plan-probes.ts'
import type { Resolver } from '#domain/identity/resolver.ts'
import { accountKey } from '#domain/ids.ts'
import { saveProbe } from '#store/people.ts'
import type { Journey } from './context.ts'
import { type Group, staffId } from './group-facts.ts'

/** One round asks no more than this, then looks again at what is still open. */
const probesPerRound = 1_000

/**
 * Asks the target who owns a mobile, only where the answer settles a case, the likeliest first, and never more than the
 * allowed share of its head-count in vain. Answers are kept, negatives too, also in a rehearsal: nobody should be asked
 * about twice. `mobiles`: in clear, by source key, in memory only. False when the platform would not answer: evidence
 * we can do without, so nothing else stops, and it is asked again another time.
 */
export async function probeMobiles(
  journey: Journey,
  group: Group,
  resolver: Resolver,
  mobiles: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { source, target } = journey
  const connection = target.connection.key
  const askable = new Map([...mobiles].map(([key, mobile]) => [staffId(source.connection, key), mobile]))
  const prints = new Map(group.accounts.map((account) => [account.id, account.mobile]))
  const asked = [...group.known.probes]
  const headCount = new Map([
    [connection, group.accounts.filter((account) => account.connection === connection).length],
  ])
  const policy = { wrongProbesAtMost: journey.policy.wrongProbeShare }
  for (;;) {
    const plan = planProbes(resolver.resolution, group.accounts, {
      asked,
      headCount,
      budget: probesPerRound,
      policy,
    })
    const probes = plan.probes.filter(({ account }) => askable.has(account))
    if (probes.length === 0) return true
    for (const { account } of probes) {
      const owner = await ownerOf(journey, askable.get(account)!)
      if (owner === undefined) return false
      const foundKey = owner === null ? null : accountKey(target.platform.name, owner)
      const answer = { account, connection, owner: foundKey === null ? null : `${connection}:${foundKey}` }
      asked.push(answer)
      await saveProbe(journey.database.kysely, journey.tenant, target.connection.id, {
        mobilePrint: prints.get(account)!,
        foundKey,
        askedAt: journey.clock.now(),
      })
      resolver.change({ kind: 'probe', probe: answer })
    }
  }
}

async function ownerOf(journey: Journey, mobile: string): Promise<string | null | undefined> {
  try {
    return await journey.target.platform.findByMobile(mobile)
  } catch (error) {
    if (error instanceof FailureError) return undefined
    throw error
  }
}
