import { mostWrongProbes } from '#domain/identity/plan-probes.ts'
import type { ProbeUse } from '#domain/status-report.ts'
import { wrongLookups } from '#platforms/wrong-lookups.ts'
import { countProbes } from '#store/people.ts'
import type { ConnectionRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** How many mobiles a connection was asked about, in vain or not, and where we stop. */
export async function probeUse(
  { database, tenant, options }: AppParts,
  asked: ConnectionRow,
): Promise<ProbeUse> {
  const { headCount, ...use } = await countProbes(database.kysely, tenant, asked.id)
  const limitShare = wrongLookups[asked.platform].shareOfHeadCount
  const mostWrong = mostWrongProbes({ headCount, limitShare, wayToLimit: options.wrongProbeShare })
  return { connection: asked.key, ...use, mostWrong }
}
