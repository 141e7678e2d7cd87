import { expect, test } from 'vitest'
import type { CheckinRow } from '#platforms/wecom/wire.ts'
import { worksOn } from '../punch-plan.ts'
import { dayOf } from '../shanghai.ts'
import { aRecord, second, testClient } from '../test-client.ts'

const path = '/cgi-bin/checkin/getcheckindata'
const day = { starttime: second('2026-03-02T00:00:00+08:00'), endtime: second('2026-03-02T23:59:59+08:00') }
const at = (clock: string, date = '2026-03-02'): number => second(`${date}T${clock}+08:00`)
type Client = ReturnType<typeof testClient>

const read = async ({ wecom }: Client, useridlist: string[], window = day): Promise<CheckinRow[]> =>
  (await wecom(path, { opencheckindatatype: 3, ...window, useridlist })).checkindata
const write = ({ wecom }: Client, userid: string, ...seconds: number[]) =>
  wecom('/cgi-bin/checkin/add_checkin_record', { records: seconds.map((s) => aRecord(userid, s)) })
const real = (rows: CheckinRow[]) => rows.filter(({ exception_type }) => exception_type !== '未打卡')
const missed = (rows: CheckinRow[]) => rows.filter(({ exception_type }) => exception_type === '未打卡')
const late = { at: '2026-03-03T12:00:00+08:00' }

test('a punch is told with its slot, and judged by it', async () => {
  const client = testClient(late)
  await write(client, 'zhangsanfeng', at('08:50:11'), at('17:30:00'))
  const rows = await read(client, ['zhangsanfeng'])
  const byTime = rows.sort((a, b) => Number(a.checkin_time) - Number(b.checkin_time))
  expect(byTime).toMatchObject([
    {
      userid: 'zhangsanfeng',
      checkin_type: '上班打卡',
      checkin_time: at('08:50:11'),
      sch_checkin_time: at('09:00:00'),
      exception_type: '',
      groupname: '白班考勤组',
      location_title: '钉钉考勤',
    },
    {
      checkin_type: '下班打卡',
      checkin_time: at('17:30:00'),
      sch_checkin_time: at('18:00:00'),
      exception_type: '时间异常',
    },
  ])
})

test('ids are asked for in any case; echoes can be in lower case', async () => {
  const client = testClient(late)
  await write(client, 'LiNa02', at('08:50:00'))
  expect(real(await read(client, ['lina02']))[0]?.userid).toBe('LiNa02')
  client.sandbox.set({ lowercaseUserids: true })
  expect(real(await read(client, ['LiNa02']))[0]?.userid).toBe('lina02')
})

test('a slot that passed without a punch has a 未打卡 row at its planned time, until somebody punches', async () => {
  const client = testClient(late)
  expect(
    missed(await read(client, ['zhangsanfeng']))
      .map(({ checkin_time }) => checkin_time)
      .sort(),
  ).toEqual([at('09:00:00'), at('18:00:00')])
  await write(client, 'zhangsanfeng', at('09:05:00'))
  expect(missed(await read(client, ['zhangsanfeng'])).map(({ checkin_time }) => checkin_time)).toEqual([
    at('18:00:00'),
  ])
  client.sandbox.set({ emitMissingRows: false })
  expect(missed(await read(client, ['zhangsanfeng']))).toEqual([])
})

test('a slot that can still be filled is not missing yet', async () => {
  expect(await read(testClient({ at: '2026-03-02T12:00:00+08:00' }), ['zhangsanfeng'])).toEqual([])
})

test('all punches show, or only the winners of their slots: first in, last out', async () => {
  const client = testClient(late)
  await write(client, 'zhangsanfeng', at('08:40:00'), at('08:50:00'), at('17:59:00'), at('18:05:00'))
  expect(await read(client, ['zhangsanfeng'])).toHaveLength(4)
  client.sandbox.set({ shows: 'winners' })
  const winners = (await read(client, ['zhangsanfeng'])).map(({ checkin_time }) => checkin_time).sort()
  expect(winners).toEqual([at('08:40:00'), at('18:05:00')])
})

