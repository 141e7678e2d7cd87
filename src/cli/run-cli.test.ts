import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Failure, FailureError, fail, failure } from '#domain/failures.ts'
import { zh } from '#messages/zh.ts'
import { systemClock } from '../this-machine.ts'
import type { Operations } from './operations.ts'
import { openReport, run, smallProduct } from './test-outside.ts'

let folder = ''
let goodFile = ''
let badFile = ''
let oddFile = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-cli-'))
  goodFile = join(folder, 'good.yaml')
  badFile = join(folder, 'bad.yaml')
  oddFile = join(folder, 'odd.yaml')
  await writeFile(goodFile, 'subsidiaries: [{ id: hq, name: 总部 }]\n')
  await writeFile(badFile, 'subsidiaries:\n  - { id: hq, nmae: 总部 }\n')
  await writeFile(oddFile, Buffer.from([0xc4, 0xe3, 0xba, 0xc3]))
})
afterAll(() => rm(folder, { recursive: true }))

const stopped = () => AbortSignal.abort()

/** Every command, as it is usually typed. */
const usual: { argv: () => string[]; aborts?: true }[] = [
  { argv: () => ['apply', '-f', goodFile] },
  { argv: () => ['apply', '-f', goodFile, '--dry-run'] },
  { argv: () => ['check', 'hq-dingtalk'] },
  { argv: () => ['plan', '--route', 'hq', '--from', '2026-11-01', '--to', '2026-11-07'] },
  { argv: () => ['sync', '--route', 'hq', '--wait', '2m'] },
  { argv: () => ['pause', 'hq'] },
  { argv: () => ['resume', 'hq'] },
  { argv: () => ['people', '--route', 'hq'] },
  { argv: () => ['link', 'hq-dingtalk:u002', 'hq-wecom:li:si'] },
  { argv: () => ['unlink', 'hq-dingtalk:u002'] },
  { argv: () => ['unlink', 'hq-dingtalk:u002', 'hq-wecom:zhangsan'] },
  { argv: () => ['confirm', 'hq-dingtalk:u002'] },
  { argv: () => ['acts'] },
  { argv: () => ['undo', '9'] },
  { argv: () => ['links', 'delivered', 'hq-wecom:zhangsan'] },
  { argv: () => ['punches', '--from', '2026-11-01', '--to', '2026-11-07'] },
  { argv: () => ['calls'] },
  { argv: () => ['calls', '--failed'] },
  { argv: () => ['runs'] },
  { argv: () => ['status'] },
  { argv: () => ['serve', '--port', '3100'], aborts: true },
  { argv: () => ['sandbox', '--port', '4100'], aborts: true },
]

test.for(usual)('$argv ends with 0, in sentences or as one JSON document', async ({ argv, aborts }) => {
  const outside = aborts ? { signal: stopped() } : {}
  const spoken = await run(argv(), { outside })
  expect(spoken).toMatchObject({ code: 0, stderr: '' })
  expect(spoken.stdout).toMatch(/\p{Script=Han}/u)
  expect(spoken.closed).toBe(1)
  const english = await run(['--lang', 'en', ...argv()], { outside })
  expect(english.stdout.split('\n')[0]).not.toBe(spoken.stdout.split('\n')[0])
  const written = await run([...argv(), '--json'], { outside })
  expect(written).toMatchObject({ code: 0, stderr: '' })
  expect(written.stdout.endsWith('\n')).toBe(true)
  expect(() => JSON.parse(written.stdout)).not.toThrow()
})

test('sync --json is the report itself, and nothing open is 0', async () => {
  const { code, stdout } = await run(['sync', '--route', 'hq', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    route: 'hq',
    window: { from: '2026-11-01T00:00:00+08:00', to: '2026-11-07T23:59:59+08:00' },
    punches: { read: 712, skipped: { void: 10, echo: 0, merged: 0 } },
    deliveries: { verified: 702 },
  })
})

test.for([
  { open: { held: 1 }, code: 3 },
  { open: { refused: 1 }, code: 3 },
  { open: { inDoubt: 1 }, code: 3 },
  { open: { alreadyThere: 9 }, code: 0 },
])('a sync that leaves $open ends with $code', async ({ open, code }) => {
  const product: Partial<Operations> = { sync: async () => openReport(open) }
  expect((await run(['sync', '--route', 'hq'], { product })).code).toBe(code)
})

