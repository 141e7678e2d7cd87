import { expect, test } from 'vitest'
import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import type { RouteStatus } from '#domain/status-report.ts'
import { aPerson, aReport, aRoute, aRun, busyCompany, now } from '../test-kit.ts'
import type { Viewing } from './layout.ts'
import { type PageFacts, statusPage } from './status-page.ts'
import { ageInWords, durationInWords } from './times.ts'

const zh: Viewing = { lang: 'zh', refreshes: true }
const en: Viewing = { lang: 'en', refreshes: true }

const stranger = { person: 'p_0', theirCode: null, completeTo: null }
const facts = (change: Partial<PageFacts> = {}, routes = [aRoute()]): PageFacts => ({
  status: { version: '0.1.0', home: 'data', database: 'embedded', routes, alarms: [] },
  runs: [],
  people: new Map(),
  now,
  isDemo: false,
  sandboxPage: null,
  ...change,
})
/** What a person reads: the page without its marks and its style. */
const read = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
const busy = () => {
  const { routes, runs, people } = busyCompany()
  return facts({ runs, people: new Map([['hq', people]]) }, routes)
}

test.for([
  {
    when: 'all are complete',
    route: {},
    zh: '截至 今天 09:42（+08:00），全部 120 人的打卡记录完整。3 分钟前',
    en: 'Up to today 09:42 (+08:00), the punches of all 120 people are complete.',
  },
  {
    when: 'two are not read',
    route: {
      completeFor: 118,
      unknown: [
        { ...stranger, name: '郑洁', because: 'refused' },
        { ...stranger, name: '周强', because: 'unreadable' },
      ],
      unknownCount: 2,
      unknownBecause: { refused: 1, unreadable: 1 },
    },
    zh: '118 人的打卡记录完整。 3 分钟前 另有 2 人未知：平台拒绝回答（1 人：郑洁）；有打卡记录读不出时间（1 人：周强）。 查看平台给出的原因： npx qintong calls --failed',
    en: 'Unknown for 2: the platform refuses to answer (1: 郑洁); the time of a punch record cannot be read (1: 周强).',
  },
  {
    when: 'days in between were never read',
    route: {
      completeFor: 0,
      unknown: ['一', '二', '三', '四'].map((name) => ({ ...stranger, name, because: 'gap' })),
      unknownCount: 120,
      unknownBecause: { gap: 120 },
      gapFrom: '2026-11-09',
    },
    zh: '中间有几天没有读到（120 人：一、二、三等）。 把没有读到的几天补上： npx qintong sync --route hq --from 2026-11-09',
    en: 'some days in between were not read (120: 一, 二, 三 and others)',
  },
  {
    when: 'a step brings nothing',
    route: {
      ways: aRoute().ways.map((way) => ({
        ...way,
        stalled: [
          {
            step: 'deliver',
            tries: 6,
            since: '2026-11-22T09:00:00+08:00',
            retryAt: '2026-11-22T09:50:00+08:00',
          },
          {
            step: 'sweep',
            tries: 2,
            since: '2026-11-22T09:40:00+08:00',
            retryAt: '2026-11-22T09:50:00+08:00',
          },
        ],
      })),
    },
    zh: 'hq-dingtalk → hq-wecom：“写入打卡”从 2026-11-22 09:00 起试了 6 次都没有进展',
    en: 'hq-dingtalk → hq-wecom: “writing punches” was tried 6 times since 2026-11-22 09:00 and brought nothing',
  },
  {
    when: 'thousands are',
    route: { completeFor: 998, people: { linked: 1000, suggested: 0, conflicting: 0, unmatched: 0 } },
    zh: '，1,000 人中 998 人',
    en: '998 of 1,000 people',
  },
  {
    when: 'nobody is',
    route: { completeFor: 0 },
    zh: '120 人的打卡记录都还不完整',
    en: 'none of the 120 people',
  },
  {
    when: 'more are told than are in scope',
    route: { completeFor: 300 },
    zh: '全部 120 人',
    en: 'all 120 people',
  },
  {
    when: 'it was yesterday',
    route: { completeTo: '2026-11-21T23:59:00+08:00' },
    zh: '截至 昨天 23:59（+08:00）',
    en: 'Up to yesterday 23:59 (+08:00)',
  },
  {
    when: 'it was last year',
    route: { completeTo: '2025-12-31T18:00:00Z' },
    zh: '截至 1 月 1 日 02:00（+08:00）',
    en: 'Up to 1 Jan, 02:00 (+08:00)',
  },
  {
    when: 'it never was',
    route: { completeTo: null, lastRun: null },
    zh: '还没有同步过，所以谁的打卡都还不知道',
    en: 'nobody’s punches are known',
  },
] as { when: string; route: Partial<RouteStatus>; zh: string; en: string }[])(
  'one sentence says how fresh it is when $when',
  ({ route, zh: inChinese, en: inEnglish }) => {
    const page = facts({}, [aRoute(route)])
    expect(read(statusPage(page, zh)).replaceAll(' ', '')).toContain(inChinese.replaceAll(' ', ''))
    expect(read(statusPage(page, en))).toContain(inEnglish)
  },
)

