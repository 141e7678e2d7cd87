// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a setup file writes a secret.
import { expect, test } from 'vitest'
import { isLoopback, isOutward } from './outward-address.ts'
import { parseSetup } from './setup-file.ts'

const env = { KEY: 'robot-key-hush', TOKEN: 'robot-token-hush', SECRET: 'SEChush', PASSWORD: 'mail-hush' }
const whole = `alarms:
  - { id: ops, kind: wecom-robot, key: \${KEY}, lang: en, level: critical }
  - { id: ding, kind: dingtalk-robot, accessToken: \${TOKEN}, secret: \${SECRET} }
  - { id: mail, kind: email, smtp: { host: smtp.example.com, user: ops, password: \${PASSWORD}, from: a@example.com }, to: [b@example.com] }
  - { id: hook, kind: webhook, url: "https://ops.example.com/hook?room=1", secret: \${SECRET}, level: off }
`
const problemsOf = (text: string) => parseSetup(text, env).problems
const but = (piece: string, instead: string) => {
  expect(whole).toContain(piece)
  return whole.replace(piece, () => instead)
}

test('channels are understood, with what is not written filled in', () => {
  const { setup, problems } = parseSetup(whole, env)
  expect(problems).toEqual([])
  expect(setup!.alarms).toEqual([
    { id: 'ops', kind: 'wecom-robot', key: 'robot-key-hush', endpoint: null, lang: 'en', level: 'critical' },
    {
      ...{ id: 'ding', kind: 'dingtalk-robot', accessToken: 'robot-token-hush', secret: 'SEChush' },
      ...{ endpoint: null, lang: 'zh', level: 'warning' },
    },
    {
      ...{ id: 'mail', kind: 'email', to: ['b@example.com'], lang: 'zh', level: 'warning' },
      smtp: {
        ...{ host: 'smtp.example.com', port: 465, tls: 'implicit' },
        ...{ user: 'ops', password: 'mail-hush', from: 'a@example.com' },
      },
    },
    {
      ...{ id: 'hook', kind: 'webhook', url: 'https://ops.example.com/hook?room=1' },
      ...{ secret: 'SEChush', lang: 'zh', level: 'off' },
    },
  ])
})

test('a mail server on another port has to offer TLS', () => {
  const { setup } = parseSetup(but('user: ops', 'port: 587, user: ops'), env)
  expect(setup!.alarms[2]).toMatchObject({ smtp: { port: 587, tls: 'starttls' } })
})

test.for<[wrong: string, text: string, line: number, problem: object]>([
  [
    'a kind nobody knows',
    but('wecom-robot', 'wecom'),
    2,
    { kind: 'bad-value', expected: expect.stringContaining('email') },
  ],
  [
    'a misspelt key',
    but('level: critical', 'levle: critical'),
    2,
    { kind: 'unknown-key', suggestion: 'level' },
  ],
  [
    'a key of another kind',
    but('lang: en', 'url: "https://a.example"'),
    2,
    { kind: 'unknown-key', key: 'url' },
  ],
  ['no kind', but('kind: wecom-robot, ', ''), 2, { kind: 'missing', key: 'kind' }],
  [
    'no secret',
    but(', secret: ${SECRET}, level: off', ', level: off'),
    5,
    { kind: 'missing', key: 'secret' },
  ],
  ['an id twice', but('id: ding', 'id: ops'), 3, { kind: 'duplicate-id', id: 'ops', firstLine: 2 }],
  [
    'a variable that is not set',
    but('${KEY}', '${NOBODY}'),
    2,
    { kind: 'missing-environment', name: 'NOBODY' },
  ],
  ['a level nobody knows', but('level: off', 'level: loud'), 5, { kind: 'bad-value', value: 'loud' }],
  [
    'plain http',
    but('https://ops', 'http://ops'),
    5,
    { kind: 'bad-value', expected: 'outward-url', value: '***' },
  ],
  [
    'a metadata address',
    but('ops.example.com', '169.254.169.254'),
    5,
    { expected: 'outward-url', value: '***' },
  ],
  ['no mail address', but('b@example.com', 'nobody'), 4, { expected: 'mail-address' }],
  ['no receiver', but('[b@example.com]', '[]'), 4, { expected: 'mail-address' }],
  ['a port out of range', but('user: ops', 'port: 99999, user: ops'), 4, { expected: 'port' }],
  ['a password in clear', but('user: ops', 'tls: off, user: ops'), 4, { expected: 'no-password-in-clear' }],
])('refused with its line: %s', ([, text, line, problem]) => {
  const problems = problemsOf(text)
  expect(problems).toMatchObject([{ line, problem }])
  expect(JSON.stringify(problems)).not.toMatch(/hush/)
})

test.for([
  ['https://ops.example.com/hook', true],
  ['https://10.0.0.7/hook', true],
  ['http://127.0.0.1:9000/', true],
  ['http://localhost:9000/', true],
  ['http://[::1]/', true],
  ['http://ops.example.com/', false],
  ['http://localhost.example.com/', false],
  ['https://user@ops.example.com/', false],
  ['https://169.254.169.254/latest', false],
  ['https://0xA9FEA9FE/', false],
  ['https://2852039166/', false],
  ['https://[::ffff:169.254.169.254]/', false],
  ['https://[fe80::1]/', false],
  ['https://[fd00:ec2::254]/', false],
  ['https://100.100.100.200/', false],
  ['https://metadata.google.internal./', false],
  ['https://metadata.tencentyun.com/', false],
  ['ftp://ops.example.com/', false],
  ['file:///etc/passwd', false],
  ['ops.example.com', false],
] as const)('%s may be sent to: %s', ([address, isAllowed]) => {
  expect(isOutward(address)).toBe(isAllowed)
})

test.for(['127.0.0.1', '127.9.9.9', 'LOCALHOST', '::1'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})
