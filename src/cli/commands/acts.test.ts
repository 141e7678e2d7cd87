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

const verified = {
  link: 'open' as const,
  count: 1,
  states: { verified: 1 },
  records: [
    {
      ...{ route: 'hq', punch: '1', at: '2026-11-02T08:30:00+08:00', state: 'verified' as const },
      source: { connection: 'hq-dingtalk', userId: 'u001' },
      target: { connection: 'hq-wecom', userId: 'zhangsan' },
    },
  ],
}
const undone = { undone: 8, kind: 'confirm', subject: 'hq-dingtalk:u001', act: 10, released: 0, recalled: 0 }

test('taking a confirmation back calls nobody the wrong person', async () => {
  const undo = async () => ({ ...undone, redirected: 0, delivered: verified })
  const { stdout } = await run(['undo', '8', '--lang', 'en'], { product: { undo } })
  expect(stdout).toMatch(/1 record had gone out.*nobody says now whether it is right/s)
  expect(stdout).not.toMatch(/wrong person|admin console/)
})

test('punches that go to the right person now are told, one as one', async () => {
  const undo = async () => ({ ...undone, redirected: 1, delivered: { ...verified, count: 0 } })
  expect((await run(['undo', '8', '--lang', 'en'], { product: { undo } })).stdout).toMatch(
    /1 punch that had gone to the wrong account goes to the right person.*qintong sync/s,
  )
})

test('parting two who are apart already says that nothing has changed', async () => {
  const product = {
    unlink: async () => ({
      account: { connection: 'hq-dingtalk', userId: 'u001' },
      ...{ from: [], removed: 0, act: null, released: 0, redirected: 0, recalled: 0 },
      delivered: { ...verified, count: 0 },
    }),
  }
  const { stdout } = await run(['unlink', 'hq-dingtalk:u001', 'hq-wecom:zhangsan'], { product })
  expect(stdout).toMatch(/没有任何改变/)
  expect(stdout).not.toMatch(/undo/)
})
