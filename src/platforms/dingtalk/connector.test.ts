import { expect, test } from 'vitest'
import { FailureError } from '#domain/failures.ts'
import { byMobile, connect, gatewaySays, listRecord, ok } from '#platforms/dingtalk/test-company.ts'
import { theSecret, theToken } from '#platforms/test-kit.ts'

const at = (text: string) => Temporal.Instant.from(text)

test('the documented batches are told', () => {
  expect(connect().dingtalk).toMatchObject({
    name: 'dingtalk',
    batch: { readPeople: 50, readDays: 7, writeRecords: 1 },
    callNames: { read: 'listRecord', write: 'upload' },
    callsPerSecond: { listRecord: 20, upload: 20 },
  })
})

const day = { from: at('2026-08-02T16:00:00Z'), to: at('2026-08-03T15:59:59Z') }
const row = (id: number, userId: string, time: string) => ({
  id,
  userId,
  workDate: at('2026-08-03T00:00+08:00').epochMilliseconds,
  userCheckTime: at(time).epochMilliseconds,
  sourceType: 'USER',
})

test('punches are asked for in wall-clock text of Shanghai, and come with their text', async () => {
  const body = {
    errcode: 0,
    recordresult: [
      row(2, 'u001', '2026-08-03T23:59:59.400+08:00'),
      row(3, 'stranger', '2026-08-03T09:00+08:00'),
      row(1, 'u001', '2026-08-03T00:00+08:00'),
      row(4, 'u001', '2026-08-04T00:00:01+08:00'),
      { id: 5 },
    ],
  }
  const { dingtalk, askedOf } = connect({ [listRecord]: body })
  const read = await dingtalk.readPunches({ userIds: ['u001'], ...day })
  expect(askedOf(listRecord)).toEqual([
    {
      userIds: ['u001'],
      checkDateFrom: '2026-08-03 00:00:00',
      // a second more, or the punch at 59.4 s would be filtered away
      checkDateTo: '2026-08-04 00:00:00',
      isI18n: false,
    },
  ])
  expect(read.punches.map(({ externalId }) => externalId)).toEqual(['1', '2'])
  expect(read).toMatchObject({ outside: 2, unreadable: [{ row: { id: 5 }, because: 'no-user' }] })
  expect(read.raw).toBe(JSON.stringify(body))
})

const week = { userIds: ['u001'], from: at('2026-07-19T16:00:00Z'), to: at('2026-07-26T15:59:59Z') }
const spans = (asked: unknown[]) =>
  (asked as Record<string, string>[]).map(({ checkDateFrom, checkDateTo }) => [checkDateFrom, checkDateTo])

test('a window of seven whole days is asked for a second beyond, which is the documented span', async () => {
  const { dingtalk, askedOf } = connect()
  await dingtalk.readPunches(week)
  expect(spans(askedOf(listRecord))).toEqual([['2026-07-20 00:00:00', '2026-07-27 00:00:00']])
})

test('a week that ends now stays within seven dates: the next window looks back over its end', async () => {
  const { dingtalk, askedOf } = connect()
  await dingtalk.readPunches({
    ...week,
    from: at('2026-07-27T11:30:01+08:00'),
    to: at('2026-08-03T11:30:00+08:00'),
  })
  expect(spans(askedOf(listRecord))).toEqual([['2026-07-27 11:30:01', '2026-08-03 11:30:00']])
})

test('where the documented span is too long after all, the last second has a call of its own', async () => {
  const rows = [
    row(1, 'u001', '2026-07-20T00:00+08:00'),
    row(2, 'u001', '2026-07-26T23:59:59.700+08:00'),
    { id: 5 },
  ]
  const { dingtalk, askedOf } = connect({
    [listRecord]: ({ body }) => {
      const { checkDateFrom, checkDateTo } = body as Record<string, string>
      return checkDateFrom === '2026-07-20 00:00:00' && checkDateTo === '2026-07-27 00:00:00'
        ? { errcode: 41041, errmsg: '时间跨度不能超过7天' }
        : { errcode: 0, recordresult: rows }
    },
  })
  const inTwo = [
    ['2026-07-20 00:00:00', '2026-07-26 23:59:59'],
    ['2026-07-26 23:59:59', '2026-07-27 00:00:00'],
  ]
  const read = await dingtalk.readPunches(week)
  expect(spans(askedOf(listRecord))).toEqual([['2026-07-20 00:00:00', '2026-07-27 00:00:00'], ...inTwo])
  expect(read.punches.map(({ externalId }) => externalId)).toEqual(['1', '2'])
  expect(read.unreadable).toHaveLength(1)
  await dingtalk.readPunches(week)
  expect(spans(askedOf(listRecord)).slice(3)).toEqual(inTwo)
})

test('a refusal with an empty collection is a refusal', async () => {
  const { dingtalk } = connect({
    [listRecord]: { errcode: '41041', errmsg: '时间跨度不能超过7天', recordresult: [] },
  })
  await expect(dingtalk.readPunches({ userIds: ['u001'], ...day })).rejects.toMatchObject({
    failure: { code: 'platform.bad-request', facts: { theirCode: '41041', api: 'listRecord' } },
  })
})

test('a refused person comes with the people who were asked for', async () => {
  const { dingtalk } = connect({ [listRecord]: { errcode: 33012, errmsg: '无效的userid' } })
  await expect(dingtalk.readPunches({ userIds: ['a', 'b'], ...day })).rejects.toMatchObject({
    failure: { code: 'platform.person-refused', facts: { userIds: ['a', 'b'], theirCode: '33012' } },
  })
})

test('a mobile number finds its owner, or nobody', async () => {
  const { dingtalk, askedOf } = connect({
    [byMobile]: (seen) =>
      (seen.body as { mobile: string }).mobile === '13800000000'
        ? ok({ userid: ' u001 ' })
        : { errcode: 60121, errmsg: '找不到该用户' },
  })
  expect(await dingtalk.findByMobile('+8613800000000')).toBe('u001')
  expect(await dingtalk.findByMobile('+85251234567')).toBeNull()
  expect(askedOf(byMobile)).toEqual([{ mobile: '13800000000' }, { mobile: '+852-51234567' }])
})

test('a look-up that failed is not a look-up that found nobody', async () => {
  const { dingtalk } = connect({ [byMobile]: gatewaySays('60011', '没有权限') })
  await expect(dingtalk.findByMobile('+8613800000000')).rejects.toBeInstanceOf(FailureError)
})

test('no call record holds the secret, the token or a whole mobile number', async () => {
  const { dingtalk, calls } = connect({
    [byMobile]: { errcode: 40104, errmsg: `13800000000 ${theSecret} ${theToken}` },
  })
  await dingtalk.check()
  expect(await dingtalk.findByMobile('+8613800000000')).toBeNull()
  const written = JSON.stringify(calls)
  for (const hidden of [theSecret, theToken, '13800000000']) expect(written).not.toContain(hidden)
})
