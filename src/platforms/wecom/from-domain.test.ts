import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PunchToWrite } from '#domain/punch.ts'
import { toDeviceName, toNote, toPlaceDetail, toPlaceTitle, toRecord } from '#platforms/wecom/from-domain.ts'
import { AddCheckinRecordRequest } from '#platforms/wecom/wire.ts'

const aPunch = (changes: Partial<PunchToWrite> = {}): PunchToWrite => ({
  userId: 'zhangsan',
  at: Temporal.Instant.from('2026-08-03T09:00+08:00'),
  placeTitle: '前台考勤机',
  placeDetail: '总部 3 号门',
  note: '迟到 外勤',
  deviceName: '前台考勤机',
  byMachine: true,
  latitude: 30.285413,
  longitude: 120.0171394,
  ...changes,
})

test('a machine punch becomes a record of the manual', () => {
  expect(toRecord(aPunch())).toEqual({
    userid: 'zhangsan',
    checkin_time: 1785718800,
    location_title: '前台考勤机',
    location_detail: '总部 3 号门',
    notes: '迟到 外勤',
    device_type: 2,
    device_detail: '前台考勤机',
    lat: 30285413,
    lng: 120017139,
  })
})

test('what the source does not know is said in words, and absent keys stay absent', () => {
  const bare = aPunch({
    placeTitle: '',
    placeDetail: ' ',
    note: '',
    deviceName: '',
    byMachine: false,
    latitude: null,
  })
  expect(toRecord(bare)).toEqual({
    userid: 'zhangsan',
    checkin_time: 1785718800,
    location_title: '钉钉考勤',
    location_detail: '未提供地点',
    device_type: 3,
    device_detail: '钉钉考勤',
  })
  expect([toPlaceTitle(null), toPlaceDetail(null), toNote(null), toDeviceName(null)]).toEqual([
    '钉钉考勤',
    '未提供地点',
    '',
    '钉钉考勤',
  ])
})

test.for([
  { latitude: 90, longitude: -180, gives: { lat: 90_000_000, lng: -180_000_000 } },
  { latitude: 90.000001, longitude: 0, gives: {} },
  { latitude: 0, longitude: 180.1, gives: {} },
  { latitude: Number.NaN, longitude: 1, gives: {} },
  { latitude: null, longitude: 120, gives: {} },
  { latitude: -0.0000001, longitude: 0.0000005, gives: { lat: 0, lng: 1 } },
])('coordinates $latitude, $longitude', ({ latitude, longitude, gives }) => {
  const { lat, lng } = toRecord(aPunch({ latitude, longitude }))
  expect(lat === undefined && lng === undefined ? {} : { lat, lng }).toEqual(gives)
})

const family = '👨‍👩‍👧‍👦'
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc
    .array(fc.constantFrom('考', '😀', family, '\ud83d', 'e\u0301', 'a', '\n'), { maxLength: 600 })
    .map((parts) => parts.join('')),
)

test('every record is one that the manual accepts', () => {
  fc.assert(
    fc.property(
      fc.record({
        placeTitle: anyText,
        placeDetail: anyText,
        note: anyText,
        deviceName: anyText,
        byMachine: fc.boolean(),
        latitude: fc.option(fc.double()),
        longitude: fc.option(fc.double()),
      }),
      (changes) => {
        const record = toRecord(aPunch(changes))
        expect(AddCheckinRecordRequest.safeParse({ records: [record] }).success).toBe(true)
        for (const text of [record.location_title, record.location_detail, record.notes ?? ''])
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024)
        expect(record.location_title).not.toBe('')
        expect(record.location_detail).not.toBe('')
        expect(record.device_detail).not.toBe('')
        expect(record.device_detail.length).toBeLessThanOrEqual(40)
        expect(record.notes).not.toBe('')
      },
    ),
  )
})
