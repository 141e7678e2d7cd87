import { expect, test } from 'vitest'
import { aRecord, second, testClient } from '../test-client.ts'

const path = '/cgi-bin/checkin/add_checkin_record'
const nine = second('2026-03-02T09:00:00+08:00')
const zhang = aRecord('zhangsanfeng', nine)
type Client = ReturnType<typeof testClient>
const write = async ({ wecom }: Client, ...records: unknown[]) => wecom(path, { records })
const stored = ({ sandbox }: Client) => sandbox.records().map((r) => `${r.userid}@${r.checkin_time - nine}`)
const seen = async ({ wecom }: Client, userid = 'zhangsanfeng'): Promise<number[]> => {
  const ask = { opencheckindatatype: 3, starttime: nine - 3600, endtime: nine + 3600, useridlist: [userid] }
  const { checkindata } = await wecom('/cgi-bin/checkin/getcheckindata', ask)
  return checkindata.map((row: { checkin_time: number }) => row.checkin_time - nine)
}

test('a record is stored with all it says, under the member’s own spelling, and shows', async () => {
  const client = testClient()
  const whole = {
    ...zhang,
    userid: 'ZhangSanFeng',
    notes: '正常',
    lat: 30285413,
    lng: 120017139,
    mediaids: ['m1'],
    wifiname: 'HQ',
    wifimac: '02:00:5e:10:00:01',
  }
  expect(await write(client, whole)).toEqual({ errcode: 0, errmsg: 'ok' })
  expect(client.sandbox.records()).toMatchObject([
    { ...whole, userid: 'zhangsanfeng', origin: 'api', batch: expect.any(Number) },
  ])
  expect(await seen(client)).toEqual([0])
})

test('two hundred at once', async () => {
  const client = testClient()
  const records = Array.from({ length: 200 }, (_, i) => aRecord('zhangsanfeng', nine - i * 60))
  expect((await write(client, ...records)).errcode).toBe(0)
  expect(client.sandbox.records()).toHaveLength(200)
})

const over = 'x'.repeat(1025)
test.for([
  { what: 'no records', records: [], code: 301023 },
  { what: 'two hundred and one', records: Array(201).fill(zhang), code: 301023 },
  { what: 'an unknown person', records: [{ ...zhang, userid: 'nobody' }], code: 301021 },
  {
    what: 'two minutes into the future',
    records: [{ ...zhang, checkin_time: nine + 3 * 3600 + 120 }],
    code: 301083,
  },
  { what: 'no place', records: [{ ...zhang, location_title: '' }], code: 40058 },
  { what: 'a missing place', records: [{ ...zhang, location_detail: undefined }], code: 40058 },
  { what: 'a long place', records: [{ ...zhang, location_detail: over }], code: 40058 },
  {
    what: 'a place of 342 Chinese characters, 1026 bytes',
    records: [{ ...zhang, location_title: '勤'.repeat(342) }],
    code: 40058,
  },
  { what: 'long notes', records: [{ ...zhang, notes: over }], code: 40058 },
  { what: 'a device of 41 characters', records: [{ ...zhang, device_detail: '机'.repeat(41) }], code: 40058 },
  { what: 'device type 4', records: [{ ...zhang, device_type: 4 }], code: 40058 },
  { what: 'two photos', records: [{ ...zhang, mediaids: ['a', 'b'] }], code: 40058 },
  { what: 'a latitude past the pole', records: [{ ...zhang, lat: 90_000_001, lng: 0 }], code: 40058 },
  { what: 'degrees with a fraction', records: [{ ...zhang, lat: 30.28, lng: 120.01 }], code: 40058 },
  { what: 'a network without its address', records: [{ ...zhang, wifiname: 'HQ' }], code: 40058 },
  { what: 'a time in milliseconds', records: [{ ...zhang, checkin_time: nine * 1000 }], code: 40058 },
  { what: 'a time as text', records: [{ ...zhang, checkin_time: String(nine) }], code: 40058 },
  { what: 'a field nobody knows', records: [{ ...zhang, checkin_type: '上班打卡' }], code: 40058 },
])('$what is refused with $code and nothing is stored', async ({ records, code }) => {
  const client = testClient()
  expect((await write(client, ...records)).errcode).toBe(code)
  expect(stored(client)).toEqual([])
})

test('exactly at the limits it is accepted', async () => {
  const client = testClient()
  const full = {
    ...zhang,
    location_title: 'x'.repeat(1024),
    notes: '勤'.repeat(341),
    device_detail: '机'.repeat(40),
    lat: -90_000_000,
    lng: 180_000_000,
  }
  expect((await write(client, full, { ...zhang, checkin_time: nine + 3 * 3600 + 60 })).errcode).toBe(0)
})

