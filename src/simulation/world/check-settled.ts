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
  reason: string | null
}

/** Nobody reads longer than this before what was read has landed: a slow database included. */
const readForSeconds = 1_800
/** A platform that keeps one punch of a slot keeps it this far from the slot's time at most. */
const slotSeconds = 4 * 3_600

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
            delivery.reason,
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
  const superseded = new Set(
    claims.rows
      .filter(({ state, reason }) => state === 'inDoubt' && reason === 'superseded')
      .map(({ platform, user, at }) => `${platform} ${user}@${at}`),
  )
  for (const [name, state] of states)
    if (['inDoubt', 'sent', 'sending', 'planned'].includes(state) && !superseded.has(name))
      report('I4', `${name} is still ${state}`)

  const now = time.now()
  // What was punched in the last hours may not have been swept yet.
  const window = {
    from: now.subtract({ hours: 24 * 40 }).toString(),
    to: now.subtract({ hours: calmHoursOf(ask) - 4 }).toString(),
  }
  const dingtalk = sandbox.expectedPunches({ from: window.from, to: now.toString() })
  const wecom = sandbox.expectedCheckins({ from: window.from, to: now.toString() })
  const until = Temporal.Instant.from(window.to).epochMilliseconds / 1000
  const shows = {
    dingtalk: bySecond(dingtalk.map(({ userId, at, origin }) => ({ user: userId, at, origin }))),
    wecom: bySecond(wecom.map(({ userId, at, origin }) => ({ user: userId.toLowerCase(), at, origin }))),
  }
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
      const there = shows.wecom.get(punch.wecomUserid.toLowerCase())
      settled(`dingtalk ${punch.userId}@${punch.at}`, punch.at, there ?? nobody)
    }
  if (goes('wecom-to-dingtalk'))
    for (const punch of wecom) {
      if (punch.origin !== 'own' || !punch.shown || !punch.dingtalkUserId || punch.at > until) continue
      const there = shows.dingtalk.get(punch.dingtalkUserId)
      settled(`wecom ${punch.userId.toLowerCase()}@${punch.at}`, punch.at, there ?? nobody)
    }

  function settled(name: string, at: number, there: Seconds): void {
    const state = states.get(name) ?? null
    const { shown, ours } = there.get(at) ?? nothing
    // A punch of their own may stand in the same second, and come up after ours was written.
    if (ours > 1) report('I3', `${name} stands ${ours} times on the other side because of us`)
    if (shown === 0 && state === 'verified') report('I3', `${name} is said to be verified and is not there`)
    // Where the month's calls were spent before it began, what is written waits for the next month.
    if (shown === 0 && state === 'waiting' && ask.callsLeft !== undefined) return
    // Another punch of the slot shows: nobody can tell whether ours is there and not shown, or not there.
    if (shown === 0 && superseded.has(name)) {
      const isAmbiguous = there.keys().some((second) => Math.abs(second - at) <= slotSeconds)
      if (!isAmbiguous) report('I4', `${name} is in doubt, and nothing else shows in its slot`)
      return
    }
    if (shown === 0 && state !== 'held' && state !== 'refused')
      report('I3', `${name} is lost (${state ?? 'undecided'})`)
  }
}

/** Records of one person in one second, and those of them that we caused. */
type Count = { shown: number; ours: number }
type Seconds = ReadonlyMap<number, Count>
const nothing: Count = { shown: 0, ours: 0 }
const nobody: Seconds = new Map()

/** The records of each person, by their seconds. */
function bySecond(
  records: readonly { user: string; at: number; origin: string }[],
): Map<string, Map<number, Count>> {
  const people = new Map<string, Map<number, Count>>()
  for (const { user, at, origin } of records) {
    const seconds = people.get(user) ?? new Map<number, Count>()
    const { shown, ours } = seconds.get(at) ?? nothing
    people.set(user, seconds.set(at, { shown: shown + 1, ours: ours + Number(origin === 'api') }))
  }
  return people
}
