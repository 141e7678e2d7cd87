import { expect, test } from 'vitest'
import { fail } from '#domain/failures.ts'
import { run } from '../test-outside.ts'

test.for([
  [
    'zh',
    /未恢复 1 条.*严重.*quota-spent.*hq-dingtalk.*怎么办：.*最近恢复 1 条.*deliveries-refused.*ops.*可用.*boss.*连不上/s,
  ],
  [
    'en',
    /1 open.*critical.*quota-spent.*What to do: .*1 recently over.*ops.*works.*boss.*cannot be reached/s,
  ],
] as const)('alarms says in %s what is wrong, what to do, and who is told', async ([lang, says]) => {
  const { code, stdout } = await run(['alarms', '--lang', lang])
  expect(code).toBe(0)
  expect(stdout).toMatch(says)
})

test('the same as one document', async () => {
  const { stdout } = await run(['alarms', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    open: [{ code: 'quota-spent', about: 'hq-dingtalk', facts: { quota: 5000 } }],
    past: [{ code: 'deliveries-refused', until: '2026-11-06T10:00:00+08:00' }],
    channels: [{ channel: 'ops' }, { channel: 'boss', failure: 'unreachable' }],
  })
})

test('a test of all channels fails when one of them does', async () => {
  const { code, stdout } = await run(['alarms', 'test'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/✓ ops 已送达\n✗ boss 没有送达：连不上它的服务器/)
  expect((await run(['alarms', 'test', 'ops'])).code).toBe(0)
})

test('a channel nobody set up is named with those that are', async () => {
  const { code, stderr } = await run(['alarms', 'test', 'op'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/op.*现有：boss、ops/s)
})

test('without any channel there is nothing to test, and setup.yaml is where to begin', async () => {
  const { code, stderr } = await run(['alarms', 'test'], {
    product: { testAlarms: async () => fail('usage.no-channels', {}) },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('setup.yaml')
})
