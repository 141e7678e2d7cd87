import { expect, test } from 'vitest'
import {
  connect,
  count,
  gatewaySays,
  listRecord,
  listSub,
  ok,
  upload,
} from '#platforms/dingtalk/test-company.ts'
import type { Script } from '#platforms/test-kit.ts'

const told = async (changes: Script) => {
  const kit = connect(changes)
  const items = await kit.dingtalk.check()
  return {
    ...kit,
    items: items.map(({ code, status, where, failure }) => [code, status, where, failure?.code ?? null]),
  }
}

test('a ready connection passes everything and spends two metered calls', async () => {
  const { items, calls, askedOf } = await told({})
  expect(items).toEqual([
    ['token', 'pass', 'dingtalk.credentials', null],
    ['ip', 'pass', 'dingtalk.ip-list', null],
    ['contacts', 'pass', 'dingtalk.permissions', null],
    ['scope', 'pass', 'dingtalk.contacts-scope visible=4 total=4', null],
    ['mobile', 'pass', 'dingtalk.permissions', null],
    ['attendance-read', 'pass', 'dingtalk.permissions', null],
    ['attendance-write', 'pass', 'dingtalk.permissions', null],
    ['clock', 'pass', 'host.clock', null],
  ])
  expect(calls.reduce((sum, { cost }) => sum + cost, 0)).toBe(2)
  expect(askedOf(upload)).toMatchObject([{ userid: '' }])
  expect(askedOf(listRecord)).toEqual([
    {
      userIds: ['boss'],
      checkDateFrom: '2026-08-02 12:00:00',
      checkDateTo: '2026-08-03 12:00:00',
      isI18n: false,
    },
  ])
})

test.for([
  {
    when: 'the secret is wrong',
    changes: {
      '/v1.0/oauth2/accessToken': {
        http: 400,
        body: { code: 'invalidClientIdOrSecret', message: '无效的clientId或者clientSecret', requestid: 'x' },
      },
    },
    gives: ['token', 'fail', 'dingtalk.credentials', 'platform.bad-credentials'],
  },
  {
    when: 'the address is not allowed',
    changes: {
      '/auth/scopes': { errcode: 60020, errmsg: '访问ip不在白名单之中,request ip=203.0.113.9 appKey(x)' },
    },
    gives: ['ip', 'fail', 'dingtalk.ip-list', 'platform.ip-not-trusted'],
  },
  {
    when: 'nobody answers',
    changes: { '/auth/scopes': { broken: 'unreachable' as const } },
    gives: ['network', 'fail', 'host.network', 'platform.unreachable'],
  },
])('readiness stops where nothing further can work: $when', async ({ changes, gives }) => {
  const { items, askedOf } = await told(changes as Script)
  expect(items).toEqual([gives, ['clock', 'pass', 'host.clock', null]])
  expect(askedOf(listSub)).toEqual([])
})

test('a missing attendance permission fails that item alone, with its scope', async () => {
  const { items } = await told({
    [listRecord]: { errcode: 60011, errmsg: 'requiredScopes=[qyapi_get_attendance_data]' },
  })
  expect(items).toContainEqual(['attendance-read', 'fail', 'dingtalk.permissions', 'platform.no-permission'])
  expect(items.filter(([, status]) => status === 'fail')).toHaveLength(1)
})

test('a part of the organisation and hidden mobiles are warnings with their numbers', async () => {
  const { items } = await told({
    '/auth/scopes': { errcode: 0, auth_user_field: ['name'], auth_org_scopes: { authed_dept: [4] } },
    [count]: ok({ count: 4 }),
  })
  expect(items).toContainEqual([
    'scope',
    'warn',
    'dingtalk.contacts-scope visible=1 total=4 departments=4',
    null,
  ])
  expect(items).toContainEqual(['mobile', 'warn', 'dingtalk.permissions field=mobile', null])
})

test('a missing permission to write is a warning: who only reads does not need it', async () => {
  const { items } = await told({
    [upload]: gatewaySays('60011', 'requiredScopes=[Pro.AttendanceRecord.Write]'),
  })
  expect(items).toContainEqual(['attendance-write', 'warn', 'dingtalk.permissions', 'platform.no-permission'])
  expect(items.filter(([, status]) => status === 'fail')).toEqual([])
})

test('being told that nobody is out of range proves the permission', async () => {
  const { items } = await told({ [upload]: gatewaySays('50002', '不在授权范围内') })
  expect(items).toContainEqual(['attendance-write', 'pass', 'dingtalk.permissions', null])
})
