import { expect } from 'vitest'
import { readPunchRows } from '#platforms/dingtalk/to-domain.ts'
import type { PunchRow } from '#platforms/dingtalk/wire.ts'
import type { RowsAsked } from '#platforms/read-row.ts'

export const at = (text: string) => Temporal.Instant.from(text)
export const ms = (text: string) => at(text).epochMilliseconds

export const asked: RowsAsked = {
  userIds: ['u001', '张三', '007'],
  from: at('2020-09-07T00:00+08:00'),
  to: at('2020-09-07T23:59:59+08:00'),
  slackSeconds: 0,
}

/** Shaped like the first row of the manual's sample. */
export const onDuty = {
  id: 43047156750,
  corpId: 'dinge8a',
  userId: 'u001',
  groupId: 685935028,
  classId: 677995086,
  planId: 144872188720,
  checkType: 'OnDuty',
  timeResult: 'Normal',
  locationResult: 'Outside',
  isLegal: 'N',
  workDate: ms('2020-09-07T00:00+08:00'),
  planCheckTime: ms('2020-09-07T09:30+08:00'),
  baseCheckTime: ms('2020-09-07T09:40+08:00'),
  userCheckTime: ms('2020-09-07T09:18:25+08:00'),
  sourceType: 'USER',
  locationMethod: 'MAP',
  userAddress: ' 某市某区某路 1 号 ',
  userLatitude: 30.285413,
  userLongitude: 120.017139,
  userAccuracy: 65,
  deviceId: '67da0f',
  bizId: 'E171',
  approveId: 2376620852,
  procInstId: '59f7',
  outsideRemark: '拜访客户',
  gmtCreate: ms('2020-09-07T09:18:25+08:00'),
  gmtModified: ms('2020-09-07T13:02:52+08:00'),
} satisfies PunchRow

/** Shaped like the second: discounted by DingTalk, matched to no planned point. */
export const invalid = {
  id: 43055377426,
  corpId: 'dinge8a',
  userId: 'u001',
  workDate: ms('2020-09-07T00:00+08:00'),
  userCheckTime: ms('2020-09-07T11:55:09+08:00'),
  invalidRecordType: 'Other',
  invalidRecordMsg: '需要二次确认',
  sourceType: 'USER',
  locationMethod: 'MAP',
  gmtCreate: ms('2020-09-07T11:55:09+08:00'),
  gmtModified: ms('2020-09-07T11:55:09+08:00'),
} satisfies PunchRow

export const notSigned = {
  ...onDuty,
  id: 43047156751,
  checkType: 'OffDuty',
  timeResult: 'NotSigned',
  locationResult: 'NotSigned',
  sourceType: 'SYSTEM',
  planCheckTime: ms('2020-09-07T18:30+08:00'),
  baseCheckTime: ms('2020-09-07T18:30+08:00'),
  userCheckTime: ms('2020-09-07T18:30+08:00'),
} satisfies PunchRow

export const read = (...rows: unknown[]) => readPunchRows(rows, asked)
export const one = (row: object) => {
  const { punches } = read(row)
  expect(punches).toHaveLength(1)
  return punches[0]!
}