test('the last sentence of a sync says what to do next', async () => {
  const product: Partial<Operations> = {
    sync: async () => openReport({ held: 2, heldBecause: { suggested: 2 } }),
  }
  const { stdout } = await run(['sync', '--route', 'hq'], { product })
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^下一步: .*qintong people --route hq/)
})

test.for([
  { when: 'a failed readiness item', argv: ['check', 'hq-wecom'], code: 1 },
  { when: 'one bad connection among all', argv: ['check'], code: 1 },
])('$when ends with $code and is still a whole document', async ({ argv, code }) => {
  const { code: ended, stdout } = await run([...argv, '--json'])
  expect(ended).toBe(code)
  const all = [JSON.parse(stdout)].flat()
  expect(all.at(-1)).toMatchObject({
    connection: 'hq-wecom',
    ok: false,
    checks: [{ code: 'attendance-write', status: 'fail', where: zh.place('wecom.checkin-api-apps') }],
  })
})

const withFacts: { failed: Failure; code: number; name: string }[] = [
  { failed: failure('usage.route-paused', { route: 'hq' }), code: 2, name: 'usage-route-paused' },
  { failed: failure('usage.not-yet', { what: 'direction: both' }), code: 2, name: 'not-yet' },
  { failed: failure('setup.unreadable', { file: 'f', reason: 'r' }), code: 2, name: 'setup-unreadable' },
  { failed: failure('home.bad-key', { source: 's' }), code: 2, name: 'home-bad-key' },
  {
    failed: failure('lane.busy', { route: 'hq', holder: 'pid 7', waitedSeconds: 60 }),
    code: 1,
    name: 'lane-busy',
  },
  { failed: failure('run.interrupted', { route: 'hq' }), code: 1, name: 'run-interrupted' },
  { failed: failure('store.gone', { reason: 'r' }), code: 1, name: 'store-gone' },
  { failed: failure('server.port-taken', { port: 1, host: 'h' }), code: 1, name: 'server-port-taken' },
]
test.for(withFacts)(
  '$name ends with $code, named in JSON and told in words',
  async ({ failed, code, name }) => {
    const product: Partial<Operations> = {
      sync: async () => {
        throw new FailureError(failed)
      },
    }
    const written = await run(['sync', '--route', 'hq', '--json'], { product })
    expect(written.code).toBe(code)
    expect(JSON.parse(written.stdout)).toEqual({
      error: { code: name, title: expect.any(String), hint: expect.any(String) },
    })
    expect(written.closed).toBe(1)
    const spoken = await run(['sync', '--route', 'hq'], { product })
    expect(spoken).toMatchObject({ code, stdout: '' })
    expect(spoken.stderr).toMatch(/^错误: .+\n怎么办: .+\n$/s)
  },
)

test.for([
  { argv: [], says: /没有写命令/ },
  { argv: ['snyc'], says: /没有命令 snyc.*sync/s },
  { argv: ['sync'], says: /--route.*npx qintong sync --route hq/s },
  { argv: ['sync', '--route'], says: /--route/ },
  { argv: ['sync', '--route', 'hq', '--form', '2026-11-01'], says: /--form.*--from/s },
  { argv: ['sync', '--route', 'hq', '--wait', '90'], says: /--wait.*90.*--wait 90s/s },
  { argv: ['sync', '--route', 'hq', '--from', 'monday'], says: /monday/ },
  { argv: ['sync', '--route', 'hq', '--from', '2026-11-02', '--to', '2026-11-01'], says: /晚于/ },
  { argv: ['sync', '--route', 'branch'], says: /branch.*hq/s },
  { argv: ['plan', '--route', 'hq', '--to', '2026-02-30'], says: /2026-02-30/ },
  { argv: ['punches', '--from', '2026-11-1'], says: /2026-11-1/ },
  { argv: ['pause'], says: /route/ },
  { argv: ['pause', 'hq', 'more'], says: /参数太多/ },
  { argv: ['check', 'nowhere'], says: /nowhere.*hq-dingtalk/s },
  { argv: ['serve', '--role', 'boss'], says: /boss.*all \| web \| worker/s },
  { argv: ['serve', '--port', '99999'], says: /--port 3000/ },
  { argv: ['link', 'u001', 'hq-wecom:x'], says: /hq-dingtalk:u001/ },
  { argv: ['--lang', 'fr', 'status'], says: /fr.*zh \| en/s },
  { argv: ['apply'], says: /--file.*apply -f setup\.yaml/s },
  { argv: ['apply', '-f', 'there-is-no-such-file.yaml'], says: /ENOENT/ },
  { argv: ['days'], says: /days/ },
])('$argv ends with 2 and says what to write instead', async ({ argv, says }) => {
  const spoken = await run(argv)
  expect(spoken.code).toBe(2)
  expect(spoken.stderr).toMatch(says)
  const written = await run([...argv, '--json'])
  expect(written).toMatchObject({ code: 2, stderr: '' })
  const { error } = JSON.parse(written.stdout)
  expect(`${error.title}\n${error.hint}`).toMatch(says)
})

