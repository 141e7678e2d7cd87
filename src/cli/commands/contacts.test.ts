import { describe, expect, test } from 'vitest'
import { openReport, run } from '../test-outside.ts'

test('a roster that is not believed ends with 3, and says what to look at', async () => {
  const { code, stdout, stderr } = await run(['contacts'])
  expect(code).toBe(3)
  expect(stdout).toContain('hq-wecom')
  expect(stdout).toContain('张三')
  expect(stderr).toMatch(/118.*40.*可见范围.*--accept/s)
})

test('the same as one document carries title and hint', async () => {
  const { code, stdout, stderr } = await run(['contacts', 'hq-wecom', '--json'])
  expect([code, stderr]).toEqual([3, ''])
  expect(JSON.parse(stdout)).toMatchObject([
    {
      doubt: { code: 'many-lost' },
      title: expect.stringContaining('40'),
      hint: expect.stringContaining('--accept'),
    },
  ])
})

test('an accepted one names the import that can be taken back', async () => {
  const { code, stdout } = await run(['contacts', 'hq-wecom', '--accept'])
  expect(code).toBe(0)
  expect(stdout).toContain('--undo 13')
})

test('a preview tells departments, whom the scope leaves out, and who is out of sight', async () => {
  for (const lang of ['zh', 'en']) {
    const { code, stdout } = await run(['contacts', '--preview', '--lang', lang])
    expect(code).toBe(0)
    for (const word of ['研发中心', '老板', '吴九', '3']) expect(stdout).toContain(word)
  }
})

describe('an import is taken back', () => {
  test('by its number', async () => {
    const { code, stdout } = await run(['contacts', '--undo', '12', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([0, { import: 12, connection: 'hq-wecom', accounts: 40 }])
  })

  test.for([
    { argv: ['--undo', '99'], says: '99' },
    { argv: ['--undo', 'last'], says: '--undo' },
    { argv: ['--undo', '12', '--preview'], says: '同时' },
    { argv: ['--history', 'u001'], says: 'hq-dingtalk:u001' },
  ])('$argv is bad usage', async ({ argv, says }) => {
    const { code, stderr } = await run(['contacts', ...argv])
    expect(code).toBe(2)
    expect(stderr).toContain(says)
  })
})

test('an account’s history names its holders and each change', async () => {
  const { code, stdout } = await run(['contacts', '--history', 'hq-dingtalk:u001'])
  expect(code).toBe(0)
  for (const word of ['张三', 'A0001', '2026-11-01']) expect(stdout).toContain(word)
})

test('a sync says what its roster reads changed, and why one was not believed', async () => {
  const news = { connection: 'hq-wecom', platform: 'wecom' as const, uncertain: 1, doubt: null }
  const contacts = [
    { ...news, import: 7, counts: { joined: 2, reused: 1 } },
    { ...news, import: null, counts: {}, doubt: { code: 'nobody-listed' as const, of: 118 } },
  ]
  const product = { sync: async () => ({ ...openReport({}), contacts }) }
  const { stdout } = await run(['sync', '--route', 'hq'], { product })
  expect(stdout).toMatch(/hq-wecom：新增 2、换人 1；其中 1 项请核对/)
  expect(stdout).toMatch(/一个人也没有，而已知有 118 人[\s\S]*--accept/)
})
