import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from '#domain/punch-content.ts'
import { asked, invalid, ms, notSigned, onDuty, one, read } from '#platforms/dingtalk/test-rows.ts'
import { readPunchRows } from '#platforms/dingtalk/to-domain.ts'

const hashOf = (row: object) => contentHash(one(row), 'u001')

test('without an id, person and millisecond name the punch', () => {
  expect(one({ ...onDuty, id: undefined }).externalId).toBe(`t:u001:${onDuty.userCheckTime}`)
  // parsed as a float already: two records could look like one
  expect(one({ ...onDuty, id: 2 ** 60 }).externalId).toBe(`t:u001:${onDuty.userCheckTime}`)
  expect(one({ ...onDuty, id: '1152921504606846977' }).externalId).toBe('1152921504606846977')
})

test('rows nobody asked for are dropped and counted', () => {
  const { punches, outside, emptySlots } = read(
    onDuty,
    { ...onDuty, id: 2, userId: 'u002' },
    { ...onDuty, id: 3, userId: 'U001' },
    { ...onDuty, id: 4, userCheckTime: ms('2020-09-06T23:59:59+08:00') },
    { ...onDuty, id: 5, userCheckTime: ms('2020-09-08T00:00+08:00') },
    { ...notSigned, userId: 'u002' },
  )
  expect(punches.map(({ externalId }) => externalId)).toEqual(['43047156750'])
  expect(emptySlots).toEqual([])
  expect(outside).toBe(5)
})

test('the window holds both its ends, and the second borrowed at its end is neither kept nor counted', () => {
  const rows = [
    { ...onDuty, id: 1, userCheckTime: ms('2020-09-07T00:00+08:00') },
    { ...onDuty, id: 2, userCheckTime: ms('2020-09-07T23:59:59.400+08:00') },
    { ...onDuty, id: 3, userCheckTime: ms('2020-09-08T00:00+08:00') },
  ]
  const { punches, outside } = readPunchRows(rows, { ...asked, slackSeconds: 1 })
  expect(punches.map(({ externalId }) => externalId)).toEqual(['1', '2'])
  expect(outside).toBe(0)
})

test('odd user ids stay text', () => {
  const rows = [
    { ...onDuty, id: 1, userId: '张三' },
    { ...onDuty, id: 2, userId: '007' },
  ]
  expect(
    read(...rows)
      .punches.map(({ userId }) => userId)
      .sort(),
  ).toEqual(['007', '张三'])
})

test('what cannot be read is kept verbatim and costs the others nothing', () => {
  const rows = [
    null,
    'row',
    [],
    { id: 1 },
    { id: 2, userId: 'u001', userCheckTime: 'soon' },
    { id: 3, userId: 'u001' },
    onDuty,
  ]
  const { punches, unreadable } = read(...rows)
  expect(punches).toHaveLength(1)
  expect(unreadable).toEqual([
    { row: null, userId: null, because: 'not-an-object' },
    { row: 'row', userId: null, because: 'not-an-object' },
    { row: [], userId: null, because: 'not-an-object' },
    { row: rows[3], userId: null, because: 'no-user' },
    { row: rows[4], userId: 'u001', because: 'no-time' },
    { row: rows[5], userId: 'u001', because: 'no-time' },
  ])
})

test('a record sent twice counts once, and the later change wins in either order', () => {
  const later = { ...onDuty, gmtModified: onDuty.gmtModified + 1, timeResult: 'Late' }
  expect(read(onDuty, later).punches).toEqual(read(later, onDuty).punches)
  expect(one({ ...later }).result).toBe(read(onDuty, later).punches[0]?.result)
  expect(read(onDuty, later).punches).toHaveLength(1)
})

test('a touch of the row is no change; any field we use is', () => {
  const hash = hashOf(onDuty)
  expect(
    hashOf({ ...onDuty, gmtModified: onDuty.gmtModified + 60_000, gmtCreate: 1, isLegal: 'Y', planId: 7 }),
  ).toBe(hash)
  const changes: object[] = [
    { sourceType: 'BOSS' },
    { userCheckTime: onDuty.userCheckTime + 1000 },
    { timeResult: 'Late' },
    { locationResult: 'Normal' },
    { invalidRecordType: 'Security' },
    { userAddress: '别处' },
    { userLatitude: 30.3 },
    { workDate: ms('2020-09-06T00:00+08:00') },
    { planCheckTime: onDuty.planCheckTime + 1000 },
    { checkType: 'OffDuty' },
  ]
  const hashes = changes.map((change) => hashOf({ ...onDuty, ...change }))
  expect(new Set([hash, ...hashes]).size).toBe(changes.length + 1)
})

test('the order of arrival changes nothing', () => {
  const rows = [
    onDuty,
    invalid,
    notSigned,
    { ...onDuty, id: 9, userId: '007' },
    { ...onDuty, id: 10 },
    { ...onDuty, gmtModified: 5 },
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      expect(read(...shuffled)).toEqual(read(...rows))
    }),
  )
})

test('no row whatever makes reading fail, and none is lost without a trace', () => {
  const value = fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant({}),
  )
  const row = fc.record(
    {
      userId: fc.oneof(fc.constant('u001'), value),
      userCheckTime: fc.oneof(fc.constant(onDuty.userCheckTime), value),
      id: value,
      workDate: value,
      checkType: fc.oneof(fc.constant('OnDuty'), value),
      timeResult: value,
      planCheckTime: value,
      sourceType: value,
      invalidRecordType: value,
      userLatitude: value,
      userLongitude: value,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(row, (given) => {
      const { punches, outside, unreadable, emptySlots } = read(given)
      const told = punches.length + outside + unreadable.length + emptySlots.length
      const isMadeUp = [given.timeResult, given.sourceType].some(
        (word) => typeof word === 'string' && /^\s*(notsigned|system)\s*$/i.test(word),
      )
      if (isMadeUp) expect(told).toBeLessThanOrEqual(1)
      else expect(told).toBe(1)
    }),
  )
})
