import { expect, test } from 'vitest'
import type { PunchToWrite } from '#domain/punch.ts'
import { upload } from '#platforms/dingtalk/endpoints.ts'
import { connect, gatewaySays, upload as path } from '#platforms/dingtalk/test-company.ts'
import type { Said } from '#platforms/test-kit.ts'

const aPunch = (at = '2026-08-03T09:00+08:00'): PunchToWrite => ({
  userId: 'u001',
  at: Temporal.Instant.from(at),
  ...{ placeTitle: '', placeDetail: '总部 3 号门', note: '', deviceName: '', byMachine: false },
  ...{ latitude: null, longitude: null },
})
const writes = (said: Said) => connect({ [path]: said }).dingtalk.writePunches([aPunch()])

test('a punch is uploaded by itself, in milliseconds, as a metered call', async () => {
  const { dingtalk, askedOf, calls } = connect({ [path]: { errcode: 0, success: true, request_id: 'r' } })
  expect(await dingtalk.writePunches([aPunch()])).toEqual({ kind: 'accepted' })
  expect(askedOf(path)).toEqual([
    {
      userid: 'u001',
      device_name: '企业微信打卡 总部 3 号门',
      device_id: 'qintong-wecom',
      user_check_time: 1785718800000,
    },
  ])
  expect(calls.filter(({ api }) => api === 'upload')).toMatchObject([{ cost: 1, outcome: 'ok' }])
  await expect(dingtalk.writePunches([aPunch(), aPunch()])).rejects.toThrow('one punch a call')
  await expect(dingtalk.writePunches([])).rejects.toThrow('one punch a call')
})

test.for([
  { when: 'the success is in words', said: { errcode: '0', success: 'true' }, kind: 'accepted' },
  { when: 'nothing but errcode comes', said: { errcode: 0 }, kind: 'accepted' },
  {
    when: 'the yes denies itself',
    said: { errcode: 0, success: false },
    kind: 'lost',
    code: 'platform.unreadable-answer',
  },
  { when: 'the line breaks', said: { broken: 'reset' }, kind: 'lost', code: 'platform.broken-off' },
  { when: 'nothing comes in time', said: { broken: 'timeout' }, kind: 'lost', code: 'platform.timeout' },
  {
    when: 'the system is busy',
    said: { errcode: -1, errmsg: '系统繁忙' },
    kind: 'lost',
    code: 'platform.busy',
  },
  { when: 'a ban page comes', said: '<!DOCTYPE html><html></html>', kind: 'lost', code: 'platform.banned' },
  {
    when: 'nobody has the id',
    said: { errcode: 60121, errmsg: '找不到该用户' },
    kind: 'refused',
    code: 'platform.person-refused',
  },
  {
    when: 'the person is out of range',
    said: gatewaySays('50002', '不在授权范围内'),
    kind: 'refused',
    code: 'platform.person-refused',
  },
  {
    when: 'the date is too old for them',
    said: { errcode: 850002, errmsg: '禁止' },
    kind: 'refused',
    code: 'platform.bad-request',
  },
  {
    when: 'it says something new',
    said: { errcode: 850777, errmsg: '?' },
    kind: 'refused',
    code: 'platform.unknown-code',
  },
  {
    when: 'the permission or the edition is missing',
    said: gatewaySays('60011', '没有权限'),
    kind: 'notSent',
    code: 'platform.no-permission',
  },
  {
    when: 'the month is used up',
    said: gatewaySays('90020', '用完'),
    kind: 'notSent',
    code: 'platform.out-of-calls',
  },
  {
    when: 'there is no connection',
    said: { broken: 'unreachable' },
    kind: 'notSent',
    code: 'platform.unreachable',
  },
] as { when: string; said: Said; kind: string; code?: string }[])(
  '$when: $kind',
  async ({ said, kind, code }) => {
    expect(await writes(said)).toMatchObject({ kind, ...(code && { failure: { code } }) })
  },
)

test('a refused person is named', async () => {
  expect(await writes({ errcode: 50002, errmsg: '' })).toMatchObject({
    failure: { facts: { userIds: ['u001'] } },
  })
})

test.for([
  { when: 'still to come', at: '2026-08-03T12:00:01+08:00' },
  { when: 'older than 180 days', at: '2026-02-04T11:59:59+08:00' },
])('a punch $when never leaves and costs nothing', async ({ at }) => {
  const { dingtalk, askedOf } = connect({ [path]: { errcode: 0, success: true } })
  expect(await dingtalk.writePunches([aPunch(at)])).toMatchObject({
    kind: 'refused',
    failure: { code: 'platform.time-not-taken', facts: { at, oldest: '2026-02-04T12:00:00+08:00' } },
  })
  expect(askedOf(path)).toEqual([])
  expect(await dingtalk.writePunches([aPunch('2026-02-04T12:00:00+08:00')])).toEqual({ kind: 'accepted' })
})

test('a timestamp in seconds is a bug of ours and never leaves', async () => {
  const { gate, askedOf } = connect({ [path]: { errcode: 0, success: true } })
  const asked = { userid: 'u001', device_name: 'x', device_id: 'x', user_check_time: 1785718800 }
  await expect(gate.call(upload, asked)).rejects.toThrow('13 digits')
  expect(askedOf(path)).toEqual([])
})
