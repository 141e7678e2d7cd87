import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellWords } from './shell-command.ts'

test.for([
  'hq-dingtalk:u001',
  'hq-wecom:张三',
  "hq-wecom:o'brien <b>",
  'hq-wecom:$(touch x) `id` "$HOME" \\',
  'hq-wecom:*?[a]~!#&;|',
])('a shell takes %s as one word, unchanged', (word) => {
  const [, , link, quoted] = shellWords(['link', word], false)
  expect(link).toBe('link')
  expect(execFileSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(word)
})

test('in the demo every command says so', () => {
  expect(shellWords(['resume', 'hq'], true).join(' ')).toBe('npx qintong resume hq --demo')
})
