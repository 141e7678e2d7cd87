import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Transport } from '#platforms/ports.ts'
import { rowsOf } from '#store/database.ts'
import { keepEvents } from '#store/inbox.ts'
import { reviseByVerdict } from '#store/verdicts.ts'
import { createApp } from '../../src/app.ts'
import { wholeWindow } from './founder.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

type LedgerPunch = {
  externalId: string
  userId: string
  result: string | null
  revision: number
  isGone: boolean
  second: number
  state: string | null
}

/** The ledger's punches of a connection, oldest first; `at` picks one second. */
async function ledger(
  company: LaneInHand,
  platform: 'dingtalk' | 'wecom',
  at?: string,
): Promise<LedgerPunch[]> {
  const { id } = await company.connection(platform)
  return rowsOf(
    sql<LedgerPunch>`
    select external_id as "externalId", user_id as "userId", result, revision, gone_at is not null as "isGone",
           extract(epoch from at)::int8 as second,
           (select coalesce(batch.state, delivery.state) from delivery left join batch using (tenant_id)
             where delivery.tenant_id = punch.tenant_id and delivery.punch_id = punch.id
               and (delivery.batch_id is null or batch.id = delivery.batch_id) limit 1) as state
      from punch where tenant_id = ${company.parts.tenant} and connection_id = ${id}
       and (${at === undefined} or at = ${at ?? '2026-01-01T00:00:00Z'}::timestamptz)
     order by at, id`,
    company.parts.database.kysely,
  )
}

/** The records that WeCom was given in this second. */
const inWecom = ({ world }: LaneInHand, { second: at }: LedgerPunch) =>
  world.sandbox.records().filter(({ origin, checkin_time }) => origin === 'api' && checkin_time === at).length

/** An administrator sets a result right; the punch itself stays as it was. */
async function amendResult(company: LaneInHand): Promise<LedgerPunch> {
  const punch = (await ledger(company, 'dingtalk'))[0]!
  const amend = { id: Number(punch.externalId), timeResult: 'Late' }
  company.world.sandbox.punch({ platform: 'dingtalk', userId: punch.userId, amend })
  return punch
}

test('an event names a day: its new result is kept as a revision, nothing is written again, and sweeps leave it', async () => {
  await using company = await found({ faults: { amendmentsIn: 'results' }, pollEvery: '1h' })
  await company.until('2026-03-02T20:00:00+08:00')
  const before = await amendResult(company)
  expect(inWecom(company, before)).toBe(1)
  const { id } = await company.connection('dingtalk')
  const { database, tenant, clock } = company.parts
  const day = '2026-03-02'
  const hints = [{ kind: 'punch' as const, userIds: [before.userId, 'nobody'], at: null, day }]
  const event = {
    via: 'http' as const,
    eventId: 'e',
    type: 'attend_bossCheck_change',
    body: '{}',
    at: clock.now(),
  }
  await keepEvents(database, tenant, [{ connection: id, event, hints }])
  const told = await company.until('2026-03-02T21:00:00+08:00')
  expect(told.map(({ step }) => step)).toContainEqual(
    expect.objectContaining({ kind: 'hinted', days: 1, calls: 2 }),
  )
  const after = (await ledger(company, 'dingtalk'))[0]!
  expect(after).toMatchObject({ revision: before.revision + 1, state: before.state, isGone: false })
  expect(after.result).toContain('迟到')
  expect(after.result).not.toBe(before.result)

  await company.until('2026-03-03T08:00:00+08:00')
  expect((await ledger(company, 'dingtalk'))[0]).toEqual(after)
  expect(inWecom(company, before)).toBe(1)
})

test.for([
  { closingVerdicts: true, gives: 1 },
  { closingVerdicts: false, gives: 0 },
])(
  'without an event a closing sweep finds it only where that is asked for: $closingVerdicts',
  async ({ closingVerdicts, gives }) => {
    await using company = await found({
      faults: { amendmentsIn: 'results' },
      pollEvery: '6h',
      options: { closingVerdicts },
    })
    await company.until('2026-03-02T20:00:00+08:00')
    const before = await amendResult(company)
    expect(inWecom(company, before)).toBe(1)
    await company.until('2026-03-03T08:00:00+08:00')
    const after = (await ledger(company, 'dingtalk'))[0]!
    expect(after.revision).toBe(before.revision + gives)
    expect(inWecom(company, before)).toBe(1)
  },
)

test('a verdict on a punch that nobody has read is left to the sweep', async () => {
  await using company = await found()
  const { database, tenant, clock } = company.parts
  const { id: connection } = await company.connection('dingtalk')
  const said = { result: '迟到', workDate: '2026-03-02', origin: 'person' as const, hash: 'v' }
  const row = { externalId: '404', accountKey: 'u00001', ...said }
  expect(await reviseByVerdict(database.kysely, { tenant, connection }, [row], clock.now())).toEqual([])
  expect(await ledger(company, 'dingtalk')).toEqual([])
})

const back = { direction: 'wecom-to-dingtalk', punchIn: 'wecom', pollEvery: '12h' } as const
const second = (at: string) => Temporal.Instant.from(at).epochMilliseconds / 1000

