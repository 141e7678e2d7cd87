import type { Pool } from 'pg'
import { calmHoursOf, type World } from './found-world.ts'
import type { Report } from './watch.ts'

/** `landedAt`: when the ledger first had the punch, epoch seconds. */
type Claim = {
  platform: 'dingtalk' | 'wecom'
  user: string
  at: number
  state: string
  landedAt: number
}

/** Nobody reads longer than this before what was read has landed: a slow database included. */
const readForSeconds = 1_800

/**
 * When all is over: every real punch of people linked on both sides stands on the other side exactly once (I3), nothing
 * is in doubt any more (I4), what is said to be verified is there, nothing was sent that was void before anybody read it
 * (I6), and one more look would change nothing (I5, I8).
 */
export async function checkSettled(
  { sandbox, tenant, ask, time }: World,
  pool: Pool,
  report: Report,
): Promise<void> {
  const claims = await pool.query<Claim>(
    `select connection.platform, punch.account_key as user, extract(epoch from punch.at)::float8 as at,
            case when delivery.state <> 'batched' then delivery.state else batch.state end as state,
            extract(epoch from coalesce((select min(landed_at) from punch_revision as was
                                          where was.tenant_id = punch.tenant_id and was.punch_id = punch.id),
                                        punch.landed_at))::float8 as "landedAt"
       from delivery
       join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       join connection on connection.tenant_id = punch.tenant_id and connection.id = punch.connection_id
       left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
      where delivery.tenant_id = $1`,
    [tenant],
  )
  const states = new Map(
    claims.rows.map(({ platform, user, at, state }) => [`${platform} ${user}@${at}`, state]),
  )
  for (const [name, state] of states)
    if (['inDoubt', 'sent', 'sending', 'planned'].includes(state)) report('I4', `${name} is still ${state}`)

  const now = time.now()
  // What was punched in the last hours may not have been swept yet.
  const window = {
    from: now.subtract({ hours: 24 * 40 }).toString(),
    to: now.subtract({ hours: calmHoursOf(ask) - 4 }).toString(),
  }
  const dingtalk = sandbox.expectedPunches({ from: window.from, to: now.toString() })
  const wecom = sandbox.expectedCheckins({ from: window.from, to: now.toString() })
  const until = Temporal.Instant.from(window.to).epochMilliseconds / 1000
  const dingtalkNames = dingtalk.map(({ userId, at, origin }) => ({ name: `${userId}@${at}`, origin }))
  const wecomNames = wecom.map(({ userId, at, origin }) => ({
    name: `${userId.toLowerCase()}@${at}`,
    origin,
  }))
  const shows = { dingtalk: counted(dingtalkNames), wecom: counted(wecomNames) }
  const firstLanded = new Map(
    claims.rows
      .filter(({ platform }) => platform === 'dingtalk')
      .map(({ user, at, landedAt }) => [`${user}@${at}`, landedAt]),
  )
  const valid = new Set(dingtalk.filter((one) => !one.void).map(({ userId, at }) => `${userId}@${at}`))
  for (const punch of dingtalk) {
    const name = `${punch.userId}@${punch.at}`
    const landedAt = firstLanded.get(name)
    if (!punch.void || landedAt === undefined || valid.has(name)) continue
    const voidedAt = Temporal.Instant.from(punch.modifiedAt).epochMilliseconds / 1000
    const isBornVoid = punch.modifiedAt === punch.appearsAt
    if (!isBornVoid && voidedAt + readForSeconds > landedAt) continue
    if (states.get(`dingtalk ${name}`) === 'verified')
      report('I6', `dingtalk ${name} was void before it was read, and was written`)
  }

  const goes = (direction: typeof ask.direction) => ask.direction === direction || ask.direction === 'both'
  if (goes('dingtalk-to-wecom'))
    for (const punch of dingtalk) {
      if (punch.origin !== 'own' || punch.void || !punch.shown || !punch.wecomUserid || punch.at > until)
        continue
      settled(
        `dingtalk ${punch.userId}@${punch.at}`,
        shows.wecom.get(`${punch.wecomUserid.toLowerCase()}@${punch.at}`) ?? nothing,
      )
    }
  if (goes('wecom-to-dingtalk'))
    for (const punch of wecom) {
      if (punch.origin !== 'own' || !punch.shown || !punch.dingtalkUserId || punch.at > until) continue
      settled(
        `wecom ${punch.userId.toLowerCase()}@${punch.at}`,
        shows.dingtalk.get(`${punch.dingtalkUserId}@${punch.at}`) ?? nothing,
      )
    }

  function settled(name: string, { shown, ours }: Count): void {
    const state = states.get(name) ?? null
    // A punch of their own may stand in the same second, and come up after ours was written.
    if (ours > 1) report('I3', `${name} stands ${ours} times on the other side because of us`)
    if (shown === 0 && state === 'verified') report('I3', `${name} is said to be verified and is not there`)
    // Where the month's calls were spent before it began, what is written waits for the next month.
    if (shown === 0 && state === 'waiting' && ask.callsLeft !== undefined) return
    if (shown === 0 && state !== 'held' && state !== 'refused')
      report('I3', `${name} is lost (${state ?? 'undecided'})`)
  }
}

/** Records of one person in one second, and those of them that we caused. */
type Count = { shown: number; ours: number }
const nothing: Count = { shown: 0, ours: 0 }

function counted(records: readonly { name: string; origin: string }[]): Map<string, Count> {
  const counts = new Map<string, Count>()
  for (const { name, origin } of records) {
    const { shown, ours } = counts.get(name) ?? nothing
    counts.set(name, { shown: shown + 1, ours: ours + Number(origin === 'api') })
  }
  return counts
}
