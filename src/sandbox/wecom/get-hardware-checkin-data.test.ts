import { expect, test } from 'vitest'
import type { HardwareRow } from '#platforms/wecom/wire.ts'
import { aRecord, second, testClient } from '../test-client.ts'

const path = '/cgi-bin/hardware/get_hardware_checkin_data'
const at = (clock: string) => second(`2026-03-02T${clock}+08:00`)
const day = { starttime: at('00:00:00'), endtime: at('23:59:59') }
const ask = { filter_type: 1, ...day, useridlist: ['zhangsanfeng'] }
type Client = ReturnType<typeof testClient>
const read = async (client: Client, change: object = {}): Promise<HardwareRow[]> =>
  (await client.wecom(path, { ...ask, ...change })).checkindata
const byMachine = (client: Client, clock: string, appearsAt?: string) =>
  client.sandbox.punch({
    platform: 'wecom',
    userId: 'zhangsanfeng',
    at: `2026-03-02T${clock}+08:00`,
    device: '车间考勤机',
    ...(appearsAt && { appearsAt: `2026-03-02T${appearsAt}+08:00` }),
  })

test('machines’ punches are told with their machine, phones’ and written ones are not', async () => {
  const client = testClient()
  byMachine(client, '08:50:00')
  client.sandbox.punch({ platform: 'wecom', userId: 'zhangsanfeng', at: '2026-03-02T08:51:00+08:00' })
  await client.wecom('/cgi-bin/checkin/add_checkin_record', {
    records: [aRecord('zhangsanfeng', at('08:52:00'))],
  })
  expect(await read(client, { filter_type: undefined })).toHaveLength(1)
  expect(await read(client, { useridlist: ['ZHANGSANFENG', 'nobody'] })).toEqual([
    {
      userid: 'zhangsanfeng',
      checkin_time: at('08:50:00'),
      device_sn: expect.any(String),
      device_name: '车间考勤机',
    },
  ])
})

test('a late one is found by its upload, however old the punch, and not before', async () => {
  const client = testClient({ at: '2026-03-02T12:00:00+08:00' })
  byMachine(client, '08:50:00', '15:00:00')
  expect(await read(client)).toEqual([])
  client.sandbox.advance(4 * 3600)
  const afternoon = { filter_type: 2, starttime: at('14:00:00'), endtime: at('16:00:00') }
  expect(await read(client, afternoon)).toMatchObject([{ checkin_time: at('08:50:00') }])
  expect(await read(client, { ...afternoon, filter_type: 1 })).toEqual([])
  expect(await read(client, { filter_type: 2, endtime: at('12:00:00') })).toEqual([])
})

test('a company that punches in WeCom has its machine people here, late ones by their arrival', async () => {
  const client = testClient({ punchIn: 'wecom', at: '2026-03-02T08:00:00+08:00' })
  client.sandbox.set({ lateCheckins: { probability: 1, delaySeconds: 7_200 } })
  client.sandbox.advance(4 * 3600)
  const useridlist = client.sandbox.world.company.people
    .flatMap(({ habit, wecom }) => (habit === 'machine' && wecom ? [wecom.userId] : []))
    .slice(0, 100)
  const came = { filter_type: 2, starttime: at('10:00:00'), endtime: at('12:00:00'), useridlist }
  const rows = await read(client, came)
  expect(rows.length).toBeGreaterThan(5)
  for (const { checkin_time } of rows) {
    expect(Number(checkin_time)).toBeGreaterThanOrEqual(at('08:00:00'))
    expect(Number(checkin_time)).toBeLessThanOrEqual(at('10:00:00'))
  }
})

test.for([
  { what: 'a filter nobody knows', change: { filter_type: 3 }, code: 40058 },
  { what: 'nobody', change: { useridlist: [] }, code: 301023 },
  { what: 'a hundred and one people', change: { useridlist: Array(101).fill('a') }, code: 301023 },
  { what: 'an end before the start', change: { endtime: at('00:00:00') - 1 }, code: 301024 },
  { what: 'more than a month', change: { starttime: at('00:00:00') - 31 * 86_400 }, code: 301024 },
])('$what is refused with $code and no data', async ({ change, code }) => {
  expect(await testClient().wecom(path, { ...ask, ...change })).toMatchObject({
    errcode: code,
    checkindata: [],
  })
})