test('in the demo the page of the sandbox is one click away, in the reader’s language', () => {
  const link = 'href="http://127.0.0.1:4001/_sandbox/?lang=en"'
  expect(statusPage(facts({ sandboxPage: 'http://127.0.0.1:4001/_sandbox/' }), en)).toContain(link)
  expect(statusPage(facts(), en)).not.toContain('_sandbox')
})

test('what waits stands with its count, its reasons and the command that moves it on', () => {
  const text = read(statusPage(busy(), zh))
  for (const words of [
    '23 待关联',
    '对面没有关联的账号 12 条',
    '身份待人确认 6 条',
    'npx qintong people --route hq',
    '2 被拒',
    'npx qintong calls --failed',
    '3 存疑',
    '已写入，等待平台显示 2 条',
    '不会重复写入',
    'npx qintong sync --route hq',
    '4 待写入',
  ])
    expect(text).toContain(words)
})

test('people who are not identified stand with their evidence and a command each; the linked, and accounts that only receive, do not', () => {
  const text = read(statusPage(busy(), zh))
  expect(text).toContain('欧阳娜娜')
  expect(text).toContain('手机号一致（尾号 1234）')
  expect(text).toContain('npx qintong link hq-dingtalk:u017 hq-wecom:ouyangnana')
  expect(text).toContain('npx qintong link hq-dingtalk:007 hq-wecom:USERID')
  expect(text).not.toContain('张三')
  expect(text).not.toContain('只在企业微信的人')
})

test('a thousand unidentified people make a short page that says where the rest are', () => {
  const people = Array.from({ length: 1_000 }, (_, index) =>
    aPerson({
      person: `p_${index}`,
      name: `某人${index}`,
      status: 'unmatched',
      accounts: [{ connection: 'hq-dingtalk', userId: `u${index}` }],
    }),
  )
  const route = aRoute({ people: { linked: 0, suggested: 0, conflicting: 0, unmatched: 1_000 } })
  const page = statusPage(facts({ people: new Map([['hq', people]]) }, [route]), zh)
  expect(read(page)).toContain('另有 988 人')
  expect(page.length).toBeLessThan(60_000)
})

