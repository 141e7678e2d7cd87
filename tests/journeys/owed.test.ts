import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { rowsOf } from '#store/database.ts'
import { wholeWindow } from './founder.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

/** Punches in WeCom are written into DingTalk: every look there is a metered call. */
const back = { direction: 'wecom-to-dingtalk', punchIn: 'wecom', people: 12, pollEvery: '12h' } as const

type Someone = { dingtalk: string; wecom: string }

/** The month's calls ran out on the first day; what is punched after that waits. Of whom. */
async function outOfCalls(company: LaneInHand): Promise<Someone[]> {
  const { parts, world } = company
  const { corpId } = await company.connection('dingtalk')
  await rowsOf(
    sql`insert into quota_use (tenant_id, corp_id, month, used) values (${parts.tenant}, ${corpId}, '2026-03-01', 4985)`,
    parts.database.kysely,
  )
  await company.until('2026-03-03T05:00:00+08:00')
  const waiting = await rowsOf(
    sql<{ user: string }>`
    select punch.user_id as user from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
     where delivery.tenant_id = ${parts.tenant} and delivery.state = 'waiting' group by 1`,
    parts.database.kysely,
  )
  const users = new Set(waiting.map(({ user }) => user))
  return world.sandbox.pairs().filter(({ wecom }) => users.has(wecom))
}

/** The administrator buys calls. */
const buysCalls = ({ parts }: LaneInHand) =>
  rowsOf(sql`update quota_use set used = 0 where tenant_id = ${parts.tenant}`, parts.database.kysely)

/** Deliveries of these WeCom accounts, by state and reason. */
async function deliveriesOf({ parts }: LaneInHand, people: readonly Someone[]): Promise<string[]> {
  const rows = await rowsOf(
    sql<{ told: string }>`
    select distinct concat_ws(': ', coalesce(batch.state, delivery.state), delivery.reason) as told
      from delivery join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
      left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
     where delivery.tenant_id = ${parts.tenant} and punch.user_id in (${sql.join(people.map(({ wecom }) => wecom))})
       and coalesce(batch.state, delivery.state) <> 'verified' and delivery.at < to_timestamp(${nextDay}) order by 1`,
    parts.database.kysely,
  )
  return rows.map(({ told }) => told)
}

/** The morning after the first day. */
const nextDay = Temporal.Instant.from('2026-03-03T05:00:00+08:00').epochMilliseconds / 1000

/** What these people punched on the first day and DingTalk was given. */
const uploadsOf = ({ world }: LaneInHand, people: readonly Someone[]) =>
  world.sandbox
    .uploads()
    .filter(({ checkin_time }) => checkin_time < nextDay)
    .filter(({ userid }) => people.some(({ dingtalk }) => dingtalk === userid)).length

const metered = ({ world }: LaneInHand) =>
  world.sandbox.view().calls.dingtalk['/attendance/listRecord']?.calls ?? 0

const setupOf = ({ world }: LaneInHand) =>
  world.sandbox
    .ready()
    .setupYaml.replace('direction: dingtalk-to-wecom', 'direction: wecom-to-dingtalk\n    pollEvery: 12h')

const stories: {
  when: string
  act: (company: LaneInHand, who: Someone[]) => unknown
  leaves: string[]
}[] = [
  {
    when: 'their account at the target is gone',
    act: ({ world }, who) => {
      for (const { dingtalk } of who) world.sandbox.staff({ act: 'leave', dingtalk })
    },
    leaves: ['held: unlinked'],
  },
  {
    when: 'their user id at the target was somebody else’s when they punched',
    act: async ({ world, app }, who) => {
      for (const [i, { dingtalk }] of who.entries())
        world.sandbox.staff({ act: 'reuse', dingtalk, name: `新人${i}`, jobNumber: `N${i}`, mobile: null })
      await app.contacts({ isAccepted: false, signal: new AbortController().signal })
      for (const { dingtalk, wecom } of who) await app.link(`hq-dingtalk:${dingtalk}`, `hq-wecom:${wecom}`)
    },
    leaves: ['held: unlinked'],
  },
  {
    when: 'the route carries them no more',
    act: (company, who) =>
      company.app.apply({
        text: setupOf(company).replace(
          'direction:',
          `scope: { except: [${who.map(({ wecom }) => wecom).join(', ')}] }\n    direction:`,
        ),
        file: 'setup.yaml',
        dryRun: false,
      }),
    leaves: ['waiting'],
  },
]