test('a winner outside the window still hides the losers inside it', async () => {
  const client = testClient(late)
  await write(client, 'zhangsanfeng', at('08:40:00'), at('08:50:00'))
  client.sandbox.set({ shows: 'winners' })
  expect(
    real(await read(client, ['zhangsanfeng'], { starttime: at('08:45:00'), endtime: at('12:00:00') })),
  ).toEqual([])
})

test('a night shift’s morning punch belongs to the day before, and can be lost at the month’s end', async () => {
  const client = testClient(late)
  const { company, firstDay } = client.sandbox.world
  const lastOfMonth = dayOf(Date.parse('2026-02-28T12:00:00+08:00'))
  const worked = company.people.find(
    (p) => p.shift === 'night' && p.wecom && p.dingtalk && worksOn(company, p, lastOfMonth, firstDay),
  )
  const userid = worked?.wecom?.userId ?? ''
  const window = { starttime: at('12:00:00', '2026-02-28'), endtime: at('12:00:00', '2026-03-01') }
  await write(client, userid, at('05:30:00', '2026-03-01'))
  const told = real(await read(client, [userid], window))
  expect(told).toMatchObject([{ checkin_type: '下班打卡', sch_checkin_time: at('06:00:00', '2026-03-01') }])
  client.sandbox.set({ monthEndOvernightBug: 'cutAtMidnight' })
  expect(real(await read(client, [userid], window))).toEqual(told)
  const first = { starttime: at('00:00:00', '2026-03-01'), endtime: at('23:59:59', '2026-03-01') }
  expect(real(await read(client, [userid], first))).toEqual([])
  client.sandbox.set({ monthEndOvernightBug: true })
  expect(real(await read(client, [userid], window))).toEqual([])
})

test('an approved slot is told in one of two ways', async () => {
  const client = testClient(late)
  client.sandbox.punch({
    platform: 'wecom',
    userId: 'zhangsanfeng',
    at: '2026-03-02T18:20:00+08:00',
    approved: true,
  })
  const approved = async () =>
    (await read(client, ['zhangsanfeng'])).find(({ checkin_time }) => checkin_time === at('18:00:00'))
  expect(await approved()).toMatchObject({
    sp_number: expect.stringMatching(/^\d+$/),
    checkin_type: '下班打卡',
    exception_type: '',
  })
  client.sandbox.set({ approvedShape: 'checkinType' })
  expect(await approved()).toMatchObject({ checkin_type: '审批打卡' })
  expect(await approved()).not.toHaveProperty('sp_number')
})

test('people who are not on DingTalk punch here by phone, and a few do both in the same second', async () => {
  const { sandbox } = testClient(late)
  const own = sandbox.view().wecom.ownPunches
  const punches = new Set(
    sandbox.view().dingtalk.punches.map(({ wecomUserid, at: s }) => `${wecomUserid}@${s}`),
  )
  const both = own.filter(({ userid, checkin_time }) => punches.has(`${userid}@${checkin_time}`))
  expect(both.length).toBeGreaterThan(3)
  expect(own.length - both.length).toBeGreaterThan(20)
})

