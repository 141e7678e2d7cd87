import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at, ms } from '#platforms/dingtalk/test-rows.ts'
import { readDayLists, readVerdictRows } from '#platforms/dingtalk/to-verdicts.ts'
import type { DayPunchRow, DayResultRow, ResultRow } from '#platforms/dingtalk/wire.ts'

const day = Temporal.PlainDate.from('2020-09-07')
const asked = { userIds: ['u001', 'u002'], from: day, to: day.add({ days: 6 }) }

/** Shaped like the manual's sample. */
const late: ResultRow = {
  id: 900_001,
  recordId: 43047156750,
  userId: 'u001',
  corpId: 'dinge8a',
  workDate: ms('2020-09-07T00:00+08:00'),
  checkType: 'OnDuty',
  timeResult: 'Late',
  locationResult: 'Outside',
  baseCheckTime: ms('2020-09-07T09:00+08:00'),
  userCheckTime: ms('2020-09-07T09:18:25+08:00'),
  sourceType: 'USER',
  planId: 144872188720,
  groupId: 685935028,
}
const { recordId: _, ...withoutPunch } = late
const missed: ResultRow = {
  ...withoutPunch,
  id: 900_002,
  planId: 144872188721,
  checkType: 'OffDuty',
  timeResult: 'NotSigned',
  locationResult: 'NotSigned',
  sourceType: 'SYSTEM',
  baseCheckTime: ms('2020-09-07T18:00+08:00'),
  userCheckTime: ms('2020-09-07T18:00+08:00'),
}
const read = (...rows: unknown[]) => readVerdictRows(rows, asked)

describe('rows of attendance/list', () => {
  test('a verdict names its slot, its punch and the day it counts for', () => {
    expect(read(late)).toEqual({
      verdicts: [
        {
          externalId: '144872188720',
          userId: 'u001',
          workDate: day,
          slot: { plannedAt: at('2020-09-07T09:00+08:00'), kind: 'in' },
          punchId: '43047156750',
          at: at('2020-09-07T09:18:25+08:00'),
          result: '迟到 外勤',
          isMissing: false,
          origin: 'person',
        },
      ],
      outside: 0,
      unreadable: [],
    })
  })

  test('the time of a slot nobody punched at is the planned one, and no punch', () => {
    expect(read(missed).verdicts).toMatchObject([
      { isMissing: true, at: null, punchId: null, result: '未打卡', slot: { kind: 'out' } },
    ])
  })

  test.for([
    { sourceType: 'BOSS', origin: 'correction' },
    { sourceType: 'APPROVE', origin: 'approval' },
    { sourceType: 'SELF_SERVICE', origin: 'correction' },
    { sourceType: 'AUTO_CHECK', origin: 'person' },
  ])('a result of $sourceType came about by $origin', ({ sourceType, origin }) => {
    expect(read({ ...late, sourceType }).verdicts).toMatchObject([{ origin }])
  })

  test('numbers may be quoted, and an enum nobody knows is shown as it came', () => {
    const quoted = Object.fromEntries(Object.entries(late).map(([key, value]) => [key, String(value)]))
    expect(read({ ...quoted, timeResult: 'FlexNormal' }).verdicts).toMatchObject([
      { externalId: '144872188720', result: 'FlexNormal 外勤' },
    ])
  })

  test.for([
    { what: 'text', row: 'x', because: 'not-an-object', userId: null },
    { what: 'nobody', row: { ...late, userId: ' ' }, because: 'no-user', userId: null },
    { what: 'no day', row: { ...late, workDate: 'soon' }, because: 'no-day', userId: 'u001' },
    {
      what: 'no number',
      row: { ...late, planId: null, id: null, recordId: null },
      because: 'no-slot',
      userId: 'u001',
    },
  ])('$what is kept aside and costs the others nothing', ({ row, because, userId }) => {
    expect(read(row, missed)).toMatchObject({
      verdicts: [{ isMissing: true }],
      unreadable: [{ row, because, userId }],
    })
  })

  test('people and days nobody asked for are counted, not kept', () => {
    const before = { ...late, workDate: ms('2020-09-06T00:00+08:00') }
    expect(read({ ...late, userId: 'other' }, before, late)).toMatchObject({ verdicts: [{}], outside: 2 })
  })

  test('the same verdicts come out in whatever order and however often the rows come', () => {
    const corrected = { ...late, sourceType: 'BOSS', timeResult: 'Normal' }
    const rows = [late, missed, corrected, { ...late, userId: 'u002', planId: 5 }]
    const inOrder = read(...rows).verdicts
    fc.assert(
      fc.property(fc.shuffledSubarray([...rows, ...rows], { minLength: 8 }), (shuffled) => {
        expect(read(...shuffled).verdicts).toEqual(inOrder)
      }),
    )
  })
})

describe('the lists of getupdatedata', () => {
  const result: DayResultRow = {
    record_id: 43047156750,
    source_type: 'USER',
    plan_check_time: '2020-09-07 09:00:00',
    plan_id: 144872188720,
    location_result: 'Outside',
    user_check_time: '2020-09-07 09:18:25',
    check_type: 'OnDuty',
    time_result: 'Late',
  }
  const punch: DayPunchRow = { record_id: 7, user_check_time: '2020-09-07 08:00:00' }
  const lists = (changes: Partial<Parameters<typeof readDayLists>[0]>) =>
    readDayLists({ results: [], punches: [], approvals: [], ...changes }, { userId: 'u001', day })

  test('tell the same verdict as the list, whatever the spelling', () => {
    expect(lists({ results: [result] }).verdicts).toEqual(read(late).verdicts)
  })

  test('tell raw punches, void ones with their reason, in order', () => {
    const invalid = {
      ...punch,
      record_id: '8',
      invalid_record_type: 'Security',
      invalid_record_msg: 'MockLocation',
    }
    const later = { ...punch, record_id: 9, user_check_time: '2020-09-07 18:00:00' }
    expect(lists({ punches: [later, invalid, punch] }).punches).toEqual([
      { externalId: '7', at: at('2020-09-07T08:00+08:00'), isVoid: false, voidReason: null },
      { externalId: '8', at: at('2020-09-07T08:00+08:00'), isVoid: true, voidReason: 'MockLocation' },
      { externalId: '9', at: at('2020-09-07T18:00+08:00'), isVoid: false, voidReason: null },
    ])
  })

  test('tell approvals by their kind, and one that is new as other', () => {
    const approval = { sub_type: '年假', tag_name: '请假', begin_time: 'a', end_time: 'b' }
    expect(
      lists({ approvals: [{ ...approval, biz_type: 3 }, { ...approval, biz_type: '9', sub_type: '' }, null] })
        .approvals,
    ).toEqual([
      { kind: 'leave', name: '年假', from: 'a', to: 'b' },
      { kind: 'other', name: '请假', from: 'a', to: 'b' },
    ])
  })

  test('keep aside what cannot be read', () => {
    const read = lists({
      results: [{}, 4],
      punches: [{ record_id: 1 }, { user_check_time: '2020-09-07 08:00:00' }],
    })
    expect(read.unreadable.map(({ because }) => because)).toEqual([
      'no-slot',
      'not-an-object',
      'no-time',
      'no-id',
    ])
  })
})
