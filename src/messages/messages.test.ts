import { expect, test } from 'vitest'
import type { Reason, Remedy } from '#domain/evidence.ts'
import type { Failure, FailureCode, Failures, PlatformFacts, SetupProblem } from '#domain/failures.ts'
import type { LinkStatus } from '#domain/person.ts'
import { expectations } from '#settings/setup-problem.ts'
import { explain, explainCheck, messagesIn, publicCode, publicName } from './messages.ts'
import { zh } from './zh.ts'

const langs = ['zh', 'en'] as const
const han = /\p{Script=Han}/u
/** Quoted console names, and what platforms and people wrote themselves, may be Chinese in an English sentence. */
const theirs = /\([^()]*\p{Script=Han}[^()]*\)/gu

const facts: PlatformFacts = {
  platform: 'wecom',
  connection: 'hq-wecom',
  api: 'getcheckindata',
  theirCode: '48002',
  theirText: 'api forbidden',
  requestId: 'r-1',
}
/** One of each; the compiler refuses a missing code. */
const samples: { [C in FailureCode]: Failures[C] } = {
  'platform.bad-credentials': facts,
  'platform.credentials-paused': { ...facts, until: '2026-11-22T10:00:00+08:00' },
  'platform.no-permission': { ...facts, scopes: [] },
  'platform.ip-not-trusted': { ...facts, ip: '203.0.113.7' },
  'platform.out-of-calls': { ...facts, used: 5000, quota: 5000, freeAgainAt: '2026-12-01T00:00:00+08:00' },
  'platform.rate-limited': { ...facts, waitMs: 1500 },
  'platform.banned': { ...facts, waitMs: 300_000 },
  'platform.unreachable': { ...facts, host: 'qyapi.weixin.qq.com' },
  'platform.too-late': facts,
  'platform.timeout': { ...facts, timeoutMs: 20_000 },
  'platform.broken-off': facts,
  'platform.busy': facts,
  'platform.unreadable-answer': { ...facts, status: 502, excerpt: '<html>' },
  'platform.person-refused': { ...facts, userIds: ['a', 'b', 'c', 'd', 'e', 'f'] },
  'platform.bad-request': facts,
  'platform.time-not-taken': {
    ...facts,
    at: '2026-11-22T09:00:00+08:00',
    oldest: '2026-05-27T00:00:00+08:00',
  },
  'platform.app-disabled': facts,
  'platform.unknown-code': facts,
  'platform.too-large': facts,
  'platform.clock-skew': { ...facts, skewSeconds: -75 },
  'setup.invalid': {
    file: 'setup.yaml',
    problems: [
      {
        line: 3,
        column: 5,
        path: 'routes[0].sinse',
        problem: { kind: 'unknown-key', key: 'sinse', suggestion: 'since', known: [] },
      },
    ],
  },
  'setup.unreadable': { file: 'setup.yaml', reason: 'ENOENT' },
  'usage.invalid': { what: 'PACE=2', instead: 'PACE=0.8' },
  'store.in-use': { processes: ['qintong host 4711'] },
  'store.not-empty': { punches: 12 },
  'backup.exists': { file: 'a.backup' },
  'backup.not-written': { file: 'a.backup', reason: 'ENOSPC' },
  'backup.unreadable': { file: 'a.backup', because: 'damaged' },
  'usage.unknown-tenant': { tenant: 'acme', known: ['default'] },
  'usage.unknown-route': { route: 'hqq', known: ['hq'] },
  'usage.unknown-subsidiary': { subsidiary: 'x', known: [] },
  'usage.unknown-connection': { connection: 'x', known: [] },
  'usage.no-channels': {},
  'usage.unknown-channel': { channel: 'op', known: ['ops'] },
  'usage.unknown-account': { account: 'hq-wecom:x' },
  'usage.same-connection': { connection: 'hq-wecom' },
  'usage.no-suggestion': { account: 'hq-dingtalk:u001', candidates: ['hq-wecom:zhangsan'] },
  'usage.which-suggestion': { account: 'hq-dingtalk:u001', candidates: ['hq-wecom:a', 'hq-wecom:b'] },
  'usage.unknown-act': { act: 7 },
  'usage.act-overtaken': { act: 7, later: [9] },
  'usage.window-reversed': { from: 'F', to: 'T' },
  'usage.window-too-old': { from: 'F', oldest: 'O', platform: 'dingtalk' },
  'usage.bad-date': { value: 'soon' },
  'usage.not-yet': { what: 'direction: both' },
  'usage.route-paused': { route: 'hq' },
  'usage.nothing-set-up': {},
  'sheet.unreadable': { file: 'links.xlsx', problem: { kind: 'encrypted' } },
  'sheet.unwritable': { file: 'links.xlsx', reason: 'EACCES' },
  'links.refused': {
    file: 'links.xlsx',
    marked: 'links-marked.xlsx',
    rows: 2,
    first: [{ line: 3, problem: { kind: 'keys-changed' } }],
  },
  'usage.unknown-import': { import: 7 },
  'contacts.not-believed': {
    connection: 'hq-wecom',
    platform: 'wecom',
    doubt: { code: 'many-lost', lost: 40, of: 100 },
  },
  'contacts.later-imports': { import: 7, later: [9, 8] },
  'contacts.already-written': {
    import: 7,
    written: [{ account: 'hq-dingtalk:u001', at: '2026-11-01T08:58:00+08:00', targetUser: 'zhangsan' }],
  },
  'lane.busy': { route: 'hq', holder: 'pid 1', waitedSeconds: 60 },
  'lane.lost': { connection: 'hq-wecom' },
  'run.interrupted': { route: 'hq' },
  'store.gone': { reason: 'ECONNRESET' },
  'store.newer-schema': { schema: '0009', build: '0001' },
  'store.too-old-server': { version: '140000' },
  'store.disk-full': { reason: 'ENOSPC' },
  'store.read-only': { reason: 'standby' },
  'store.slow': { reason: '5 s' },
  'store.no-embedded': { platform: 'linux-riscv64' },
  'home.not-writable': { path: '/srv/q', reason: 'EACCES' },
  'home.bad-key': { source: 'QINTONG_SECRET_KEY' },
  'server.port-taken': { port: 3000, host: '127.0.0.1' },
  'server.not-loopback': { host: '0.0.0.0' },
  internal: { reference: 'c0ffee00' },
}
const failures = Object.entries(samples).map(([code, of]) => ({ code, facts: of }) as Failure)