test('a broken setup file is told by line, with a suggestion, in either language', async () => {
  const spoken = await run(['apply', '-f', badFile])
  expect(spoken.code).toBe(2)
  expect(spoken.stderr).toMatch(/bad\.yaml 第 2 行第 15 列.*nmae.*name/)
  const english = await run(['apply', '-f', badFile, '--lang', 'en'])
  expect(english.stderr).toMatch(/bad\.yaml:2:15.*nmae.*name/)
  expect((await run(['apply', '-f', oddFile])).stderr).toContain('UTF-8')
})

test('a wrong setting is named before anything is opened', async () => {
  const outside = { env: { PACE: 'fast' } }
  for (const argv of [['serve'], ['demo'], ['status']]) {
    const { code, stderr, opened } = await run(argv, { outside })
    expect({ code, opened }).toEqual({ code: 2, opened: 0 })
    expect(stderr).toMatch(/PACE=fast.*PACE=0\.8/s)
  }
})

test('what nobody expected is a reference for people and a stack in the log, masked', async () => {
  const product: Partial<Operations> = {
    status: async () => {
      throw new Error('corpsecret=hunter2 of 13812345678', { cause: new Error('access_token: "abcdef"') })
    },
  }
  const { code, stdout, stderr } = await run(['status', '--json'], {
    product,
    outside: { env: { QINTONG_HOME: folder } },
  })
  expect(code).toBe(1)
  const { error } = JSON.parse(stdout)
  expect(error.code).toBe('internal')
  expect(stdout + stderr).not.toMatch(/hunter2|run-cli|at .*\.ts/)
  const log = await readFile(join(folder, 'logs', 'qintong.log'), 'utf8')
  const reference = /[0-9a-f]{8}/.exec(error.title)?.[0]
  expect(log).toContain(`"reference":"${reference}"`)
  expect(log).toMatch(/run-cli\.test\.ts/)
  expect(log).not.toMatch(/hunter2|13812345678|abcdef/)
})

test('a failure is told even when putting away fails after it', async () => {
  const product: Partial<Operations> = { status: async () => fail('store.gone', { reason: 'r' }) }
  const outside = {
    openApp: async () => ({
      ...smallProduct(),
      ...product,
      async [Symbol.asyncDispose]() {
        throw new Error('and the rest is gone too')
      },
    }),
  }
  expect(JSON.parse((await run(['status', '--json'], { outside })).stdout)).toMatchObject({
    error: { code: 'store-gone' },
  })
})

test('whoever waits for the database to be opened is told on a terminal what may keep it', async () => {
  const outside = {
    clock: systemClock,
    openApp: () => systemClock.sleep(1_300).then(smallProduct),
  }
  const { code, stderr } = await run(['status'], { outside, isTerminal: true })
  expect(code).toBe(0)
  expect(stderr).toContain('恢复备份')
  expect(stderr).toMatch(/\r +\r$/)
})

test('an error that nobody caught anywhere ends the command in words', async () => {
  const crashed = Promise.reject(new Error('elsewhere'))
  const product: Partial<Operations> = { sync: () => new Promise(() => {}) }
  const outside = { crashed, env: { QINTONG_HOME: folder } }
  const { code, stderr } = await run(['sync', '--route', 'hq'], { product, outside })
  expect(code).toBe(1)
  expect(stderr).not.toContain('elsewhere')
})

test('Ctrl-C lets a sync end in good order, and says so to a person', async () => {
  const stopping = new AbortController()
  const product: Partial<Operations> = {
    async sync({ signal, onProgress }) {
      onProgress({ station: 'deliver', done: 1, of: 2 })
      stopping.abort()
      return signal.aborted ? fail('run.interrupted', { route: 'hq' }) : openReport({})
    },
  }
  const ran = await run(['sync', '--route', 'hq'], {
    product,
    outside: { signal: stopping.signal },
    isTerminal: true,
  })
  expect(ran).toMatchObject({ code: 1, closed: 1 })
  expect(ran.stderr).toContain(zh.cli.interrupting)
  expect(ran.stderr).toContain('npx qintong sync --route hq')
})

