import { expect, test } from 'vitest'
import { connect } from '#platforms/wecom/test-company.ts'
import { readMachineRows } from '#platforms/wecom/to-machine-punches.ts'

const at = (text: string) => Temporal.Instant.from(text)
const nine = at('2026-08-03T09:00+08:00').epochMilliseconds / 1000
const row = { userid: 'ZhangSan', checkin_time: nine, device_sn: 'WX1', device_name: '前台考勤机' }
const read = (...rows: unknown[]) => readMachineRows(rows, { userIds: ['zhangsan'] })

test('a machine’s punch has the same natural key as the record it becomes', () => {
  expect(read(row).punches).toEqual([
    {
      externalId: `zhangsan@${nine}`,
      userId: 'ZhangSan',
      at: at('2026-08-03T09:00+08:00'),
      workDate: null,
      origin: 'person',
      isVoid: false,
      voidReason: null,
      result: null,
      device: '前台考勤机',
      address: null,
      latitude: null,
      longitude: null,
      slot: null,
    },
  ])
})

test('two machines in one second are one punch, in whatever order they come', () => {
  const other = { ...row, userid: 'zhangsan', device_sn: 'WX2', device_name: '车间考勤机' }
  const [once] = read(row, other).punches
  expect(read(other, row).punches).toMatchObject([{ device: once?.device }])
})

test('a machine without a name is told by its serial number', () => {
  expect(read({ ...row, device_name: '' }).punches).toMatchObject([{ device: 'WX1' }])
})

test('others’ rows are counted, unreadable ones kept', () => {
  const bad = { ...row, checkin_time: 0 }
  expect(read({ ...row, userid: 'other' }, bad, 7, { checkin_time: nine }, row)).toMatchObject({
    punches: [{}],
    outside: 1,
    unreadable: [{ because: 'no-time' }, { because: 'not-an-object' }, { because: 'no-user' }],
  })
})

test('late uploads are asked for by the time of upload', async () => {
  const path = '/cgi-bin/hardware/get_hardware_checkin_data'
  const { wecom, askedOf } = connect({ [path]: { errcode: 0, checkindata: [row] } })
  const from = at('2026-08-10T00:00+08:00')
  const late = await wecom.readLateUploads!({ userIds: ['zhangsan'], from, to: from })
  // made a week before it came
  expect(late.punches).toHaveLength(1)
  const starttime = from.epochMilliseconds / 1000
  expect(askedOf(path)).toEqual([
    { filter_type: 2, starttime, endtime: starttime + 1, useridlist: ['zhangsan'] },
  ])
})
