// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a setup file writes a secret.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AppliedSetup, nothingApplied, parseSetup, setupFileMaxBytes } from './setup-file.ts'

const env = { S: 'hush', HQ_WECOM_SECRET: 'wecom-hush' }
const whole = `subsidiaries:
  - { id: hq, name: 总部 }
connections:
  - id: hq-dingtalk
    subsidiary: hq
    platform: dingtalk
    corpId: dingcorp0001
    clientId: 007
    clientSecret: \${S}     # a comment
    agentId: 1001
    operatorUserId: manager01
    edition: [standard, development-pack]
    events: { mode: stream }
    endpoints: { oapi: "http://127.0.0.1:4001", api: "http://127.0.0.1:4001/" }
  - id: hq-wecom
    subsidiary: hq
    platform: wecom
    corpId: ww00000000000001
    agentId: 1000002
    secret: \${HQ_WECOM_SECRET}
    contactsSecret: \${S}
    jobNumber: { from: extattr, name: 工号 }
    callback: { token: \${S}, encodingAesKey: "a\${S}b" }
    visibilityMax: 45m
    endpoints: { api: "http://127.0.0.1:4002" }
routes:
  - id: hq
    between: [hq-dingtalk, hq-wecom]
    direction: dingtalk-to-wecom
    since: 2026-11-01
    scope: { departments: ["研发中心"], people: [u001, 0012], except: ["boss"] }
    pollEvery: 15m
    quietHours: ["08:30-09:30", "17:30-18:30"]
links:
  - { dingtalk: u001, wecom: zhangsan, on: hq }
`
const read = (text: string, applied: AppliedSetup = nothingApplied) => {
  const { setup, problems } = parseSetup(text, env, applied)
  expect(problems).toEqual([])
  return setup!
}
const problemsOf = (text: string, applied: AppliedSetup = nothingApplied) => {
  const { setup, problems } = parseSetup(text, env, applied)
  expect(setup === null).toBe(problems.length > 0)
  return problems
}
/** The whole file with one piece replaced; the piece must stand in it. */
const but = (piece: string, instead: string) => {
  expect(whole).toContain(piece)
  return whole.replace(piece, () => instead)
}

test('the file of the manual is understood whole', () => {
  const { subsidiaries, connections, routes, links } = read(whole)
  expect(subsidiaries).toEqual([{ id: 'hq', name: '总部' }])
  expect(connections).toEqual([
    {
      id: 'hq-dingtalk',
      subsidiary: 'hq',
      platform: 'dingtalk',
      corpId: 'dingcorp0001',
      clientId: '007',
      clientSecret: 'hush',
      agentId: '1001',
      operatorUserId: 'manager01',
      edition: ['standard', 'development-pack'],
      events: { mode: 'stream' },
      visibilityMaxMs: null,
      endpoints: { oapi: 'http://127.0.0.1:4001', api: 'http://127.0.0.1:4001' },
    },
    {
      id: 'hq-wecom',
      subsidiary: 'hq',
      platform: 'wecom',
      corpId: 'ww00000000000001',
      agentId: '1000002',
      secret: 'wecom-hush',
      contactsSecret: 'hush',
      jobNumber: { from: 'extattr', name: '工号' },
      callback: { token: 'hush', encodingAesKey: 'ahushb' },
      visibilityMaxMs: 2_700_000,
      endpoints: { api: 'http://127.0.0.1:4002' },
    },
  ])
  expect(routes[0]).toMatchObject({
    id: 'hq',
    between: ['hq-dingtalk', 'hq-wecom'],
    direction: 'dingtalk-to-wecom',
    scope: { departments: ['研发中心'], people: ['u001', '0012'], except: ['boss'] },
    pollEveryMs: 900_000,
    quietHours: ['08:30-09:30', '17:30-18:30'],
  })
  expect(String(routes[0]!.since)).toBe('2026-11-01')
  expect(links).toEqual([{ dingtalk: 'u001', wecom: 'zhangsan', on: 'hq' }])
})