/** The ordinary read never shows this second; the machines' list still does. */
const hiding =
  (transport: Transport, hidden: string): Transport =>
  async (request) => {
    const answer = await transport(request)
    if (!request.url.includes('/checkin/getcheckindata')) return answer
    const body = JSON.parse(answer.text) as { checkindata?: { checkin_time: number }[] }
    const checkindata = body.checkindata?.filter((row) => row.checkin_time !== second(hidden))
    return { ...answer, text: JSON.stringify({ ...body, checkindata }) }
  }

test('a machine uploads a punch two weeks late: a closing sweep finds it, once, and the ordinary read makes it no second one', async () => {
  await using company = await found(back)
  const made = '2026-03-03T12:34:56+08:00'
  const [who] = company.world.sandbox.pairs()
  await company.until('2026-03-04T08:00:00+08:00')
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-15T20:00:00+08:00'))
  await company.until('2026-03-16T12:00:00+08:00')
  company.world.sandbox.punch({
    ...{ platform: 'wecom', userId: who!.wecom, at: made, device: '前台考勤机' },
    appearsAt: '2026-03-16T14:00:00+08:00',
  })
  await company.until('2026-03-16T20:00:00+08:00')
  expect(await ledger(company, 'wecom', made)).toEqual([])

  await company.until('2026-03-17T12:00:00+08:00')
  const [landed, ...others] = await ledger(company, 'wecom', made)
  expect(others).toEqual([])
  expect(landed).toMatchObject({ revision: 1, isGone: false, state: 'verified' })
  const uploads = () =>
    company.world.sandbox.uploads().filter(({ checkin_time }) => checkin_time === second(made))
  expect(uploads()).toHaveLength(1)

  // A sweep that does not show it takes nothing back; one that does tells more of the same punch.
  const window = { ...wholeWindow(0), from: '2026-03-03', to: '2026-03-04' }
  const blind = createApp({ ...company.parts, transport: hiding(company.parts.transport, made) })
  await blind.sync(window)
  expect(await ledger(company, 'wecom', made)).toEqual([landed])
  await company.app.sync(window)
  expect(await ledger(company, 'wecom', made)).toMatchObject([
    { revision: 2, isGone: false, state: 'verified' },
  ])
  expect(uploads()).toHaveLength(1)
})

test('punches that phones send late are found by the sweeps that follow', async () => {
  await using company = await found({ ...back, pollEvery: '2h' })
  company.world.sandbox.set({ lateCheckins: { probability: 1, delaySeconds: 30 * 3_600 } })
  await company.until('2026-03-05T12:00:00+08:00')
  const punched = company.world.sandbox.expectedCheckins({
    from: '2026-03-02T00:00:00+08:00',
    to: '2026-03-03T23:59:59+08:00',
  })
  const arrived = new Set(company.world.sandbox.uploads().map(({ checkin_time }) => checkin_time))
  expect(punched.length).toBeGreaterThan(10)
  expect(punched.filter(({ at }) => !arrived.has(at))).toEqual([])
})

/** Nothing is written in this story: the calls of both months are gone. */
const spendCalls = async ({ parts, connection }: LaneInHand) =>
  rowsOf(
    sql`insert into quota_use (tenant_id, corp_id, month, used)
      select ${parts.tenant}, ${(await connection('dingtalk')).corpId}, month, 5000
        from unnest(array['2026-03-01', '2026-04-01']::date[]) month`,
    parts.database.kysely,
  )

test('what WeCom never shows of the night in which a month ends, its machines still tell', async () => {
  await using company = await found({
    ...back,
    style: 'sample',
    people: 24,
    faults: { monthEndOvernightBug: true },
  })
  await spendCalls(company)
  const shown = new Set<number>()
  const { transport } = company.parts
  company.parts.transport = async (request) => {
    const answer = await transport(request)
    if (request.url.includes('/checkin/getcheckindata'))
      for (const [, at] of answer.text.matchAll(/"checkin_time":(\d+)/g)) shown.add(Number(at))
    return answer
  }
  company.world.time.advanceTo(Temporal.Instant.from('2026-03-31T23:00:00+08:00'))
  // Everybody leaves by the machine at the gate, one after the other.
  const first = second('2026-04-01T05:30:00+08:00')
  const made = company.world.sandbox.pairs().map(({ wecom }, i) => ({ wecom, at: first + i }))
  for (const { wecom, at } of made)
    company.world.sandbox.punch({
      ...{ platform: 'wecom', userId: wecom, device: '门禁' },
      at: Temporal.Instant.fromEpochMilliseconds(at * 1000).toString(),
    })
  await company.until('2026-04-02T08:00:00+08:00')
  const hidden = made.filter(({ at }) => !shown.has(at))
  expect(hidden.length).toBeGreaterThan(0)
  expect(hidden.length).toBeLessThan(made.length)
  const arrived = new Set((await ledger(company, 'wecom')).map((punch) => punch.second))
  expect(made.filter(({ at }) => !arrived.has(at))).toEqual([])
})
