import { expect, test } from 'vitest'
import type { Alarm, AlarmCode, AlarmKinds } from '#domain/alarms/alarm.ts'
import { explainAlarm, noticeBlock, noticeHead, noticeText } from './tell-alarm.ts'

const about = { connection: 'hq-wecom', platform: 'wecom' } as const
const at = '2026-11-22T09:42:00+08:00'
/** One of each; the compiler refuses a missing code. */
const samples: { [C in AlarmCode]: AlarmKinds[C] } = {
  'route-behind': { route: 'hq', completeTo: at, because: 'platform.busy' },
  'steps-stalled': { route: 'hq', step: 'deliver', tries: 9, since: at },
  'stream-silent': { ...about, lastHeardAt: at },
  'secret-refused': { ...about, code: 'platform.bad-credentials', until: at },
  'ip-not-trusted': { ...about, theirText: 'from ip: 203.0.113.7' },
  'permission-missing': { ...about, api: 'getcheckindata', theirCode: '48002', theirText: 'api forbidden' },
  'quota-nearly-spent': { ...about, used: 4600, quota: 5000 },
  'quota-spent': { ...about, used: 5000, quota: 5000, freeAgainOn: '2026-12-01' },
  'events-nearly-spent': { ...about, used: 2700, quota: 3000 },
  'events-spent': { ...about, used: 3000, quota: 3000, freeAgainOn: '2026-12-01' },
  'quota-short': { ...about, used: 3000, quota: 5000, lastsUntil: '2026-11-27' },
  'deliveries-in-doubt': { route: 'hq', count: 2, since: at },
  'deliveries-refused': { route: 'hq', count: 3 },
  'deliveries-out-of-calls': { route: 'hq', count: 40, freeAgainOn: '2026-12-01' },
  'people-waiting': { route: 'hq', people: 4, held: 60 },
  'probes-near-limit': { ...about, wrong: 5, mostWrong: 6 },
  'brake-pulled': { route: 'hq', writes: 90, punches: 3 },
  'store-gone': { reason: 'ECONNREFUSED' },
  'store-full': { freeMegabytes: 12 },
  'store-slow': { roundTripMs: 1500 },
  'store-read-only': { reason: 'standby' },
  'clock-skewed': { ...about, skewSeconds: -75 },
  'backup-failed': { reason: 'ENOSPC' },
  'backup-old': { lastAt: at },
  'callbacks-forged': { ...about, count: 30, minutes: 10 },
  'channel-failing': { channel: 'ops', kind: 'webhook', because: 'timeout' },
}
const bare: { [C in AlarmCode]?: AlarmKinds[C] } = {
  'route-behind': { route: 'hq', completeTo: null, because: null },
  'stream-silent': { ...about, lastHeardAt: null },
  'secret-refused': { ...about, code: 'platform.bad-credentials', until: null },
  'permission-missing': { ...about, api: 'getcheckindata', theirCode: '', theirText: '' },
  'ip-not-trusted': { ...about, theirText: '' },
  'backup-old': { lastAt: null },
}
const han = /\p{Script=Han}/u
/** Console names may be Chinese in an English sentence. */
const consoles = /\p{Script=Han}[^.;]*→[^.;]*|\([^()]*\p{Script=Han}[^()]*\)/gu

test.for(['zh', 'en'] as const)('every alarm says in %s what happened and what to do', (lang) => {
  const all = [...Object.entries(samples), ...Object.entries(bare)] as [AlarmCode, AlarmKinds[AlarmCode]][]
  for (const [code, facts] of all) {
    const { title, hint } = explainAlarm({ code, facts } as Alarm, lang)
    for (const sentence of [title, hint]) {
      expect(sentence.length, code).toBeGreaterThan(6)
      expect(sentence, code).not.toMatch(/undefined|null|NaN|\[object/)
    }
    expect(han.test(title), title).toBe(lang === 'zh')
    if (lang === 'en') expect(han.test(hint.replace(consoles, '')), hint).toBe(false)
  }
})

const alarm = (code: AlarmCode, isOver = false): Alarm =>
  ({
    ...{ code, key: 'hq', facts: samples[code], raisedAt: null, awaySince: null },
    since: Temporal.Instant.from(at),
    resolvedAt: isOver ? Temporal.Instant.from(at).add({ minutes: 20 }) : null,
  }) as Alarm

test('what is over says how long it lasted, and asks nobody to do anything', () => {
  const block = noticeBlock({ alarm: alarm('store-gone', true), kind: 'resolved' }, 'zh')
  expect(block).toBe('● 已恢复（严重）：数据库连不上：ECONNREFUSED\n2026-11-22 09:42 至 2026-11-22 10:02')
})

test('a message begins with what is in it', () => {
  const raised = { alarm: alarm('store-gone'), kind: 'raised' } as const
  const over = { alarm: alarm('store-slow', true), kind: 'resolved' } as const
  expect(noticeHead([raised], 'zh')).toBe('【勤通】告警 · 数据库连不上：ECONNREFUSED')
  expect(noticeHead([raised, over, raised], 'zh')).toBe('【勤通】告警 2 条，已恢复 1 条')
  expect(noticeHead([raised, over], 'en')).toBe('【Qintong】Alarm 1, Over 1')
  expect(noticeText([raised], 'zh')).toMatch(
    /^【勤通】告警（严重）：数据库连不上：ECONNREFUSED\n怎么办：.*\n开始于 2026-11-22 09:42$/,
  )
  expect(noticeText([raised, over], 'zh')).toMatch(
    /^【勤通】告警 1 条，已恢复 1 条\n\n● 告警（严重）：.*\n\n● 已恢复（警告）：/s,
  )
})