test.for([
  '007',
  '0x1F',
  '1e3',
  'true',
  'null',
  '1_000',
  '2026-11-01',
  '1.0',
  '0o17',
  '.5',
  'yes',
  "'007'",
  '"007"',
])('the id %s stays the text it is', (id) => {
  const { connections } = read(but('clientId: 007', `clientId: ${id}`))
  expect(connections[0]).toMatchObject({ clientId: id.replace(/^['"]|['"]$/g, '') })
})

test.for(['off', 'Off', 'OFF', '"off"', 'false', 'False', 'no'])('mode: %s turns events off', (spelling) => {
  expect(read(but('mode: stream', `mode: ${spelling}`)).connections[0]).toMatchObject({
    events: { mode: 'off' },
  })
})

test('what the file leaves out has a preset', () => {
  const { connections } = read(`subsidiaries: [{ id: hq, name: 总部 }]
connections:
  - { id: a, subsidiary: hq, platform: dingtalk, corpId: d, clientId: c, clientSecret: s }
  - { id: b, subsidiary: hq, platform: wecom, corpId: w, secret: s, agentId: }
`)
  expect(connections).toMatchObject([
    { edition: ['standard'], events: { mode: 'off' }, agentId: null, endpoints: { oapi: null, api: null } },
    { jobNumber: { from: 'extattr', name: '工号' }, callback: null, agentId: null, contactsSecret: null },
  ])
})

test.for(['', '# nothing here\n', '---\n', '[]', 'text'])('%j says nothing, and is told so', (text) => {
  expect(problemsOf(text)).toMatchObject([{ line: 1, problem: { kind: 'bad-value', expected: 'mapping' } }])
})

test('a part may stand alone on what was applied before', () => {
  const applied: AppliedSetup = {
    subsidiaries: ['hq'],
    connections: [
      { id: 'hq-dingtalk', platform: 'dingtalk' },
      { id: 'hq-wecom', platform: 'wecom' },
    ],
    routes: [{ id: 'hq', between: ['hq-wecom', 'hq-dingtalk'] }],
  }
  expect(read('links: [{ dingtalk: u1, wecom: w1, on: hq }]', applied).links).toHaveLength(1)
  const route = (id: string) =>
    `routes: [{ id: ${id}, between: [hq-dingtalk, hq-wecom], direction: dingtalk-to-wecom, since: 2026-11-01 }]`
  expect(read(route('hq'), applied).routes).toHaveLength(1)
  expect(problemsOf(route('second'), applied)).toMatchObject([
    { problem: { kind: 'duplicate-id', firstLine: 0 } },
  ])
})

test('an applied connection cannot move to the other platform', () => {
  const applied: AppliedSetup = { ...nothingApplied, connections: [{ id: 'hq-wecom', platform: 'dingtalk' }] }
  expect(problemsOf(whole, applied)).toMatchObject([
    { path: 'connections[1].platform', problem: { expected: 'same-platform-as-before' } },
    { path: 'routes[0].between', problem: { expected: 'one-of-each-platform' } },
  ])
})

test.for([
  {
    when: 'a key is misspelt',
    text: but('since:', 'sinse:'),
    line: 30,
    column: 5,
    path: 'routes[0].sinse',
    problem: { kind: 'unknown-key', suggestion: 'since' },
  },
  {
    when: "a key is the other platform's",
    text: but('    agentId: 1000002\n', '    clientId: x\n'),
    line: 19,
    column: 5,
    path: 'connections[1].clientId',
    problem: { kind: 'unknown-key' },
  },
  {
    when: 'a key is missing',
    text: but('    corpId: ww00000000000001\n', ''),
    line: 15,
    column: 5,
    path: 'connections[1].corpId',
    problem: { kind: 'missing', example: 'corpId: ww00000000000001' },
  },
  {
    when: 'a required value is empty',
    text: but('corpId: dingcorp0001', 'corpId:'),
    line: 7,
    column: 12,
    path: 'connections[0].corpId',
    problem: { kind: 'missing' },
  },
  {
    when: 'an id is not one of ours',
    text: but('{ id: hq,', '{ id: HQ_1,'),
    line: 2,
    column: 11,
    path: 'subsidiaries[0].id',
    problem: { kind: 'bad-value', value: 'HQ_1', expected: 'own-id' },
  },
  {
    when: 'a duration has no unit',
    text: but('visibilityMax: 45m', 'visibilityMax: 45'),
    line: 24,
    column: 20,
    path: 'connections[1].visibilityMax',
    problem: { kind: 'bad-value', value: '45', expected: 'duration' },
  },
  {
    when: 'a date does not exist',
    text: but('2026-11-01', '2026-02-30'),
    line: 30,
    column: 12,
    path: 'routes[0].since',
    problem: { kind: 'bad-value', expected: 'date' },
  },
  {
    when: 'an address is not one',
    text: but('"http://127.0.0.1:4002"', 'ftp://x'),
    line: 25,
    column: 23,
    path: 'connections[1].endpoints.api',
    problem: { kind: 'bad-value', expected: 'url' },
  },
  {
    when: 'hours are not hours',
    text: but('17:30-18:30', '17:30-24:30'),
    line: 33,
    column: 33,
    path: 'routes[0].quietHours[1]',
    problem: { kind: 'bad-value', expected: 'hours' },
  },
  {
    when: 'an edition is made up',
    text: but('[standard, development-pack]', 'development-pack'),
    line: 12,
    column: 14,
    path: 'connections[0].edition',
    problem: { kind: 'bad-value', expected: 'edition' },
  },
  {
    when: 'a word is not one of the few',
    text: but('direction: dingtalk-to-wecom', 'direction: sideways'),
    line: 29,
    column: 16,
    path: 'routes[0].direction',
    problem: { kind: 'bad-value', expected: 'one of dingtalk-to-wecom | wecom-to-dingtalk | both' },
  },
  {
    when: 'events by http have no key',
    text: but('mode: stream', 'mode: http, token: t'),
    line: 13,
    column: 13,
    path: 'connections[0].events.aesKey',
    problem: { kind: 'missing', key: 'aesKey' },
  },
  {
    when: 'a job number names no field',
    text: but(', name: 工号', ''),
    line: 22,
    column: 16,
    path: 'connections[1].jobNumber.name',
    problem: { kind: 'missing', key: 'name' },
  },
  {
    when: 'a list is a word',
    text: but('[hq-dingtalk, hq-wecom]', 'hq-dingtalk'),
    line: 28,
    column: 14,
    path: 'routes[0].between',
    problem: { kind: 'bad-value', expected: 'list' },
  },
  {
    when: 'a route has one end',
    text: but('[hq-dingtalk, hq-wecom]', '[hq-dingtalk]'),
    line: 28,
    column: 14,
    path: 'routes[0].between',
    problem: { kind: 'bad-value', expected: 'two-connections' },
  },
  {
    when: 'a reference dangles',
    text: but('[hq-dingtalk, hq-wecom]', '[hq-dingtlak, hq-wecom]'),
    line: 28,
    column: 15,
    path: 'routes[0].between[0]',
    problem: { kind: 'dangling', id: 'hq-dingtlak', what: 'connection', suggestion: 'hq-dingtalk' },
  },
  {
    when: 'a link is on no route',
    text: but('on: hq }', 'on: branch }'),
    line: 35,
    column: 44,
    path: 'links[0].on',
    problem: { kind: 'dangling', what: 'route', suggestion: null, known: ['hq'] },
  },
  {
    when: 'a variable is not set',
    text: but('${HQ_WECOM_SECRET}', '${NOT_SET}'),
    line: 20,
    column: 13,
    path: 'connections[1].secret',
    problem: { kind: 'missing-environment', name: 'NOT_SET' },
  },
  {
    when: 'a variable has no name',
    text: but('${HQ_WECOM_SECRET}', '"${}"'),
    line: 20,
    column: 13,
    path: 'connections[1].secret',
    problem: { kind: 'bad-value', expected: 'environment-name' },
  },
  {
    when: 'an id stands twice',
    text: but('links:', '  - { id: hq, between: [], direction: both, since: 2026-11-01 }\nlinks:'),
    line: 34,
    column: 11,
    path: 'routes[1].id',
    problem: { kind: 'duplicate-id', id: 'hq', firstLine: 27 },
  },
  {
    when: 'one WeCom account is linked twice, in another case',
    text: `${whole}  - { dingtalk: u002, wecom: ZhangSan, on: hq }\n`,
    line: 36,
    column: 5,
    path: 'links[1].wecom',
    problem: { kind: 'duplicate-id', id: 'ZhangSan', firstLine: 35 },
  },
  {
    when: 'a key stands twice',
    text: but('    pollEvery: 15m\n', '    pollEvery: 15m\n    pollEvery: 20m\n'),
    line: 33,
    column: 5,
    path: '',
    problem: { kind: 'syntax', text: 'DUPLICATE_KEY' },
  },
])('refused with its place when $when', ({ text, line, column, path, problem }) => {
  expect(problemsOf(text)).toContainEqual({ line, column, path, problem: expect.objectContaining(problem) })
})

test('every problem of a file is told at once, in its order', () => {
  const text = but('platform: wecom', 'platform: wechat')
    .replace('since: 2026-11-01', 'since: soon')
    .replace('clientId: 007', 'clintId: 007')
  expect(problemsOf(text).map(({ line }) => line)).toEqual([8, 17, 30])
})

test('secrets are in no problem', () => {
  const text = whole
    .replace('${HQ_WECOM_SECRET}', '[hunter2]')
    .replace('clientSecret: ${S}', 'clientSecret: "hunter2 ${}"')
    .replace('corpId: dingcorp0001', 'corpId: { x: hunter2 }')
    .replace('visibilityMax: 45m', 'visibilityMax: ${S}')
  const problems = problemsOf(text)
  expect(problems.length).toBeGreaterThan(2)
  expect(JSON.stringify(problems)).not.toMatch(/hunter2|hush/)
})

test('a misspelt key is one problem, not two', () => {
  expect(problemsOf(but('corpId: ww', 'corpID: ww'))).toHaveLength(1)
})

test('a file that is too large or explodes is refused in words', () => {
  expect(problemsOf('#'.repeat(setupFileMaxBytes + 1))).toMatchObject([{ problem: { text: 'TOO_LARGE' } }])
  const bomb = `subsidiaries: &a [${'{ id: a, name: b }, '.repeat(200)}]\nconnections: [${'*b, '.repeat(300)}]\n`
  expect(problemsOf(bomb).length).toBeGreaterThan(0)
  const many = `subsidiaries:\n  - &a { id: a, name: b }\n${'  - *a\n'.repeat(500)}`
  expect(problemsOf(many)).toContainEqual(
    expect.objectContaining({ problem: { kind: 'syntax', text: 'RESOURCE_EXHAUSTION' } }),
  )
  expect(problemsOf('['.repeat(100_000)).length).toBeGreaterThan(0)
})

const ownId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/)
const platformId = fc.stringMatching(/^[A-Za-z0-9_.@-]{1,20}$/)
const quoted = (text: string) => JSON.stringify(text)

test('every file that keeps the rules is understood, and says what was written', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(ownId, { minLength: 2, maxLength: 6 }),
      ownId,
      fc.uniqueArray(platformId, { maxLength: 5, selector: (id) => id.toLowerCase() }),
      fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      (ids, subsidiary, people, date) => {
        const since = date.toISOString().slice(0, 10)
        const half = Math.floor(ids.length / 2)
        const text = JSON.stringify({
          subsidiaries: [{ id: subsidiary, name: '总部' }],
          connections: ids.map((id, index) =>
            index < half
              ? { id, subsidiary, platform: 'dingtalk', corpId: 'd', clientId: 'c', clientSecret: 's' }
              : { id, subsidiary, platform: 'wecom', corpId: 'w', secret: 's' },
          ),
          routes: ids.slice(0, half).map((id, index) => ({
            id,
            between: [ids[half + index], id],
            direction: 'dingtalk-to-wecom',
            since,
            scope: { people },
          })),
          links: people.map((id) => ({ dingtalk: id, wecom: id, on: ids[0] })),
        })
        const setup = read(text)
        expect(setup.connections.map(({ id }) => id)).toEqual(ids)
        expect(setup.routes.map((route) => String(route.since))).toEqual(ids.slice(0, half).map(() => since))
        expect(setup.routes[0]!.scope.people).toEqual(people)
        expect(setup.links.map(({ wecom }) => wecom)).toEqual(people)
      },
    ),
  )
})

