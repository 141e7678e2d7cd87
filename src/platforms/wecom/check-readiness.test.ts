import { expect, test } from 'vitest'
import { type Script, type Seen, scripted } from '#platforms/test-kit.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'
import {
  checkins,
  company,
  connect,
  members,
  rules,
  says,
  simpleDepartments,
  userList,
} from '#platforms/wecom/test-company.ts'

const told = async (changes: Script) => {
  const kit = connect(changes)
  const items = await kit.wecom.check()
  return {
    ...kit,
    items: items.map(({ code, status, where, failure }) => [code, status, where, failure?.code ?? null]),
  }
}

test('a ready connection passes everything, in the order of the manual', async () => {
  const { items, seen } = await told({
    [userList]: (asked: Seen) => ({ userlist: asked.query['department_id'] === '2' ? members[2]! : [] }),
  })
  expect(items).toEqual([
    ['scope', 'pass', 'wecom.visible-range', null],
    ['token', 'pass', 'wecom.secret', null],
    ['ip', 'pass', 'wecom.trusted-ip', null],
    ['contacts', 'pass', 'wecom.visible-range', null],
    ['mobile', 'pass', 'wecom.mobile-hidden', null],
    ['attendance-read', 'pass', 'wecom.checkin-api-apps', null],
    ['attendance-write', 'pass', 'wecom.checkin-api-apps', null],
    ['clock', 'pass', 'host.clock', null],
  ])
  expect(seen.map(({ path }) => path)).toEqual([
    '/cgi-bin/gettoken',
    simpleDepartments,
    ...[userList, userList],
    rules,
    checkins,
  ])
})

test.for([
  {
    when: 'the secret is wrong',
    changes: { '/cgi-bin/gettoken': says(40001, 'invalid credential') },
    gives: ['token', 'fail', 'wecom.secret', 'platform.bad-credentials'],
  },
  {
    when: 'the address is not trusted',
    changes: { [simpleDepartments]: says(60020, 'not allow to access from your ip') },
    gives: ['ip', 'fail', 'wecom.trusted-ip', 'platform.ip-not-trusted'],
  },
])('readiness stops where nothing further can work: $when', async ({ changes, gives }) => {
  const { items, askedOf } = await told(changes as Script)
  expect(items).toEqual([gives, ['clock', 'pass', 'host.clock', null]])
  expect(askedOf(rules)).toEqual([])
})

test('an app missing from 可调用接口的应用 fails both attendance items', async () => {
  const forbidden = { ...says(48002, 'api forbidden'), checkindata: [], group: [] }
  const { items } = await told({ [rules]: forbidden, [checkins]: forbidden })
  const where = 'wecom.checkin-api-apps'
  expect(items).toContainEqual(['attendance-write', 'fail', where, 'platform.no-permission'])
  expect(items).toContainEqual(['attendance-read', 'fail', where, 'platform.no-permission'])
})

test('a part of the corp and hidden mobiles are warnings', async () => {
  const { items } = await told({ [simpleDepartments]: { department_id: [{ id: 3, parentid: 2 }] } })
  expect(items).toContainEqual(['scope', 'warn', 'wecom.visible-range departments=3', null])
  expect(items).toContainEqual(['mobile', 'warn', 'wecom.mobile-hidden', null])
})

test('with the contacts secret, members the app does not see are counted', async () => {
  const contacts = scripted('wecom', {
    '/cgi-bin/user/list_id': (seen: Seen) =>
      (seen.body as { cursor: string }).cursor === ''
        ? {
            errcode: 0,
            next_cursor: 'c1',
            dept_user: [
              { userid: 'boss', department: 1 },
              { userid: 'ZhangSan', department: 2 },
            ],
          }
        : {
            next_cursor: '',
            dept_user: [{ userid: 'zhangsan', department: '3' }, { userid: '007' }, { userid: 'hidden' }],
          },
  })
  const kit = scripted('wecom', company)
  const wecom = createWecomConnector({ ...kit, jobNumber: { from: 'none' }, contactsGate: contacts.gate })
  const scope = (await wecom.check()).find(({ code }) => code === 'scope')
  expect(scope).toMatchObject({ status: 'warn', where: 'wecom.visible-range visible=3 total=4' })
  expect(contacts.askedOf('/cgi-bin/user/list_id')).toEqual([
    { cursor: '', limit: 10_000 },
    { cursor: 'c1', limit: 10_000 },
  ])
})

test('an app that sees nobody is told so, and asks nobody for punches', async () => {
  const { items, askedOf } = await told({ [simpleDepartments]: { department_id: [] } })
  expect(items).toContainEqual(['contacts', 'warn', 'wecom.visible-range visible=0', null])
  expect(items).toContainEqual(['attendance-read', 'warn', 'wecom.visible-range visible=0', null])
  expect(askedOf(checkins)).toEqual([])
})
