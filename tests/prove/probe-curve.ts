import { mostWrongProbes, type Probe, planProbes } from '#domain/identity/plan-probes.ts'
import { openResolver } from '#domain/identity/resolver.ts'
import { type KnownFacts, nothingKnown } from '#domain/identity/staff-account.ts'
import { wecomWrongLookups } from '#platforms/wecom/limits.ts'
import { settingsTable } from '#settings/settings.ts'
import type { Staff } from '#simulation/staff/generate-staff.ts'
import { createProbeOracle } from '#simulation/staff/probe-oracle.ts'
import { type Score, scoreIdentity } from '#simulation/staff/score-identity.ts'

/** How things stand after so many questions to the platforms. */
export type ProbePoint = {
  asked: number
  /** Nobody had the number: what the platforms count. */
  wrong: number
  /** The largest share of one connection's head-count that its wrong questions are. */
  wrongShare: number
  score: Score
}

/** Questions to each connection between two looks at the plan. */
const round = 40

/** Asks the platforms, round by round, for as long as the plan wants to know anything. The first point is before. */
export function probeCurve(staff: Staff): ProbePoint[] {
  const oracle = createProbeOracle(staff)
  const resolver = openResolver(staff.accounts, nothingKnown)
  const headCount = new Map<string, number>()
  for (const { connection, leftOn } of staff.accounts)
    if (leftOn === null) headCount.set(connection, (headCount.get(connection) ?? 0) + 1)
  const limitShare = wecomWrongLookups.shareOfHeadCount
  const mostWrong = new Map(
    [...headCount].map(([connection, people]) => [
      connection,
      mostWrongProbes({
        headCount: people,
        limitShare,
        wayToLimit: settingsTable.wrongProbeShare.type.parse(undefined),
      }),
    ]),
  )
  const asked: KnownFacts['probes'][number][] = []
  const points: ProbePoint[] = []
  const look = () => {
    const wrong = asked.filter(({ owner }) => owner === null)
    const byConnection = Map.groupBy(wrong, ({ connection }) => connection)
    points.push({
      asked: asked.length,
      wrong: wrong.length,
      wrongShare: Math.max(
        0,
        ...[...byConnection].map(([connection, { length }]) => length / headCount.get(connection)!),
      ),
      score: scoreIdentity(staff, resolver.resolution),
    })
  }
  look()
  for (;;) {
    const { probes } = planProbes(resolver.resolution, staff.accounts, { asked, mostWrong, budget: round })
    if (probes.length === 0) return points
    for (const { account, connection } of probes satisfies Probe[]) {
      const answer = { account, connection, owner: oracle({ account, connection }) }
      asked.push(answer)
      resolver.change({ kind: 'probe', probe: answer })
    }
    look()
  }
}

/** The last point at which wrong questions were no more than this share of the head-count. */
export const pointAt = (points: readonly ProbePoint[], wrongShare: number): ProbePoint =>
  points.findLast((point) => point.wrongShare <= wrongShare) ?? points[0]!
