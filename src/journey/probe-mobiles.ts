import { FailureError } from '#domain/failures.ts'
import { mostWrongProbes, planProbes } from '#domain/identity/plan-probes.ts'
import type { Resolver } from '#domain/identity/resolver.ts'
import { accountKey, type PlatformName } from '#domain/ids.ts'
import { saveProbe } from '#store/people.ts'
import type { Journey, Side } from './context.ts'
import { type Group, staffId } from './group-facts.ts'

/** One round asks each side no more than this, then looks again at what is still open. */
const probesPerRound = 1_000

/**
 * Asks either side who owns a mobile that the other side shows, only where the answer settles a case, the likeliest
 * first, and never more in vain than its platform bears. Answers are kept, negatives too, also in a rehearsal: nobody
 * should be asked about twice. `mobiles`: in clear, by account key, in memory only. False when a platform would not
 * answer: evidence we can do without, so nothing else stops, and it is asked again another time.
 */
export async function probeMobiles(
  journey: Journey,
  group: Group,
  resolver: Resolver,
  mobiles: Record<PlatformName, ReadonlyMap<string, string>>,
): Promise<boolean> {
  const sides = [journey.source, journey.target]
  const sideOf = new Map(sides.map((side) => [side.connection.key, side]))
  const askable = new Map(
    sides.flatMap(({ connection }) =>
      [...mobiles[connection.platform]].map(([key, mobile]) => [staffId(connection, key), mobile] as const),
    ),
  )
  const prints = new Map(group.accounts.map((account) => [account.id, account.mobile]))
  const asked = [...group.known.probes]
  // Whoever would not answer is not asked again in this run; the other side still is.
  const mostWrong = new Map(sides.map((side) => [side.connection.key, mostWrongOf(journey, group, side)]))
  let isAnswered = true
  for (;;) {
    const plan = planProbes(resolver.resolution, group.accounts, { asked, mostWrong, budget: probesPerRound })
    const probes = plan.probes.filter(({ account }) => askable.has(account))
    if (probes.length === 0) return isAnswered
    for (const { account, connection } of probes) {
      if (!mostWrong.has(connection)) continue
      const side = sideOf.get(connection)!
      const owner = await ownerOf(side, askable.get(account)!)
      if (owner instanceof FailureError) {
        mostWrong.delete(connection)
        // Without the permission tomorrow's answer is today's: it is asked again when something else has changed.
        if (owner.failure.code !== 'platform.no-permission') isAnswered = false
        continue
      }
      const foundKey = owner === null ? null : accountKey(side.platform.name, owner)
      const answer = { account, connection, owner: foundKey === null ? null : `${connection}:${foundKey}` }
      asked.push(answer)
      await saveProbe(journey.database.kysely, journey.tenant, side.connection.id, {
        mobilePrint: prints.get(account)!,
        foundKey,
        askedAt: journey.clock.now(),
      })
      resolver.change({ kind: 'probe', probe: answer })
    }
  }
}

const mostWrongOf = ({ policy }: Journey, { accounts }: Group, { connection, platform }: Side): number =>
  mostWrongProbes({
    headCount: accounts.filter((account) => account.connection === connection.key).length,
    limitShare: platform.wrongLookups.shareOfHeadCount,
    wayToLimit: policy.wrongProbeShare,
  })

async function ownerOf({ platform }: Side, mobile: string): Promise<string | null | FailureError> {
  try {
    return await platform.findByMobile(mobile)
  } catch (error) {
    if (error instanceof FailureError) return error
    throw error
  }
}
