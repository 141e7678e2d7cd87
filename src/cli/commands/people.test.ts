import { expect, test } from 'vitest'
import { run } from '../test-outside.ts'

test('a suggestion shows how sure it is, what would settle it, and every way to decide it', async () => {
  const { stdout } = await run(['people'])
  const row = stdout.split('\n').find((line) => line.startsWith('李四'))!
  for (const text of ['hq-wecom:lisi', '0.8000', '由人确认是否同一人']) expect(row).toContain(text)
  const next = stdout.trimEnd().split('\n').at(-1)
  for (const text of ['confirm', 'link', 'links export']) expect(next).toContain(`npx qintong ${text}`)
})

test('where nobody is suggested, nothing is offered to be confirmed', async () => {
  const people = async () => [
    {
      ...{
        person: 'p_1',
        name: 'Li',
        status: 'unmatched' as const,
        formerly: [],
        alsoElsewhere: false,
        candidates: [],
      },
      accounts: [{ connection: 'hq-wecom', userId: 'li', since: '2026-11-01T08:00:00+08:00' }],
      because: [{ code: 'parted' as const, userId: 'u001', by: 'hr', at: '2026-11-03T09:30:00+08:00' }],
      ...{ probability: null, weight: null, weights: {} },
      wouldChange: [
        { code: 'link' as const, accounts: ['hq-dingtalk:u001', 'hq-wecom:li'] as [string, string] },
      ],
    },
  ]
  const { stdout } = await run(['people', '--lang', 'en'], { product: { people } })
  expect(stdout).toContain('hr said at 2026-11-03 09:30 that it is not u001')
  expect(stdout).toContain('npx qintong link hq-dingtalk:u001 hq-wecom:li')
  expect(stdout).not.toContain('qintong confirm')
})

test('every line of the English help begins alike', async () => {
  for (const argv of [
    ['--help'],
    ['people', '--help'],
    ['contacts', '--help'],
    ['identity', 'bench', '--help'],
  ]) {
    const { stdout } = await run([...argv, '--lang', 'en'])
    const [commands] = stdout.split('Environment')
    for (const [line, first] of commands!.matchAll(/^ {2}\S.*? {2,}(\S+)/gm))
      expect(first, line).not.toMatch(/^[A-Z][a-z]/)
  }
})