const keys = [...new Set([...whole.matchAll(/([A-Za-z]+):(?= |\n)/g)].map(([, key]) => key!))].filter(
  (key) => !/^(http|name|on)$/.test(key),
)
const typo = fc
  .tuple(
    fc.constantFrom(...keys),
    fc.nat({ max: 30 }),
    fc.constantFrom('replace', 'drop', 'insert', 'swap'),
    fc.stringMatching(/^[a-z]$/),
  )
  .map(([key, place, kind, letter]) => {
    const at = place % key.length
    const [before, after] = [key.slice(0, at), key.slice(at + 1)]
    const word =
      kind === 'replace'
        ? before + letter + after
        : kind === 'drop'
          ? before + after
          : kind === 'insert'
            ? before + letter + key.slice(at)
            : before + (after[0] ?? '') + key[at] + after.slice(1)
    return { key, word }
  })
  .filter(({ key, word }) => word !== key && word !== '' && !keys.includes(word))

test('every one-letter typo of a key is met with the key', () => {
  fc.assert(
    fc.property(typo, ({ key, word }) => {
      const text = whole.replace(new RegExp(`\\b${key}:`), `${quoted(word)}:`)
      const meant = problemsOf(text).flatMap(({ problem }) =>
        problem.kind === 'unknown-key' && problem.key === word ? [problem.suggestion] : [],
      )
      expect(meant).toContain(key)
    }),
    { numRuns: 300 },
  )
})

test('no file of any kind throws', () => {
  const pieces = fc.array(
    fc.constantFrom(
      ...whole.split('\n'),
      '  - ',
      '&a',
      '*a',
      '{',
      ']',
      '"',
      '${X}',
      '!!set',
      '\t',
      '<<: *a',
      '? ',
      '---',
    ),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((lines) => lines.join('\n')),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        const { setup, problems } = parseSetup(text, env)
        expect(setup === null).toBe(problems.length > 0)
        for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1)
      },
    ),
    { numRuns: 1000, examples: [['*a'], ['routes: *a'], ['subsidiaries: &a\n  - *a']] },
  )
})
