import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PunchToWrite } from '#domain/punch.ts'
import { toUpload } from '#platforms/dingtalk/from-domain.ts'
import { UploadRequest } from '#platforms/dingtalk/wire.ts'

const aPunch = (changes: Partial<PunchToWrite> = {}): PunchToWrite => ({
  userId: 'u001',
  at: Temporal.Instant.from('2026-08-03T09:00:01+08:00'),
  placeTitle: '',
  placeDetail: '总部 3 号门',
  note: '正常',
  deviceName: '',
  byMachine: false,
  latitude: 30.285413,
  longitude: 120.0171394,
  ...changes,
})

test('a punch becomes an upload of the manual: milliseconds, and the place behind our mark', () => {
  expect(toUpload(aPunch())).toEqual({
    userid: 'u001',
    device_name: '企业微信打卡 总部 3 号门',
    device_id: 'qintong-wecom',
    user_check_time: 1785718801000,
  })
})

test.for([
  { when: 'a machine took it', punch: { deviceName: '前台考勤机' }, gives: '企业微信打卡 前台考勤机' },
  {
    when: 'only a title is known',
    punch: { placeDetail: ' ', placeTitle: '勤通大厦' },
    gives: '企业微信打卡 勤通大厦',
  },
  { when: 'nothing is known', punch: { placeDetail: '' }, gives: '企业微信打卡' },
])('$when', ({ punch, gives }) => {
  expect(toUpload(aPunch(punch)).device_name).toBe(gives)
})

test('every upload is one that the manual accepts, with 13 digits and a name of at most 120 bytes', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(
      fc.record({ placeTitle: anyText, placeDetail: anyText, deviceName: anyText }),
      fc.integer({ min: 1_500_000_000, max: 2_500_000_000 }),
      (changes, second) => {
        const at = Temporal.Instant.fromEpochMilliseconds(second * 1000)
        const asked = toUpload(aPunch({ ...changes, at }))
        expect(UploadRequest.safeParse(asked).success).toBe(true)
        expect(asked.user_check_time).toBe(second * 1000)
        expect(Buffer.byteLength(asked.device_name)).toBeLessThanOrEqual(120)
        expect(asked.device_name.startsWith('企业微信打卡')).toBe(true)
        expect(asked.device_name.isWellFormed()).toBe(true)
      },
    ),
  )
})