test.for(stories)(
  'nothing is owed of people of whom nothing can be carried: $when',
  async ({ act, leaves }) => {
    await using company = await found(back)
    const waiting = await outOfCalls(company)
    const who = waiting.slice(0, 3)
    expect(who).toHaveLength(3)
    const before = uploadsOf(company, who)
    await act(company, who)
    // The rosters are read, and a night's closing has swept.
    await company.until('2026-03-04T12:00:00+08:00')
    await buysCalls(company)
    // On Saturday nobody works, and whatever of the others can go has gone.
    await company.until('2026-03-07T12:00:00+08:00')
    const looks = metered(company)
    const told = await company.until('2026-03-07T18:00:00+08:00')
    expect(told.filter(({ step }) => step.kind === 'deliver')).toEqual([])
    expect(metered(company) - looks).toBe(0)
    expect(uploadsOf(company, who)).toBe(before)
    expect(await deliveriesOf(company, who)).toEqual(leaves)
  },
)

test.for(['readable', 'empty'])(
  'what leavers punched before they left goes when it can, and their rows are %s by then',
  async (leaverRows) => {
    await using company = await found({ ...back, faults: { leaverRows } })
    const { sandbox } = company.world
    const who = (await outOfCalls(company)).slice(0, 3)
    const owed = await rowsOf(
      sql<{ count: number }>`select count(*)::int8 as count from delivery
        join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       where delivery.tenant_id = ${company.parts.tenant} and punch.user_id in (${sql.join(who.map(({ wecom }) => wecom))})`,
      company.parts.database.kysely,
    )
    for (const { wecom } of who) sandbox.staff({ act: 'leave', wecom })
    await company.until('2026-03-04T12:00:00+08:00')
    expect(await deliveriesOf(company, who)).toEqual(['waiting'])
    await buysCalls(company)
    await company.until('2026-03-07T12:00:00+08:00')
    expect(await deliveriesOf(company, who)).toEqual([])
    expect(uploadsOf(company, who)).toBe(owed[0]!.count)
    expect((await company.app.status()).routes[0]).toMatchObject({ held: 0, inDoubt: 0, refused: 0 })
  },
)

/** A delivery that was made waits again, as after a clean miss. */
const waitAgain = ({ parts }: LaneInHand, users: readonly string[]) =>
  rowsOf(
    sql`update delivery set state = 'waiting', batch_id = null from punch
     where delivery.tenant_id = ${parts.tenant} and punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
       and punch.user_id in (${sql.join(users)})`,
    parts.database.kysely,
  )

test('a sync by hand settles what leavers of its window are owed, though DingTalk shows nothing of them any more', async () => {
  await using company = await found({ people: 4, pollEvery: '12h', faults: { leaverRows: 'empty' } })
  await company.until('2026-03-03T04:00:00+08:00')
  const who = company.world.sandbox.pairs()[0]!
  await waitAgain(company, [who.dingtalk])
  company.world.sandbox.staff({ act: 'leave', dingtalk: who.dingtalk })
  await company.app.sync({ ...wholeWindow(0), from: '2026-03-02' })
  const rows = await rowsOf(
    sql<{ state: string }>`select delivery.state from delivery
      join punch on punch.tenant_id = delivery.tenant_id and punch.id = delivery.punch_id
     where delivery.tenant_id = ${company.parts.tenant} and punch.user_id = ${who.dingtalk}`,
    company.parts.database.kysely,
  )
  expect(rows.length).toBeGreaterThan(1)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['alreadyThere']))
})