test('a signal that was noticed anywhere below is an interruption, not a bug', async () => {
  const stopping = new AbortController()
  const product: Partial<Operations> = {
    async sync({ signal }) {
      stopping.abort()
      throw signal.reason
    },
  }
  const { code, stdout } = await run(['sync', '--route', 'hq', '--json'], {
    product,
    outside: { signal: stopping.signal },
  })
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'run-interrupted' } })
})

test('--demo points every command at the home of the demo', async () => {
  const homes: string[] = []
  const outside = {
    env: { QINTONG_HOME: '/srv/q', DATABASE_URL: 'postgres://u@h/d' },
    openApp: async (settings: { home: string; databaseUrl?: string | undefined }) => {
      homes.push(`${settings.home} ${settings.databaseUrl}`)
      return fail('usage.nothing-set-up', {})
    },
  }
  await run(['status', '--demo'], { outside })
  await run(['--demo', 'status'], { outside })
  await run(['status'], { outside })
  expect(homes).toEqual(['/srv/q/demo undefined', '/srv/q/demo undefined', '/srv/q postgres://u@h/d'])
})

test('punches as CSV cannot be run as a formula and keep their commas', async () => {
  const { stdout } = await run(['punches', '--csv'])
  const [head, first, second] = stdout.split('\r\n')
  expect(head).toBe('id,person,name,connection,userId,at,workDate,void,because,place,deliveries')
  expect(first).toBe(
    "1,p_1,'=张三,hq-dingtalk,u001,2026-11-01T08:58:00+08:00,2026-11-01,false,,一号门,hq:held:suggested",
  )
  expect(second).toContain('"范围外, ""无效"""')
})

test('people carry their reasons as sentences', async () => {
  const [zhangsan, lisi] = JSON.parse((await run(['people', '--json'])).stdout)
  expect(zhangsan).toMatchObject({
    person: 'p_1',
    name: '张三',
    status: 'linked',
    accounts: [
      { connection: 'hq-dingtalk', userId: 'u001' },
      { connection: 'hq-wecom', userId: 'zhangsan' },
    ],
    candidates: [],
    because: ['手机号一致（尾号 1234）', '工号一致 A0001'],
    weights: { mobile: 17, jobNumber: 14.5 },
  })
  expect(zhangsan.wouldChange).toHaveLength(1)
  expect(lisi.candidates).toMatchObject([
    { connection: 'hq-wecom', userId: 'lisi', because: ['同名 李四'], probability: 0.8 },
  ])
})

test('no punches are an empty list', async () => {
  const product: Partial<Operations> = { punches: async function* () {} }
  expect((await run(['punches', '--json'], { product })).stdout).toBe('[]\n')
})

test('a failure before the first punch is the whole document', async () => {
  const product: Partial<Operations> = {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to give
    punches: async function* () {
      fail('store.gone', { reason: 'r' })
    },
  }
  expect(JSON.parse((await run(['punches', '--json'], { product })).stdout)).toMatchObject({
    error: { code: 'store-gone' },
  })
})

test('help has an example for every command, and is a document under --json', async () => {
  for (const name of Object.keys(zh.cli.commands)) {
    const { code, stdout } = await run([...name.split(' '), '--help'])
    expect({ name, code }).toEqual({ name, code: 0 })
    expect(stdout).toMatch(/示例：\n {2}np[mx] /)
    expect(stdout).toContain('--json')
  }
  const { code, stdout } = await run(['--help'])
  expect(code).toBe(0)
  const names = Object.keys(zh.cli.commands).filter((name) => !name.includes(' '))
  for (const name of [...names, 'QINTONG_HOME', 'DATABASE_URL', 'PACE']) expect(stdout).toContain(name)
  expect(stdout).not.toMatch(/Usage|Options:|display help/)
  expect((await run(['--help', '--lang', 'en'])).stdout).not.toMatch(/\p{Script=Han}/u)
  expect(JSON.parse((await run(['sync', '--help', '--json'])).stdout)).toEqual({
    help: expect.stringContaining('--route'),
  })
})

test('--version says the version', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '9.9.9\n' })
  expect((await run(['--version', '--json'])).stdout).toBe('{"version":"9.9.9"}\n')
})