const good = (at: number) => aRecord('zhangsanfeng', nine + at)
const bad = aRecord('nobody', nine)
test.for([
  { partial: 'none', kept: [], code: 301021 },
  { partial: 'skipBad', kept: [1, 2, 3], code: 301021 },
  { partial: 'skipSilently', kept: [1, 2, 3], code: 0 },
  { partial: 'prefix', kept: [1, 2], code: 301021 },
])('a bad record in a batch, partial: $partial', async ({ partial, kept, code }) => {
  const client = testClient({ faults: { partial } })
  expect((await write(client, good(1), good(2), bad, good(3))).errcode).toBe(code)
  expect(stored(client)).toEqual(kept.map((at) => `zhangsanfeng@${at}`))
})

test('a broken field spoils the whole batch whatever the policy', async () => {
  const client = testClient({ faults: { partial: 'skipBad' } })
  expect((await write(client, good(1), { ...good(2), device_type: 9 })).errcode).toBe(40058)
  expect(stored(client)).toEqual([])
})

test.for([
  { duplicates: 'ignore', kept: 1, code: 0 },
  { duplicates: 'store', kept: 3, code: 0 },
  { duplicates: 'error', kept: 1, code: 40058 },
])('the same second again, duplicates: $duplicates', async ({ duplicates, kept, code }) => {
  const client = testClient({ faults: { duplicates } })
  expect((await write(client, zhang)).errcode).toBe(0)
  expect((await write(client, { ...zhang, userid: 'ZHANGSANFENG' })).errcode).toBe(code)
  await write(client, { ...zhang, notes: 'again' })
  expect(stored(client)).toHaveLength(kept)
})

test('a duplicate is known although it cannot be read yet', async () => {
  const client = testClient({ faults: { visibilityDelay: 60 } })
  await write(client, zhang)
  await write(client, zhang)
  expect(stored(client)).toHaveLength(1)
})

test('a punch made in WeCom by phone in the same second counts as there already', async () => {
  const client = testClient()
  const [own] = client.sandbox.view().wecom.ownPunches
  expect((await write(client, aRecord(own!.userid, own!.checkin_time))).errcode).toBe(0)
  expect(stored(client)).toEqual([])
})

test('a record shows after its delay, fixed or between two', async () => {
  const client = testClient({ faults: { visibilityDelay: 90 } })
  await write(client, zhang)
  expect(await seen(client)).toEqual([])
  client.sandbox.advance(89)
  expect(await seen(client)).toEqual([])
  client.sandbox.advance(1)
  expect(await seen(client)).toEqual([0])
  client.sandbox.set({ visibilityDelay: { min: 5, max: 90 } })
  await write(client, ...Array.from({ length: 50 }, (_, i) => good(-i - 1)))
  const waits = client.sandbox
    .records()
    .slice(1)
    .map(({ visibleAt, storedAt }) => (visibleAt - storedAt) / 1000)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(5)
  expect(Math.max(...waits)).toBeLessThanOrEqual(90)
  expect(new Set(waits).size).toBeGreaterThan(20)
})

test('an effect that is lost: yes, and nothing', async () => {
  const client = testClient({ faults: { effectLost: { next: 1 } } })
  expect(await write(client, zhang)).toEqual({ errcode: 0, errmsg: 'ok' })
  expect(stored(client)).toEqual([])
  await write(client, zhang)
  expect(stored(client)).toHaveLength(1)
})

test('too old, where the platform has such a limit', async () => {
  const client = testClient({ faults: { oldestWriteDays: 30 } })
  expect((await write(client, good(-31 * 86_400))).errcode).toBe(301083)
  expect((await write(client, good(-29 * 86_400))).errcode).toBe(0)
})

test('whoever is outside the visible range cannot be written for', async () => {
  const client = testClient({ faults: { memberOutOfRange: { wecom: ['zhangsanfeng'] } } })
  expect((await write(client, zhang)).errcode).toBe(301021)
})

test('a record that lands in an approved slot erases the approval, and the world remembers who did it', async () => {
  const client = testClient()
  client.sandbox.punch({
    platform: 'wecom',
    userId: 'zhangsanfeng',
    at: '2026-03-02T08:30:00+08:00',
    approved: true,
  })
  const approval = () => client.sandbox.records().find(({ origin }) => origin === 'approval')
  expect(approval()?.erasedBy).toBeNull()
  await write(client, good(-600))
  expect(approval()?.erasedBy).toBe(client.sandbox.records().at(-1)?.batch)
  expect(await seen(client)).toEqual([-600])
})

test('the sixty-first write within a minute is refused, and so is everything for the next one', async () => {
  const client = testClient()
  const codes = []
  for (let i = 0; i < 61; i++) codes.push((await write(client, good(-i))).errcode)
  expect(codes).toEqual([...Array(60).fill(0), 45009])
  client.sandbox.advance(59)
  expect((await write(client, good(1))).errcode).toBe(45009)
  client.sandbox.advance(1)
  expect((await write(client, good(1))).errcode).toBe(0)
  expect(client.sandbox.violations()).toEqual([{ platform: 'wecom', path, code: '45009', times: 2 }])
})
