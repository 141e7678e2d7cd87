import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { benchIdentity } from './identity-bench.ts'
import { readStaffFile } from './staff-file.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-staff-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(lines: string[]): Promise<string> {
  const path = join(folder, `${Math.abs(lines.join().length)}-${lines.length}.jsonl`)
  await writeFile(path, lines.join('\r\n'))
  return path
}
const row = (connection: string, userId: string, facts: object) =>
  JSON.stringify({ connection, userId, ...facts })

test('lines that cannot be read are named, and stop nobody', async () => {
  const good = row('hq-dingtalk', 'u1', {
    name: '张三',
    mobile: '138 0000 1234',
    jobNumber: 7,
    departments: '研发',
    shoe: 42,
  })
  const path = await fileOf([
    `\uFEFF${good}`,
    '{"connection":"hq-dingtalk"',
    '',
    '[1]',
    row('', 'u2', {}),
    row('hq-dingtalk', ' ', {}),
    good,
    row('hq-dingtalk', 'u1', { name: '李四', mobile: '一二三' }),
  ])
  const { accounts, badLines } = await readStaffFile(path)
  expect(badLines).toEqual([
    { line: 2, problem: 'not-json' },
    { line: 4, problem: 'not-an-object' },
    { line: 5, problem: 'no-connection' },
    { line: 6, problem: 'no-user-id' },
    { line: 7, problem: 'duplicate' },
  ])
  expect(accounts).toMatchObject([
    {
      id: 'hq-dingtalk:u1',
      mobile: '+8613800001234',
      mobileTail: '1234',
      jobNumber: '7',
      departments: ['研发'],
    },
    // Somebody else held the user id later.
    { id: 'hq-dingtalk:u1#2', name: '李四', mobile: null },
  ])
})

test('people and pairs are told once each, with reasons and weights', async () => {
  const path = await fileOf([
    row('hq-dingtalk', 'u1', { name: '张三', mobile: '+86 13800001234', jobNumber: 'A0001' }),
    row('hq-wecom', 'zhangsan', { name: '张三', mobile: '13800001234', jobNumber: 'a0001' }),
    row('hq-dingtalk', 'u2', { name: '李四' }),
    row('hq-wecom', 'lisi', { name: '李四' }),
  ])
  const bench = await benchIdentity(path)
  expect(bench.counts).toEqual({ linked: 2, suggested: 2, conflicting: 0, unmatched: 0 })
  const people = [...bench.people()]
  expect(people).toHaveLength(3)
  expect(people.find(({ status }) => status === 'linked')).toMatchObject({
    name: '张三',
    accounts: [
      { connection: 'hq-dingtalk', userId: 'u1' },
      { connection: 'hq-wecom', userId: 'zhangsan' },
    ],
    candidates: [],
    because: [{ code: 'mobile', tail: '1234' }, { code: 'job-number' }, { code: 'same-name' }],
  })
  const links = [...bench.links()]
  expect(links.map(({ status }) => status).sort()).toEqual(['linked', 'suggested'])
  expect(links.find(({ status }) => status === 'linked')).toMatchObject({
    weights: { mobile: expect.any(Number), jobNumber: expect.any(Number), name: expect.any(Number) },
  })
  expect(links.find(({ status }) => status === 'suggested')!.wouldChange).toContainEqual({ code: 'confirm' })
})
