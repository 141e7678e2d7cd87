import { expect, test } from 'vitest'
import { run } from '../test-outside.ts'

test.for([
  ['zh', /平台不提供删除.*已核对: .*管理后台.*存疑: .*undo 9/s],
  ['en', /no delete.*verified: .*admin console.*in doubt: .*undo 9/s],
] as const)(
  'unlink lists what went out under the link, and what can be done about each, in %s',
  async ([lang, says]) => {
    const { code, stdout } = await run(['unlink', 'hq-dingtalk:u001', '--lang', lang])
    expect(code).toBe(0)
    expect(stdout).toMatch(says)
    for (const text of ['2026-11-02 08:30:00', 'hq-dingtalk:u001', 'hq-wecom:zhangsan'])
      expect(stdout).toContain(text)
  },
)

test('the same as one document', async () => {
  const { stdout } = await run(['unlink', 'hq-dingtalk:u001', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ removed: 1, act: 9, recalled: 2 },
    delivered: { count: 2, states: { verified: 1, inDoubt: 1 }, records: [{ punch: '1' }, { punch: '2' }] },
  })
})

test('acts are listed with what they took away and what they put in its place', async () => {
  const { stdout } = await run(['acts'])
  for (const text of ['9', 'hr', '取消关联', '- hq u001 = zhangsan', '+ hq u001 ≠ zhangsan'])
    expect(stdout).toContain(text)
})

test('an act is taken back by its number, and what it frees is said', async () => {
  const { code, stdout } = await run(['undo', '9'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/已撤回操作 9.*3 条等待的打卡.*undo 10/s)
  expect((await run(['undo', 'nine'])).code).toBe(2)
})

test('every record of an account, as a table for a spreadsheet and as one document', async () => {
  const argv = ['links', 'delivered', 'hq-wecom:zhangsan']
  const { stdout } = await run([...argv, '--csv'])
  expect(stdout.split('\r\n')).toEqual([
    'route,punch,at,source,target,state',
    'hq,1,2026-11-02T08:30:00+08:00,hq-dingtalk:u001,hq-wecom:zhangsan,verified',
    'hq,2,2026-11-03T08:30:00+08:00,hq-dingtalk:u001,hq-wecom:zhangsan,inDoubt',
    '',
  ])
  expect(JSON.parse((await run([...argv, '--json'])).stdout)).toHaveLength(2)
})