const hundredAndOne = Array.from({ length: 101 }, (_, i) => `u${i}`)
test.for([
  { what: 'nobody', ask: { useridlist: [] }, code: 301023 },
  { what: 'a hundred and one', ask: { useridlist: hundredAndOne }, code: 301023 },
  { what: 'more than thirty days', ask: { endtime: day.starttime + 30 * 86_400 + 1 }, code: 301024 },
  { what: 'an end before the start', ask: { endtime: day.starttime - 1 }, code: 301024 },
  { what: 'an end at the start', ask: { endtime: day.starttime }, code: 301024 },
  { what: 'time zero', ask: { starttime: 0, endtime: 10 }, code: 301024 },
  {
    what: 'one unknown person among the known',
    ask: { useridlist: ['zhangsanfeng', 'nobody'] },
    code: 301021,
  },
  { what: 'type 4', ask: { opencheckindatatype: 4 }, code: 40058 },
  {
    what: 'milliseconds',
    ask: { starttime: day.starttime * 1000, endtime: day.endtime * 1000 },
    code: 40058,
  },
  { what: 'a field nobody knows', ask: { cursor: '' }, code: 40058 },
])('$what is refused with $code and no data', async ({ ask, code }) => {
  const answer = await testClient().wecom(path, {
    opencheckindatatype: 3,
    ...day,
    useridlist: ['zhangsanfeng'],
    ...ask,
  })
  expect(answer).toMatchObject({ errcode: code, checkindata: [] })
})

test('exactly thirty days and a hundred people are fine', async () => {
  const client = testClient()
  const useridlist = client.sandbox.world.company.people
    .flatMap(({ wecom }) => (wecom ? [wecom.userId] : []))
    .slice(0, 100)
  const answer = await client.wecom(path, {
    opencheckindatatype: 3,
    starttime: day.endtime - 30 * 86_400,
    endtime: day.endtime,
    useridlist,
  })
  expect(answer.errcode).toBe(0)
})

test('an unknown person can be ignored, and one out of range can fail the call, by switch', async () => {
  const client = testClient({
    ...late,
    faults: { unknownUserid: 'drop', memberOutOfRange: { wecom: ['wangwei'] } },
  })
  const ask = { opencheckindatatype: 3, ...day, useridlist: ['zhangsanfeng', 'nobody', 'wangwei'] }
  const rows = (await client.wecom(path, ask)).checkindata
  expect(new Set(rows.map(({ userid }: CheckinRow) => userid))).toEqual(new Set(['zhangsanfeng']))
  client.sandbox.set({ outOfScope: 'error301021' })
  expect(await client.wecom(path, ask)).toMatchObject({ errcode: 301021, checkindata: [] })
})

test('an instant window can be accepted by switch; outside punches alone are none', async () => {
  const client = testClient({ faults: { equalTimes: 'accept' } })
  const ask = {
    opencheckindatatype: 3,
    starttime: day.starttime,
    endtime: day.starttime,
    useridlist: ['wangwei'],
  }
  expect(await client.wecom(path, ask)).toMatchObject({ errcode: 0, checkindata: [] })
  expect(await client.wecom(path, { ...ask, opencheckindatatype: 2 })).toMatchObject({ checkindata: [] })
})

test('rows nobody asked for, values never seen', async () => {
  const client = testClient(late)
  await write(
    client,
    'zhangsanfeng',
    at('08:50:00'),
    at('08:50:01'),
    at('08:50:02'),
    at('08:50:03'),
    at('08:50:04'),
  )
  client.sandbox.set({ rowsOutsideWindow: true, unknownEnums: true })
  const rows = await read(client, ['zhangsanfeng'])
  expect(rows.some(({ userid }) => userid !== 'zhangsanfeng')).toBe(true)
  expect(rows.some(({ checkin_type }) => checkin_type === '仅记录打卡时间和位置')).toBe(true)
})

test('compact keeps every second of seven hundred people’s week and tells them all', async () => {
  const client = testClient({ ...late, compact: true, people: 20, limits: 'off' })
  await write(client, 'zhangsanfeng', at('18:05:00'), at('08:50:00'), at('08:50:00'))
  expect(
    real(await read(client, ['zhangsanfeng']))
      .map(({ checkin_time }) => checkin_time)
      .sort(),
  ).toEqual([at('08:50:00'), at('18:05:00')])
  expect(
    client.sandbox
      .records()
      .map(({ checkin_time }) => checkin_time)
      .sort(),
  ).toEqual([at('08:50:00'), at('18:05:00')])
})