test.for(langs)('every failure says in %s what happened and what to do', (lang) => {
  for (const failed of failures) {
    const { title, hint } = explain(failed, lang)
    for (const sentence of [title, hint]) {
      expect(sentence.length, failed.code).toBeGreaterThan(3)
      expect(sentence, failed.code).not.toMatch(/undefined|\[object|NaN/)
      const ours = lang === 'en' ? sentence.replace(theirs, '') : sentence
      expect(han.test(ours), `${failed.code}: ${ours}`).toBe(lang === 'zh')
    }
  }
})

test('every fact that a person needs is in the words', () => {
  const words = (code: FailureCode, lang: (typeof langs)[number]) => {
    const { title, hint } = explain({ code, facts: samples[code] } as Failure, lang)
    return `${title}\n${hint}`
  }
  for (const lang of langs) {
    expect(words('platform.ip-not-trusted', lang)).toContain('203.0.113.7')
    expect(words('platform.ip-not-trusted', lang)).toContain('企业可信IP')
    expect(words('platform.no-permission', lang)).toContain('可调用接口的应用')
    expect(words('platform.unknown-code', lang)).toMatch(/48002 api forbidden.*r-1/s)
    expect(words('platform.out-of-calls', lang)).toMatch(/5000\/5000/)
    expect(words('setup.invalid', lang)).toMatch(/setup\.yaml.*3.*5.*sinse.*since/s)
    expect(words('usage.window-too-old', lang)).toContain('--from O')
    expect(words('internal', lang)).toContain('c0ffee00')
  }
})

test.for([
  {
    when: 'DingTalk names the scopes',
    facts: { ...facts, platform: 'dingtalk' as const, scopes: ['qyapi_get_attendance_data'] },
    says: /权限管理.*qyapi_get_attendance_data|qyapi_get_attendance_data.*权限管理/s,
  },
  { when: 'a member is out of range', facts: { ...facts, theirCode: '60011', scopes: [] }, says: /可见范围/ },
  { when: 'check-in is not opened', facts: { ...facts, scopes: [] }, says: /打卡 → API → 可调用接口的应用/ },
])('a missing permission names its page when $when', ({ facts: of, says }) => {
  for (const lang of langs)
    expect(explain({ code: 'platform.no-permission', facts: of }, lang).hint).toMatch(says)
})

const problems: SetupProblem[] = [
  { kind: 'syntax', text: 'BAD_INDENT' },
  { kind: 'syntax', text: 'SOMETHING_NEW' },
  { kind: 'unknown-key', key: 'sinse', suggestion: 'since', known: ['since'] },
  { kind: 'unknown-key', key: 'zzz', suggestion: null, known: ['since', 'scope'] },
  { kind: 'missing', key: 'corpId', example: 'corpId: x' },
  { kind: 'bad-value', value: '45', expected: 'duration', example: '45m' },
  { kind: 'bad-value', value: '', expected: 'one of a | b', example: 'a' },
  { kind: 'duplicate-id', id: 'hq', firstLine: 3 },
  { kind: 'duplicate-id', id: 'a + b', firstLine: 0 },
  { kind: 'dangling', id: 'hqq', what: 'route', suggestion: 'hq', known: ['hq'] },
  { kind: 'dangling', id: 'x', what: 'connection', suggestion: null, known: [] },
  { kind: 'missing-environment', name: 'HQ_SECRET' },
]
test.for(langs)('every problem of a setup file has a sentence in %s that says what to write', (lang) => {
  const sentences = problems.map(messagesIn(lang).setupProblem)
  expect(new Set(sentences).size).toBe(problems.length)
  for (const sentence of sentences) {
    expect(han.test(sentence), sentence).toBe(lang === 'zh')
    expect(sentence).not.toMatch(/undefined|null/)
  }
})

test('every kind of value a setup file may hold has words', () => {
  for (const lang of langs)
    for (const expected of expectations) {
      const sentence = messagesIn(lang).setupProblem({
        kind: 'bad-value',
        value: 'v',
        expected,
        example: 'e',
      })
      expect(sentence).not.toMatch(/undefined/)
      if (expected.includes('-')) expect(sentence).not.toContain(expected)
    }
})

const reasons: { [C in Reason['code']]: Extract<Reason, { code: C }> } = {
  'explicit-link': { code: 'explicit-link' },
  mobile: { code: 'mobile', tail: '1234' },
  'job-number': { code: 'job-number', jobNumber: 'A0001' },
  'same-name': { code: 'same-name', name: 'Li' },
  'name-differs': { code: 'name-differs', ours: 'Li', theirs: 'Lee' },
  'shared-mobile': { code: 'shared-mobile', tail: '1234', people: 2 },
  'reused-job-number': { code: 'reused-job-number', jobNumber: 'A0001', people: 2 },
  'evidence-disagrees': { code: 'evidence-disagrees', mobileSays: 'a', jobNumberSays: 'b' },
  'several-candidates': { code: 'several-candidates', count: 3 },
  'no-counterpart': { code: 'no-counterpart' },
  'twin-not-visible': { code: 'twin-not-visible', userId: 'a' },
  'twin-taken': { code: 'twin-taken', by: 'b' },
  'namesake-open': { code: 'namesake-open', userId: 'b' },
  'namesake-fits': { code: 'namesake-fits', userId: 'b' },
  'name-alike': { code: 'name-alike', how: 'homophone', ours: 'Li', theirs: 'Lee' },
  'name-unclear': { code: 'name-unclear', ours: 'Li', theirs: 'Tony' },
  'name-only': { code: 'name-only' },
  'little-beside-name': { code: 'little-beside-name' },
  parted: { code: 'parted', userId: 'li', by: 'hr', at: '2026-03-04T09:00:00+08:00' },
  'job-number-alike': { code: 'job-number-alike', ours: '0012', theirs: '12' },
  'same-email': { code: 'same-email', email: 'li@a.example' },
  'email-alike': { code: 'email-alike', ours: 'li@a.example', theirs: 'li@b.example' },
  'same-user-id': { code: 'same-user-id', userId: 'li' },
  'mobile-tail': { code: 'mobile-tail', tail: '1234' },
  'same-department': { code: 'same-department', department: 'R&D' },
  'department-alike': { code: 'department-alike', ours: 'R&D', theirs: 'Lab' },
  'same-title': { code: 'same-title', title: 'clerk' },
  'same-hire-date': { code: 'same-hire-date', on: '2020-01-01' },
  'near-hire-date': { code: 'near-hire-date', ours: '2020-01-01', theirs: '2020-01-03' },
  'same-manager': { code: 'same-manager' },
  'punched-together': { code: 'punched-together', times: 5 },
  'mobile-differs': { code: 'mobile-differs' },
  'job-number-differs': { code: 'job-number-differs', ours: 'A1', theirs: 'A2' },
  'department-differs': { code: 'department-differs', ours: 'R&D', theirs: 'Law' },
  'hire-date-differs': { code: 'hire-date-differs', ours: '2020-01-01', theirs: '2021-01-01' },
  'periods-apart': { code: 'periods-apart' },
  through: { code: 'through', userId: 'c' },
  'too-many-namesakes': { code: 'too-many-namesakes', name: 'Li', people: 80 },
}
const remedies: { [C in Remedy['code']]: Extract<Remedy, { code: C }> } = {
  'enter-mobile': { code: 'enter-mobile', connections: ['hq-wecom'] },
  'enter-job-number': { code: 'enter-job-number', connections: ['hq-wecom'] },
  'enter-own-mobile': { code: 'enter-own-mobile', connections: ['hq-dingtalk', 'hq-wecom'] },
  'correct-mobile': { code: 'correct-mobile' },
  'correct-job-number': { code: 'correct-job-number', ours: 'A1', theirs: 'A2' },
  'correct-name': { code: 'correct-name', ours: 'Li', theirs: 'Lee' },
  'ask-platform': { code: 'ask-platform', connection: 'hq-wecom' },
  'enter-leave-date': { code: 'enter-leave-date' },
  confirm: { code: 'confirm' },
  link: { code: 'link', accounts: ['hq-dingtalk:u001', 'hq-wecom:li'] },
  'name-twin': { code: 'name-twin' },
  'show-twin': { code: 'show-twin', userId: 'li' },
  unlink: { code: 'unlink' },
}
test('everything that would change an outcome has words in both languages', () => {
  for (const remedy of Object.values(remedies)) {
    expect(messagesIn('zh').remedy(remedy)).toMatch(han)
    expect(messagesIn('en').remedy(remedy)).not.toMatch(han)
  }
})

test('every reason has words in both languages', () => {
  for (const reason of Object.values(reasons)) {
    expect(messagesIn('zh').reason(reason)).toMatch(han)
    expect(messagesIn('en').reason(reason)).not.toMatch(han)
  }
  // The manual's own examples.
  expect(zh.reason(reasons.mobile)).toBe('手机号一致（尾号 1234）')
  expect(zh.reason(reasons['job-number'])).toBe('工号一致 A0001')
})

test('states and reasons of deliveries, and link states, have words in both languages', () => {
  const statuses: LinkStatus[] = ['linked', 'suggested', 'conflicting', 'unmatched']
  const states = ['held', 'waiting', 'sending', 'sent', 'inDoubt', 'verified', 'alreadyThere', 'refused']
  const why = [
    'echo',
    'void',
    'merged',
    'tooOld',
    'future',
    'gone',
    'unlinked',
    'suggested',
    'conflicting',
    'approvedSlot',
    'voidThere',
    'superseded',
    'late-platform',
    'account-gone',
  ]
  for (const lang of langs) {
    const words = messagesIn(lang)
    for (const status of statuses) expect(words.linkStatus[status]).toBeTruthy()
    for (const state of states) expect(words.deliveryStates[state], state).toBeTruthy()
    for (const reason of why) expect(words.deliveryReasons[reason], reason).toBeTruthy()
  }
})

/** Every text of a tree of messages: strings as they are, functions called with plain arguments. */
function textsOf(node: unknown, path = ''): { path: string; text: string }[] {
  if (typeof node === 'string') return [{ path, text: node }]
  if (Array.isArray(node)) return node.flatMap((item, index) => textsOf(item, `${path}[${index}]`))
  if (typeof node === 'object' && node !== null)
    return Object.entries(node).flatMap(([key, value]) => textsOf(value, path ? `${path}.${key}` : key))
  if (typeof node === 'function') {
    const told: unknown = node(...Array.from({ length: node.length }, () => 7))
    return typeof told === 'string' ? [{ path, text: told }] : []
  }
  return []
}
test('English is English and Chinese is Chinese, all through the command line', () => {
  const isExample = /examples|listSeparator|errors\.seeHelp|units|reports\.platform$|heads/
  const en = messagesIn('en')
  for (const { path, text } of textsOf({ cli: en.cli, reports: en.reports, advice: en.advice }))
    expect(han.test(text), `${path}: ${text}`).toBe(false)
  for (const { path, text } of textsOf({ cli: zh.cli, reports: zh.reports, advice: zh.advice }))
    if (!isExample.test(path)) expect(han.test(text), `${path}: ${text}`).toBe(true)
})

test.for([
  { where: 'wecom.checkin-api-apps', says: '企业微信管理后台 → 应用管理 → 打卡 → API → 可调用接口的应用' },
  { where: 'wecom.visible-range departments=2,3', says: '可见范围（目前只含部门 2,3）' },
  { where: 'dingtalk.permissions field=mobile', says: '企业员工手机号信息' },
  { where: 'somewhere.new a=1', says: 'somewhere.new a=1' },
])('the place $where is told as people know it', ({ where, says }) => {
  expect(zh.place(where)).toContain(says)
})

test('a readiness item is told with its place, passed, warned or failed', () => {
  const item = { code: 'scope', where: 'dingtalk.contacts-scope visible=3 total=9', failure: null }
  expect(explainCheck({ ...item, status: 'pass' }, 'zh')).toMatchObject({ title: '通讯录范围正常', hint: '' })
  expect(explainCheck({ ...item, status: 'warn' }, 'zh').title).toBe('只看得到 9 人中的 3 人')
  const failed = explainCheck(
    {
      code: 'ip',
      status: 'fail',
      where: 'wecom.trusted-ip',
      failure: { code: 'platform.ip-not-trusted', facts: { ...facts, ip: '203.0.113.7' } },
    },
    'en',
  )
  expect(failed.title).toContain('203.0.113.7')
  expect(failed.where).toContain('企业可信IP')
  expect(
    explainCheck({ code: 'brand-new', status: 'fail', where: 'x', failure: null }, 'zh').title,
  ).toContain('brand-new')
})

test('outsiders see stable codes', () => {
  const codes = failures.map(publicCode)
  expect(new Set(codes).size).toBe(failures.length)
  for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(publicName('ok')).toBe('ok')
  expect(publicCode({ code: 'usage.not-yet', facts: { what: '' } })).toBe('not-yet')
  expect(publicCode({ code: 'lane.busy', facts: samples['lane.busy'] })).toBe('lane-busy')
})