test('names, ids, reasons and failures are text, whatever they contain', () => {
  const nasty = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
  const page = statusPage(
    facts(
      {
        people: new Map([
          [
            nasty,
            [
              aPerson({
                name: nasty,
                status: 'suggested',
                accounts: [{ connection: nasty, userId: nasty }],
                candidates: [
                  { connection: nasty, userId: nasty, because: [{ code: 'same-name', name: nasty }] },
                ],
                because: [{ code: 'job-number', jobNumber: nasty }],
              }),
            ],
          ],
        ]),
        runs: [
          aRun({ route: nasty, state: nasty, failure: { code: 'internal', facts: { reference: nasty } } }),
        ],
      },
      [
        aRoute({
          route: nasty,
          direction: nasty,
          people: { linked: 0, suggested: 1, conflicting: 0, unmatched: 0 },
          held: 1,
          heldBecause: { [nasty]: 1 },
          lastRun: { state: 'failed', finishedAt: null, code: nasty },
          quota: [{ connection: nasty, used: 1, quota: 10 }],
        }),
      ],
    ),
    en,
  )
  expect(page).not.toMatch(/<script|<img/i)
  expect(page.match(/ on\w+=/g)).toEqual(page.match(/ onerror=(?=alert\(2\)&gt;)/g))
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('the page runs no script, holds no style in an element and asks nothing of any other host', () => {
  for (const viewing of [zh, en]) {
    const page = statusPage(busy(), viewing)
    expect(page).not.toMatch(/<script|<form|<iframe| style="|javascript:|https?:\/\//i)
    expect(page.match(/<style>/g)).toHaveLength(1)
  }
})

test('a failed last run says what happened and what to do; a paused route says how to go on', () => {
  const text = read(statusPage(busy(), zh))
  expect(text).toContain('路线 shenzhen 的上一次同步没有完成')
  expect(text).toContain('上一次同步没有完成：企业微信拒绝了来自 203.0.113.7 的请求')
  expect(text).toContain('企业可信IP')
  expect(text).toContain('目前没有；但上一次同步没有完成')
  expect(text).toContain('npx qintong resume suzhou-factory')
})

test('a failure that a newer build wrote down is shown by its code instead of breaking the page', () => {
  const failure = { code: 'platform.from-the-future', facts: {} } as never
  const route = aRoute({ lastRun: { state: 'failed', finishedAt: null, code: 'platform.from-the-future' } })
  expect(
    read(statusPage(facts({ runs: [aRun({ state: 'failed', report: null, failure })] }, [route]), zh)),
  ).toContain('platform.from-the-future')
})

test('the quota stands once a connection, with where it is heading', () => {
  const shared = [aRoute(), aRoute({ route: 'b' })]
  const text = read(statusPage(facts({}, shared), zh))
  expect(text.match(/本月已用 1,204 次，额度 5,000 次/g)).toHaveLength(1)
  expect(text).toContain('到月底约用 1,687 次，够用')
  expect(read(statusPage(busy(), zh))).toContain('约 11 月 25 日用完')
  expect(read(statusPage(busy(), zh))).toContain('12 月 1 日起自动继续')
})

test('event deliveries stand beside the calls, and say what their end means', () => {
  const page = (used: number) => {
    const events = { used, quota: 3_000 }
    const quota = [{ connection: 'hq-dingtalk', used: 1_204, quota: 5_000, events }]
    return read(statusPage(facts({}, [aRoute({ quota })]), zh))
  }
  expect(page(12)).toContain('本月收到计次的事件推送 12 次，上限 3,000 次')
  expect(page(3_000)).toContain('打卡会晚一些，不会丢')
  expect(page(0)).not.toContain('事件推送')
})

test('the quota says what the plan makes of the month, and how far that is from the least', () => {
  const quota = [{ connection: 'hq-dingtalk', used: 1_204, quota: 5_000, expected: 4_010, least: 860 }]
  const text = read(statusPage(facts({}, [aRoute({ quota })]), zh))
  expect(text).toContain('按计划到月底共用 4,010 次')
  expect(text).toContain('可证明最少次数（860 次）的 1.40 倍')
})

test('what waits for calls, or behind the brake, is told by itself and needs no identity', () => {
  const route = aRoute({ held: 60, heldBecause: { outOfCalls: 40, braked: 20 } })
  const text = read(statusPage(facts({}, [route]), zh))
  expect(text).toMatch(/20 已刹住.*npx qintong resume hq/)
  expect(text).toMatch(/40 等额度.*npx qintong plan --route hq/)
  expect(text).not.toMatch(/待写入|待关联/)
})

test('the latest runs stand with window, figures and result, times at one named offset', () => {
  const text = read(statusPage(busy(), zh))
  expect(text).toContain('开始 +08:00')
  expect(text).toContain('11-15 09:42 至 11-22 09:42')
  expect(text).toMatch(/712 0 688 32 完成，有事待处理 用时 5.1 秒/)
  expect(text).toContain('进行中')
  expect(text).toContain('用时 1 分 23 秒')
})

test('nothing set up: the page says what to run, and the demo is not told to start the demo', () => {
  const empty = facts({}, [])
  expect(read(statusPage(empty, zh))).toContain('npx qintong apply -f setup.yaml')
  expect(read(statusPage(empty, zh))).toContain('npm start')
  const demo = read(statusPage({ ...empty, isDemo: true }, zh))
  expect(demo).toContain('npx qintong check --demo')
  expect(demo).not.toContain('npm start')
})

test('refreshing can be stopped, and the language changed without starting it again', () => {
  expect(statusPage(facts(), zh)).toContain('<meta http-equiv="refresh" content="15">')
  const still = statusPage(facts(), { lang: 'zh', refreshes: false })
  expect(still).not.toContain('http-equiv="refresh"')
  expect(still).toContain('href="?lang=en&amp;refresh=off" lang="en"')
  expect(still).toContain('href="?lang=zh"')
})

test('a run without figures shows none, and one that wrote nothing shows zero', () => {
  const runs = [
    aRun({ state: 'queued', startedAt: null, report: null }),
    aRun({ report: aReport({ written: 0 }) }),
  ]
  expect(read(statusPage(facts({ runs }), zh))).toMatch(/— — — — 排队中.*712 0 690 0 完成/)
})

test.for([
  ['2026-11-22T09:45:10+08:00', '刚刚'],
  ['2026-11-22T10:45:10+08:00', '刚刚'],
  ['2026-11-22T09:44:10+08:00', '1 分钟前'],
  ['2026-11-22T08:45:10+08:00', '1 小时前'],
  ['2026-11-20T09:45:11+08:00', '47 小时前'],
  ['2026-11-20T09:45:10+08:00', '2 天前'],
] as const)('%s is %s', ([at, gives]) => {
  expect(ageInWords(at, now, 'zh')).toBe(gives)
})

test.for([
  [0, '0.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [125_400, '2 min 5 s'],
] as const)('%d ms take %s', ([ms, gives]) => {
  expect(durationInWords(ms, 'en')).toBe(gives)
})

test('what is wrong stands on top, the worst first, with what to do about it', () => {
  const alarm = { since: '2026-11-22T09:00:00+08:00', until: null, told: {} }
  const alarms: AlarmEntry[] = [
    {
      ...alarm,
      code: 'channel-failing',
      about: 'ops',
      level: 'warning',
      facts: { channel: 'ops', kind: 'email', because: '<b>535</b>' },
    },
    { ...alarm, code: 'store-gone', about: 'database', level: 'critical', facts: { reason: 'ECONNREFUSED' } },
  ]
  const calm = facts()
  const page = statusPage({ ...calm, status: { ...calm.status, alarms } }, zh)
  expect(read(page)).toMatch(
    /有 1 条告警需要处理.*需要处理.*数据库连不上：ECONNREFUSED.*DATABASE_URL.*严重.*告警渠道 ops（邮件）.*路线 hq/,
  )
  expect(page).toContain('&lt;b&gt;535')
  expect(statusPage(calm, zh)).not.toContain('id="alarms"')
})
