import { expect, test } from 'vitest'
import { openReport, run } from '../test-outside.ts'

test.for([
  [
    'zh',
    /写入钉钉 96 条.*共 100 次；额度现在允许写 40 条.*整月约 4400 次.*本月可用于写入 900 次.*到 2026-11-06 用完.*从 2026-12-01 起.*升级为专业版（每月 200000 次，目录价每年另加 9800 元）.*至多留 31 人.*改为单向/s,
  ],
  [
    'en',
    /96 records for DingTalk.*100 calls.*for 40 now.*about 4400 in a whole one; 900 are left.*gone on 2026-11-06.*from 2026-12-01.*professional edition \(200000 calls a month, 9800 yuan a year more.*at most 31 people.*one way alone/s,
  ],
] as const)(
  'plan refuses in %s what the quota does not carry, with the choices and their price',
  async ([lang, says]) => {
    const { code, stdout } = await run(['plan', '--route', 'hq', '--lang', lang])
    expect(code).toBe(0)
    expect(stdout).toMatch(says)
  },
)

test('the same as one document', async () => {
  const { stdout } = await run(['plan', '--route', 'hq', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    writing: {
      enough: false,
      allowedNow: 40,
      choices: [{}, { kind: 'raiseEdition' }, {}, { kind: 'oneWay' }],
    },
  })
})

test.for([
  ['zh', /每月另需约 5500 次，额度不够，需升级为专业版/],
  ['en', /about 5500 more a month, more than the quota: the professional edition/],
] as const)('check ends in %s with what writing here would cost', async ([lang, says]) => {
  expect((await run(['check', 'hq-dingtalk', '--lang', lang])).stdout).toMatch(says)
})

test('a sync beyond the quota is done with something open, and says what to do about it', async () => {
  const product = { sync: async () => openReport({ held: 3, heldBecause: { outOfCalls: 3 } }) }
  const { code, stdout } = await run(['sync', '--route', 'hq'], { product })
  expect(code).toBe(3)
  expect(stdout).toMatch(/等钉钉调用额度 3.*额度恢复后自动写入；运行 npx qintong plan --route hq/s)
  expect(stdout).not.toMatch(/等身份关联：运行/)
})
