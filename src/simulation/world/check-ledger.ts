import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

type Side = {
  connection: number
  platform: 'dingtalk' | 'wecom'
  completeTo: number | null
  sweptAt: number | null
}
type Landed = { platform: 'dingtalk' | 'wecom'; user: string; at: number; count: number }

/**
 * The ledger beside the source: what a finished sweep covered is there once (I1), what was once kept is kept (I2), and
 * "complete up to" is never later than that (I9). Rows of other tenants are none of ours (I10).
 */
export function checkLedger(
  { sandbox, tenant, time }: World,
  pool: Pool,
  report: Report,
): () => Promise<void> {
  const kept = new Map<string, string>()
  const strangers = { count: -1 }
  return async () => {
    const sides = await pool.query<Side>(
      `select leg.source_id as connection, connection.platform, extract(epoch from leg.complete_to)::float8 as "completeTo",
              extract(epoch from leg.swept_at)::float8 as "sweptAt"
         from leg join connection on connection.tenant_id = leg.tenant_id and connection.id = leg.source_id
        where leg.tenant_id = $1`,
      [tenant],
    )
    const landed = await pool.query<Landed>(
      `select connection.platform, punch.account_key as user, extract(epoch from punch.at)::float8 as at, count(*)::int as count
         from punch join connection on connection.tenant_id = punch.tenant_id and connection.id = punch.connection_id
        where punch.tenant_id = $1 group by 1, 2, 3`,
      [tenant],
    )
    const counts = new Map(
      landed.rows.map(({ platform, user, at, count }) => [`${platform} ${user}@${at}`, count]),
    )
    const unknown = await pool.query<{ key: string }>(
      `select source_id || ' ' || source_key as key from reading where tenant_id = $1 and because is not null`,
      [tenant],
    )
    const doubted = new Set(unknown.rows.map(({ key }) => key))
    const roster = await pool.query<{ name: string; since: number }>(
      `select connection_id || ' ' || key as name, extract(epoch from since)::float8 as since
         from account where tenant_id = $1 and gone_at is null`,
      [tenant],
    )
    const knownSince = new Map(roster.rows.map(({ name, since }) => [name, since]))
    for (const { connection, platform, completeTo, sweptAt } of sides.rows) {
      if (completeTo === null || sweptAt === null) continue
      for (const { key, at, appearsAt } of truth(sandbox, platform, completeTo)) {
        // Nobody can sweep people of whom the roster did not tell yet; in the end they must be there all the same.
        const isKnown = (knownSince.get(`${connection} ${key}`) ?? Number.POSITIVE_INFINITY) <= sweptAt
        if (appearsAt > sweptAt || !isKnown || doubted.has(`${connection} ${key}`)) continue
        const count = counts.get(`${platform} ${key}@${at}`) ?? 0
        if (count === 0)
          report('I1', `${platform} ${key}@${at} was shown to a sweep and is not in the ledger`)
      }
      if (completeTo > time.now().epochMilliseconds / 1000)
        report('I9', `${platform} is complete up to the future`)
    }

    const revisions = await pool.query<{ name: string; hash: string }>(
      `select punch_id || '.' || revision as name, hash from punch_revision where tenant_id = $1
       union all select id || '.' || revision, hash from punch where tenant_id = $1`,
      [tenant],
    )
    const now = new Map(revisions.rows.map(({ name, hash }) => [name, hash]))
    for (const [name, hash] of kept)
      if (now.get(name) !== hash) report('I2', `revision ${name} is not what it was`)
    for (const [name, hash] of now) kept.set(name, hash)
    const gaps = await pool.query<{ id: number }>(
      `select punch.id::float8 as id from punch
         left join punch_revision as was on was.tenant_id = punch.tenant_id and was.punch_id = punch.id
        where punch.tenant_id = $1 and punch.revision > 1
        group by punch.tenant_id, punch.id having count(was.revision) <> punch.revision - 1`,
      [tenant],
    )
    for (const { id } of gaps.rows) report('I2', `an earlier revision of punch ${id} is not kept`)

    const others = await pool.query<{ count: number }>(
      `select (select count(*) from punch where connection_id in (select id from connection where tenant_id = $1) and tenant_id <> $1)
            + (select count(*) from delivery join punch on punch.id = delivery.punch_id and punch.tenant_id = delivery.tenant_id
                where punch.tenant_id <> $1 and delivery.tenant_id = $1) as count`,
      [tenant],
    )
    const foreign = Number(others.rows[0]!.count)
    if (strangers.count >= 0 && foreign > strangers.count)
      report('I10', 'rows of this tenant stand under another')
    strangers.count = foreign
  }
}

type True = { key: string; at: number; appearsAt: number }

/** What the platform shows at instants up to `completeTo`, and since when. A record we wrote ourselves counts as well. */
function truth(sandbox: World['sandbox'], platform: Side['platform'], completeTo: number): True[] {
  const window = {
    from: Temporal.Instant.fromEpochMilliseconds((completeTo - 6 * 86_400) * 1000).toString(),
    to: Temporal.Instant.fromEpochMilliseconds(completeTo * 1000).toString(),
  }
  if (platform === 'dingtalk')
    return sandbox
      .expectedPunches(window)
      .filter(({ shown }) => shown)
      .map(({ userId, at, appearsAt }) => ({
        key: userId,
        at,
        appearsAt: Temporal.Instant.from(appearsAt).epochMilliseconds / 1000,
      }))
  return sandbox
    .expectedCheckins(window)
    .filter(({ shown, origin }) => shown && origin === 'own')
    .map(({ userId, at }) => ({ key: userId.toLowerCase(), at, appearsAt: at }))
}
