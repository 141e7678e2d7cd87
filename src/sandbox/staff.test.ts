import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Answer, aRecord, second, type TestClient, testClient } from './test-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'qintong-staff-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const small = (more = {}) => testClient({ people: 4, style: 'plain', days: 1, limits: 'off', ...more })
const [first] = small().sandbox.pairs()
const { dingtalk, wecom } = first!
const listed = async (client: TestClient): Promise<{ dingtalk: Answer[]; wecom: Answer[] }> => {
  const { departments } = client.sandbox.world.company
  const all = { dingtalk: [] as Answer[], wecom: [] as Answer[] }
  for (const { dingtalkId, wecomId } of departments) {
    const page = await client.dingtalk('/topapi/v2/user/list', { dept_id: dingtalkId, cursor: 0, size: 100 })
    all.dingtalk.push(...page.result.list)
    all.wecom.push(...(await client.wecom(`/cgi-bin/user/list?department_id=${wecomId}`)).userlist)
  }
  return all
}
const ids = async (client: TestClient) => {
  const { dingtalk: left, wecom: right } = await listed(client)
  return { dingtalk: left.map(({ userid }) => userid), wecom: right.map(({ userid }) => userid) }
}

test('who is hired shows on both sides, in their department, with what was said', async () => {
  const client = small()
  client.sandbox.staff({
    act: 'hire',
    name: '新来的',
    dingtalk: 'new1',
    wecom: 'xinlai',
    departments: ['研发中心/平台组'],
    mobile: '13900000000',
    jobNumber: 'N1',
  })
  const all = await listed(client)
  expect(all.dingtalk.find(({ userid }) => userid === 'new1')).toMatchObject({
    name: '新来的',
    mobile: '13900000000',
    job_number: 'N1',
    hired_date: Date.parse('2026-03-02T00:00:00+08:00'),
  })
  expect(all.wecom.find(({ userid }) => userid === 'xinlai')).toMatchObject({ name: '新来的', status: 1 })
  expect(client.sandbox.pairs()).toContainEqual(
    expect.objectContaining({ dingtalk: 'new1', wecom: 'xinlai' }),
  )
})

test('who left is listed nowhere and found nowhere, and can be written to no more', async () => {
  const client = small()
  client.sandbox.staff({ act: 'leave', dingtalk, wecom })
  const there = await ids(client)
  expect([there.dingtalk.includes(dingtalk), there.wecom.includes(wecom)]).toEqual([false, false])
  expect((await client.dingtalk('/topapi/v2/user/get', { userid: dingtalk })).errcode).toBe(60121)
  expect((await client.wecom(`/cgi-bin/user/get?userid=${wecom}`)).errcode).toBe(60111)
  const records = [aRecord(wecom, second('2026-03-02T09:00:00+08:00'))]
  expect((await client.wecom('/cgi-bin/checkin/add_checkin_record', { records })).errcode).toBe(301021)
})

test('a leaver’s punches stay readable, and none are made while they are away', async () => {
  const client = small()
  const ask = {
    userIds: [dingtalk],
    checkDateFrom: '2026-03-02 00:00:00',
    checkDateTo: '2026-03-03 23:59:59',
  }
  const punches = async () => (await client.dingtalk('/attendance/listRecord', ask)).recordresult.length
  expect(await punches()).toBe(1)
  client.sandbox.staff({ act: 'leave', dingtalk })
  client.sandbox.advance(30 * 3600)
  expect(await punches()).toBe(1)
  client.sandbox.staff({ act: 'rehire', dingtalk, jobNumber: 'AGAIN' })
  client.sandbox.advance(4 * 3600)
  expect(await punches()).toBe(2)
  expect((await listed(client)).dingtalk.find(({ userid }) => userid === dingtalk).job_number).toBe('AGAIN')
})

test('a user id given to somebody else is another human, under which the old punches still stand', async () => {
  const client = small()
  const before = (await listed(client)).dingtalk.find(({ userid }) => userid === dingtalk)
  client.sandbox.staff({ act: 'reuse', dingtalk, name: '另一人', jobNumber: 'X9', mobile: '13911111111' })
  const after = (await listed(client)).dingtalk.find(({ userid }) => userid === dingtalk)
  expect(after).toMatchObject({ name: '另一人', job_number: 'X9' })
  expect(after.unionid).not.toBe(before.unionid)
  const rows = await client.dingtalk('/attendance/listRecord', {
    userIds: [dingtalk],
    checkDateFrom: '2026-03-02 00:00:00',
    checkDateTo: '2026-03-02 23:59:59',
  })
  expect(rows.recordresult).toHaveLength(1)
})

