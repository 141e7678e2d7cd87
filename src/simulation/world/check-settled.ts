import type { Pool } from 'pg'
import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

type Claim = { platform: 'dingtalk' | 'wecom'; user: string; at: number; state: string }

/**
 * When all is over: every real punch of people linked on both sides stands on the other side exactly once (I3), nothing
 * is in doubt any more (I4), what is said to be verified is there, and one more look would change nothing (I5, I8).
 */
export async function checkSettled(
  { sandbox, tenant, ask, time }: World,
  pool: Pool,
  report: Report,
): Promise<void> {
  const claims = await pool.query<Claim>(
    `select connection.platform, punch.account_key as user, extract(epoch from punch.at)::float8 as at,
            case when delivery.state <> 'batched' then delivery.state else batch.state end as state
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
    to: now.subtract({ hours: 26 }).toString(),
  }
  const dingtalk = sandbox.expectedPunches({ from: window.from, to: now.toString() })
  const wecom = sandbox.expectedCheckins({ from: window.from, to: now.toString() })
  const until = Temporal.Instant.from(window.to).epochMilliseconds / 1000
  const shows = {
    dingtalk: counted(dingtalk.map(({ userId, at }) => `${userId}@${at}`)),
    wecom: counted(wecom.map(({ userId, at }) => `${userId.toLowerCase()}@${at}`)),
  }
  const goes = (direction: typeof ask.direction) => ask.direction === direction || ask.direction === 'both'
  if (goes('dingtalk-to-wecom'))
    for (const punch of dingtalk) {
      if (punch.origin !== 'own' || punch.void || !punch.shown || !punch.wecomUserid || punch.at > until)
        continue
      settled(
        `dingtalk ${punch.userId}@${punch.at}`,
        shows.wecom.get(`${punch.wecomUserid.toLowerCase()}@${punch.at}`) ?? 0,
      )
    }
  if (goes('wecom-to-dingtalk'))
    for (const punch of wecom) {
      if (punch.origin !== 'own' || !punch.shown || !punch.dingtalkUserId || punch.at > until) continue
      settled(
        `wecom ${punch.userId.toLowerCase()}@${punch.at}`,
        shows.dingtalk.get(`${punch.dingtalkUserId}@${punch.at}`) ?? 0,
      )
    }

  function settled(name: string, shown: number): void {
    const state = states.get(name) ?? null
    if (shown > 1) report('I3', `${name} stands ${shown} times on the other side`)
    if (shown === 0 && state === 'verified') report('I3', `${name} is said to be verified and is not there`)
    // Where the month's calls were spent before it began, what is written waits for the next month.
    if (shown === 0 && state === 'waiting' && ask.callsLeft !== undefined) return
    if (shown === 0 && state !== 'held' && state !== 'refused')
      report('I3', `${name} is lost (${state ?? 'undecided'})`)
  }
}

function counted(names: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