test.for([
  { direction: 'dingtalk-to-wecom', punchIn: 'dingtalk', target: 'wecom' },
  { direction: 'wecom-to-dingtalk', punchIn: 'wecom', target: 'dingtalk' },
] as const)(
  'what was sent to an account that is gone before it shows is in doubt, and looked for no more: $direction',
  async ({ direction, punchIn, target }) => {
    await using company = await found({
      ...{ direction, punchIn, pollEvery: '1h' },
      faults: { visibilityDelay: 2_400, uploadVisibilityDelay: 2_400, leaverRows: 'empty' },
    })
    const { sandbox } = company.world
    let who: Someone[] = []
    for (let tenMinutes = 0; who.length === 0; tenMinutes++) {
      const at = Temporal.Instant.from('2026-03-02T08:00:00+08:00').add({ minutes: 10 * tenMinutes })
      await company.until(at.toString())
      const given = target === 'wecom' ? sandbox.records() : sandbox.uploads()
      who = sandbox
        .pairs()
        .filter((pair) => given.some(({ userid }) => userid === pair[target]))
        .slice(0, 1)
    }
    for (const pair of who) sandbox.staff({ act: 'leave', [target]: pair[target] })
    await company.app.contacts({ isAccepted: false, signal: new AbortController().signal })
    await company.until('2026-03-04T04:00:00+08:00')
    const { inDoubt, inDoubtBecause } = (await company.app.status()).routes[0]!
    expect(inDoubt).toBeGreaterThanOrEqual(1)
    expect(inDoubtBecause).toEqual({ 'account-gone': inDoubt })
    const told = await company.until('2026-03-04T07:00:00+08:00')
    expect(told.filter(({ step }) => step.kind === 'readBack' || step.kind === 'deliver')).toEqual([])
  },
)

test.for([
  { state: 'refused', reason: '60011 no' },
  { state: 'inDoubt', reason: 'superseded' },
  { state: 'held', reason: 'approvedSlot' },
])(
  'what is decided for good takes no look, sweep after sweep: $state, $reason',
  async ({ state, reason }) => {
    await using company = await found(back)
    await company.until('2026-03-03T04:00:00+08:00')
    const window = { from: '2026-03-02', to: '2026-03-03T04:00:00+08:00' }
    await company.app.sync({ ...wholeWindow(), ...window })
    const { wecom } = company.world.sandbox.pairs()[0]!
    const ofOne = sql`from punch where delivery.tenant_id = ${company.parts.tenant} and punch.tenant_id = delivery.tenant_id
    and punch.id = delivery.punch_id and punch.user_id = ${wecom}`
    const db = company.parts.database.kysely
    await rowsOf(
      sql`update delivery set state = ${state}, reason = ${reason}, batch_id = case when ${state === 'held'} then null else batch_id end ${ofOne}`,
      db,
    )
    const looks = metered(company)
    for (const hours of [1, 2, 3]) {
      company.world.time.advanceTo(company.world.time.now().add({ hours }))
      await company.app.sync({ ...wholeWindow(0), ...window })
    }
    expect(metered(company)).toBe(looks)
    const left = await rowsOf(
      sql<{
        state: string
        reason: string
      }>`update delivery set misses = misses ${ofOne} returning delivery.state, delivery.reason`,
      db,
    )
    expect(left.length).toBeGreaterThan(1)
    expect(left).toEqual(left.map(() => ({ state, reason })))
    if (reason !== 'approvedSlot') return
    // What stood in one account stands in for nothing in another.
    await company.app.unlink(`hq-wecom:${wecom}`)
    expect(await deliveriesOf(company, [{ wecom, dingtalk: '' }])).toEqual(['held: unlinked'])
  },
)