test('a new userid takes what was stored along', async () => {
  const client = small()
  const at = second('2026-03-02T09:00:00+08:00')
  await client.wecom('/cgi-bin/checkin/add_checkin_record', { records: [aRecord(wecom, at)] })
  client.sandbox.staff({ act: 'changeUserid', wecom, to: 'NewName' })
  expect(client.sandbox.records().map(({ userid }) => userid)).toEqual(['NewName'])
  expect((await ids(client)).wecom).not.toContain(wecom)
  const rows = await client.wecom('/cgi-bin/checkin/getcheckindata', {
    opencheckindatatype: 3,
    starttime: at,
    endtime: at + 1,
    useridlist: ['newname'],
  })
  expect(rows.checkindata).toMatchObject([{ userid: 'NewName', checkin_time: at }])
})

test('names, departments, mobiles and job numbers change on the side that is named', async () => {
  const client = small()
  client.sandbox.staff({ act: 'rename', wecom, name: '改名' })
  client.sandbox.staff({
    act: 'change',
    dingtalk,
    departments: ['财务部'],
    mobile: null,
    title: '会计',
    active: false,
  })
  const all = await listed(client)
  expect(all.wecom.find(({ userid }) => userid === wecom).name).toBe('改名')
  const moved = all.dingtalk.find(({ userid }) => userid === dingtalk)
  expect(moved).toMatchObject({ name: first!.name, title: '会计', active: false })
  expect('mobile' in moved).toBe(false)
  const finance = client.sandbox.world.company.departments.find(({ name }) => name === '财务部')!
  expect(moved.dept_id_list).toEqual([finance.dingtalkId])
})

test('a durable world remembers its staff', async () => {
  const file = join(folder, 'world.sqlite')
  const one = small({ file })
  one.sandbox.staff({ act: 'reuse', dingtalk, name: '另一人' })
  one.sandbox.staff({ act: 'changeUserid', wecom, to: 'moved' })
  one.sandbox.staff({ act: 'leave', wecom: 'moved' })
  const before = one.sandbox.view()
  one.sandbox.close()
  const two = small({ file })
  expect(two.sandbox.view().dingtalk).toEqual(before.dingtalk)
  expect(two.sandbox.view().wecom.people).toEqual(before.wecom.people)
  two.sandbox.staff({ act: 'rehire', wecom: 'moved' })
  two.sandbox.close()
  const three = small({ file })
  expect(three.sandbox.view().wecom.people.map(({ userId }) => userId)).toContain('moved')
  three.sandbox.close()
})

describe('over HTTP', () => {
  const post = async (client: TestClient, body: unknown) => {
    const url = `${client.sandbox.ready().addresses.wecom}/_sandbox/staff`
    const request = { method: 'POST', url, headers: {}, timeoutMs: 1000, body: JSON.stringify(body) }
    const answer = await client.sandbox.control(request)
    return [answer.status, JSON.parse(answer.text)] as const
  }

  test('the accounts concerned are told', async () => {
    const [status, told] = await post(small(), { act: 'leave', dingtalk })
    expect(status).toBe(200)
    expect(told).toContainEqual(
      expect.objectContaining({ platform: 'dingtalk', userId: dingtalk, there: false }),
    )
    expect(told).toContainEqual(expect.objectContaining({ platform: 'wecom', userId: wecom, there: true }))
  })

  test.for([
    { act: 'fire', dingtalk },
    { act: 'leave' },
    { act: 'leave', dingtalk: 'nobody' },
    { act: 'leave', dingtalk, colour: 'red' },
    { act: 'hire', name: '甲' },
    { act: 'hire', name: '甲', dingtalk },
    { act: 'hire', name: '甲', wecom: wecom.toUpperCase() },
    { act: 'hire', name: '甲', dingtalk: 'new', departments: ['没有的部门'] },
    { act: 'hire', name: '甲', dingtalk: 'new', mobile: '138-0000' },
    { act: 'rehire', dingtalk },
    { act: 'reuse', dingtalk: 'nobody', name: '甲' },
    { act: 'changeUserid', wecom, to: small().sandbox.pairs()[1]!.wecom },
    { act: 'changeUserid', wecom: 'nobody', to: 'x' },
    { act: 'rename', dingtalk, name: '' },
  ])('what cannot be is refused and changes nothing: %o', async (body) => {
    const client = small()
    const before = client.sandbox.view()
    const [status, { error }] = await post(client, body)
    expect(status).toBe(400)
    expect(error).toBeTruthy()
    expect(client.sandbox.view()).toEqual(before)
  })
})
