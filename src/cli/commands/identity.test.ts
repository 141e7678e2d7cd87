import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../test-outside.ts'

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-identity-'))
  file = join(folder, 'accounts.jsonl')
  const rows = [
    { connection: 'hq-dingtalk', userId: 'u001', name: '张三', mobile: '13800001234', jobNumber: 'A0001' },
    {
      connection: 'hq-wecom',
      userId: 'zhangsan',
      name: '张三',
      mobile: '+8613800001234',
      jobNumber: 'A0001',
    },
    { connection: 'hq-wecom', userId: 'lisi', name: '李四' },
  ]
  await writeFile(file, [...rows.map((one) => JSON.stringify(one)), 'oops'].join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a file of accounts is resolved without opening the product', async () => {
  const spoken = await run(['identity', 'bench', '--accounts', file])
  expect(spoken).toMatchObject({ code: 0, opened: 0 })
  expect(spoken.stdout).toContain('hq-dingtalk:u001 = hq-wecom:zhangsan')
  expect(spoken.stderr).toContain('第 4 行')
  const english = await run(['--lang', 'en', 'identity', 'bench', '--accounts', file])
  expect(english.stdout).toContain('same mobile (ends in 1234)')
})

test('--json is one document with people, pairs, counts and the lines passed over', async () => {
  const { code, stdout } = await run(['identity', 'bench', '--accounts', file, '--json'])
  expect(code).toBe(0)
  expect(stdout).not.toContain('13800001234')
  expect(JSON.parse(stdout)).toMatchObject({
    accounts: 3,
    people: [
      {
        status: 'linked',
        accounts: [
          { connection: 'hq-dingtalk', userId: 'u001' },
          { connection: 'hq-wecom', userId: 'zhangsan' },
        ],
        because: ['手机号一致（尾号 1234）', '工号一致 A0001', '同名 张三'],
      },
      { status: 'unmatched', accounts: [{ connection: 'hq-wecom', userId: 'lisi' }], probability: null },
    ],
    links: [{ status: 'linked', wouldChange: ['由人解除关联'] }],
    counts: { linked: 2, unmatched: 1 },
    badLines: [{ line: 4, problem: 'not-json' }],
    durationMs: expect.any(Number),
  })
})

test('a file that cannot be read is bad usage', async () => {
  const { code, stdout } = await run([
    'identity',
    'bench',
    '--accounts',
    join(folder, 'none.jsonl'),
    '--json',
  ])
  expect(code).toBe(2)
  expect(JSON.parse(stdout).error.title).toContain('none.jsonl')
  expect((await run(['identity', 'bench', '--accounts', folder])).code).toBe(2)
  expect((await run(['identity', 'bench'])).code).toBe(2)
})
