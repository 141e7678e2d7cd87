import { expect, test } from 'vitest'
import * as wire from '#platforms/wecom/wire.ts'
import { type Answer, testClient } from '../test-client.ts'

test('the department tree comes whole, the root first, its array named in the singular', async () => {
  const { wecom } = testClient()
  const ids = wire.DepartmentSimpleListResponse.parse(await wecom('/cgi-bin/department/simplelist'))
    .department_id!
  expect(ids[0]).toMatchObject({ id: 1, parentid: 0 })
  expect(ids).toHaveLength(15)
  const named = wire.DepartmentListResponse.parse(await wecom('/cgi-bin/department/list')).department!
  expect(named.map(({ id }) => id)).toEqual(ids.map(({ id }) => id))
  const centre = named.find(({ name }) => name === '研发中心')!
  const below = await wecom(`/cgi-bin/department/simplelist?id=${centre.id}`)
  expect(below.department_id.map(({ id }: { id: number }) => id)).toHaveLength(4)
  expect((await wecom(`/cgi-bin/department/get?id=${centre.id}`)).department.name).toBe('研发中心')
})

test('members are listed where they directly are; all together they are everyone', async () => {
  const { wecom } = testClient()
  const met: string[] = []
  for (const { id } of (await wecom('/cgi-bin/department/simplelist')).department_id) {
    const simple = await wecom(`/cgi-bin/user/simplelist?department_id=${id}`)
    const full = await wecom(`/cgi-bin/user/list?department_id=${id}`)
    expect(simple.userlist.map((u: Answer) => u.userid)).toEqual(full.userlist.map((u: Answer) => u.userid))
    met.push(...simple.userlist.map((u: Answer) => u.userid))
  }
  expect(new Set(met).size).toBe(117)
})

test('a new app sees names and job numbers, and no mobile', async () => {
  const { wecom, sandbox } = testClient()
  const user = await wecom('/cgi-bin/user/get?userid=ZhangSanFeng')
  expect(wire.UserGetResponse.parse(user)).toMatchObject({
    userid: 'zhangsanfeng',
    name: '张三丰',
    status: 1,
  })
  expect(user.extattr.attrs).toEqual([{ type: 0, name: '工号', text: { value: 'QT00002' } }])
  for (const key of ['mobile', 'email', 'gender']) expect(user).not.toHaveProperty(key)
  sandbox.set({ mobileHidden: { wecom: false } })
  expect((await wecom('/cgi-bin/user/get?userid=zhangsanfeng')).mobile).toMatch(/^138/)
})

test.for([
  { what: 'an unknown user', path: '/cgi-bin/user/get?userid=nobody', code: 60111 },
  { what: 'an empty user id', path: '/cgi-bin/user/get?userid=', code: 40003 },
  { what: 'a user id of 64 bytes', path: `/cgi-bin/user/get?userid=${'a'.repeat(64)}`, code: 60111 },
  { what: 'a user id of 65 bytes', path: `/cgi-bin/user/get?userid=${'a'.repeat(65)}`, code: 40003 },
  { what: 'members of an unknown department', path: '/cgi-bin/user/list?department_id=999', code: 60123 },
  { what: 'an unknown department', path: '/cgi-bin/department/simplelist?id=999', code: 60003 },
  { what: 'fetch_child, long gone', path: '/cgi-bin/user/list?department_id=1&fetch_child=1', code: 40058 },
])('$what is refused with $code', async ({ path, code }) => {
  expect((await testClient().wecom(path)).errcode).toBe(code)
})

test('who is outside the visible range cannot be seen, and contacts can be forbidden', async () => {
  const { wecom, sandbox } = testClient()
  sandbox.set({ memberOutOfRange: { wecom: ['ZHANGSANFENG'] } })
  expect((await wecom('/cgi-bin/user/get?userid=zhangsanfeng')).errcode).toBe(60011)
  sandbox.set({ permissionMissing: { wecom: ['contacts'] } })
  expect(await wecom('/cgi-bin/user/list?department_id=1')).toMatchObject({ errcode: 60011, userlist: [] })
})

test('member ids come in pages, one row per member and department', async () => {
  const client = testClient()
  const token = await client.wecomToken(client.sandbox.ready().credentials.wecom.contactsSecret)
  const page = async (body: unknown) =>
    JSON.parse((await client.post(`/cgi-bin/user/list_id?access_token=${token}`, body)).text)
  const all = await page({})
  expect(all.next_cursor).toBe('')
  expect(new Set(all.dept_user.map((u: Answer) => u.userid)).size).toBe(117)
  expect(all.dept_user.length).toBeGreaterThan(117)
  const first = await page({ limit: 100 })
  const second = await page({ limit: 100, cursor: first.next_cursor })
  expect([...first.dept_user, ...second.dept_user]).toEqual(all.dept_user)
  expect((await page({ cursor: 'nonsense' })).errcode).toBe(50100)
  expect((await page({ limit: 10_001 })).errcode).toBe(40058)
})

test('a mobile leads to its owner although apps may not see it; with +86 it does not', async () => {
  const { wecom, sandbox } = testClient()
  const { mobile } = sandbox.world.company.people[1]!.wecom!
  expect(await wecom('/cgi-bin/user/getuserid', { mobile })).toMatchObject({
    errcode: 0,
    userid: 'zhangsanfeng',
  })
  expect((await wecom('/cgi-bin/user/getuserid', { mobile: `+86${mobile}` })).errcode).toBe(46004)
  expect((await wecom('/cgi-bin/user/getuserid', { mobile: '138' })).errcode).toBe(40058)
})

test('more wrong questions than a fifth of the head-count shut the look-up for a day', async () => {
  const { wecom, sandbox } = testClient({ people: 50 })
  const { mobile } = sandbox.world.company.people[1]!.wecom!
  const heads = sandbox.world.company.people.filter((p) => p.wecom).length
  const wrong = async () => (await wecom('/cgi-bin/user/getuserid', { mobile: '13900000000' })).errcode
  for (let i = 0; i < Math.floor(heads * 0.2); i++) expect(await wrong()).toBe(46004)
  expect((await wecom('/cgi-bin/user/getuserid', { mobile })).errcode).toBe(0)
  expect(await wrong()).toBe(46004)
  expect((await wecom('/cgi-bin/user/getuserid', { mobile })).errcode).toBe(45009)
  sandbox.advance(86_399)
  expect((await wecom('/cgi-bin/user/getuserid', { mobile })).errcode).toBe(45009)
  sandbox.advance(1)
  expect((await wecom('/cgi-bin/user/getuserid', { mobile })).errcode).toBe(0)
})

test('the addresses of the API host, and the rules of the corp', async () => {
  const { wecom } = testClient()
  expect((await wecom('/cgi-bin/get_api_domain_ip')).ip_list.length).toBeGreaterThan(0)
  const rules = await wecom('/cgi-bin/checkin/getcorpcheckinoption', {})
  expect(wire.GetCorpCheckinOptionResponse.parse(rules).group).toHaveLength(3)
  const night = rules.group.find((g: Answer) => g.grouptype === 2)
  expect(night.schedulelist[0]).toMatchObject({ schedule_id: 0, schedule_name: '休息' })
  expect(night.schedulelist[1].time_section[0]).toMatchObject({ work_sec: 79_200, off_work_sec: 108_000 })
})
