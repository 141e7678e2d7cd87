import { expect, test } from 'vitest'
import { createSandbox, type SandboxOptions } from '../sandbox.ts'
import { dayOf, parseInstant } from '../shanghai.ts'
import { dayOfPerson } from './day-state.ts'

const morning = '2026-03-04T11:00:00+08:00'
const sandboxAt = (at: string, more: Partial<SandboxOptions> = {}) =>
  createSandbox({
    seed: 1,
    people: 3,
    days: 1,
    style: 'plain',
    now: () => Temporal.Instant.from(at),
    ...more,
  })
type Box = ReturnType<typeof createSandbox>
const get = (sandbox: Box, query = '') =>
  sandbox.control({
    method: 'GET',
    url: `http://127.0.0.1:4001/_sandbox/${query}`,
    headers: {},
    timeoutMs: 1000,
  })
const record = (sandbox: Box, userId: string, at: string, more = {}) =>
  sandbox.punch({ platform: 'wecom', userId, at, ...more })
const write = (sandbox: Box, userid: string, second: number, more = {}) =>
  sandbox.world.records.add({
    userid,
    checkin_time: second,
    origin: 'api',
    location_title: '',
    location_detail: '',
    notes: '',
    device_type: 3,
    device_detail: '',
    lat: null,
    lng: null,
    wifiname: '',
    wifimac: '',
    mediaids: [],
    visibleAt: 0,
    storedAt: 0,
    batch: 1,
    spNumber: null,
    erasedBy: null,
    ...more,
  })
/** The marks of the first person on the day of the story: `08:55 same`. */
const marks = (sandbox: Box) => {
  const [person] = sandbox.world.company.people
  const day = dayOfPerson(sandbox.world, person!, dayOf(parseInstant(morning)!))
  const told = (list: typeof day.dingtalk) => list.map(({ kind }) => kind)
  return {
    dingtalk: told(day.dingtalk),
    wecom: told(day.wecom),
    missing: day.missing,
    stray: day.stray,
    seconds: day.dingtalk.map(({ at }) => at),
  }
}

test('a punch is told by what the other side shows in that second', () => {
  const sandbox = sandboxAt(morning)
  const [who] = sandbox.pairs()
  const { seconds } = marks(sandbox)
  expect(marks(sandbox)).toMatchObject({ dingtalk: ['missing'], wecom: [], missing: 1, stray: 0 })

  write(sandbox, who!.wecom, seconds[0]!, { visibleAt: sandbox.nowMs() + 60_000 })
  expect(marks(sandbox)).toMatchObject({ dingtalk: ['missing'], wecom: ['hidden'], missing: 1 })
  sandbox.advance(61)
  expect(marks(sandbox)).toMatchObject({ dingtalk: ['same'], wecom: ['same'], missing: 0, stray: 0 })

  write(sandbox, who!.wecom, seconds[0]! + 1)
  record(sandbox, who!.wecom, '2026-03-04T10:00:00+08:00')
  sandbox.punch({
    platform: 'dingtalk',
    userId: who!.dingtalk,
    at: '2026-03-04T10:30:00+08:00',
    void: true,
  })
  sandbox.punch({
    platform: 'dingtalk',
    userId: who!.dingtalk,
    at: '2026-03-04T10:40:00+08:00',
    appearsAt: '2026-03-05T10:40:00+08:00',
  })
  expect(marks(sandbox)).toMatchObject({
    dingtalk: ['same', 'void', 'late'],
    wecom: ['same', 'stray', 'own'],
    missing: 0,
    stray: 1,
  })
})

test('the page runs its own script and style alone, and holds fifty people', async () => {
  const sandbox = sandboxAt(morning, { people: 120, style: 'sample' })
  const { status, headers, text } = await get(sandbox)
  expect(status).toBe(200)
  expect(headers['content-security-policy']).toMatch(/default-src 'none'; style-src 'sha256-/)
  expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:/)
  expect(text.match(/<tr role="row"/g)).toHaveLength(51)
  expect(text).toContain('第 1 页，共 3 页')
  expect((await get(sandbox, '?page=3&lang=en')).text).toContain('Page 3 of 3')
})

test('people are found by name and by either user id; nonsense in the address is read as nothing', async () => {
  const sandbox = sandboxAt(morning, { people: 120, style: 'sample' })
  for (const search of ['张三丰', 'zhangsanfeng', 'ZHANGSANF'])
    expect(
      (await get(sandbox, `?q=${encodeURIComponent(search)}`)).text.match(/<tr role="row"/g),
    ).toHaveLength(2)
  const odd = await get(sandbox, '?day=2026-99-99&page=-7&lang=xx&q=%3Cscript%3Ealert(1)%3C/script%3E')
  expect(odd.status).toBe(200)
  expect(odd.text).toContain('没有这样的人')
  expect(odd.text).not.toContain('<script>alert')
})

test('only those whose sides differ are shown when they are asked for', async () => {
  const sandbox = sandboxAt(morning)
  const [who] = sandbox.pairs()
  write(sandbox, who!.wecom, marks(sandbox).seconds[0]!)
  const { text } = await get(sandbox, '?only=differing&lang=en')
  expect(text).toContain('2 punches have not reached WeCom')
  expect(text.match(/<tr role="row"/g)).toHaveLength(3)
  expect(text).not.toContain(`>${who!.wecom}<`)
})

test('a counted misfortune that is used up stands at off again, and says how often it struck', async () => {
  const sandbox = sandboxAt(morning)
  sandbox.set({ busy: { next: 1 } })
  expect((await get(sandbox)).text).toContain('1 个开关不在初始位置')
  const url = 'http://127.0.0.1:4001/gettoken?appkey=a&appsecret=b'
  await sandbox.transport({ method: 'GET', url, headers: {}, timeoutMs: 1000 })
  const { text } = await get(sandbox)
  expect(text).toContain('全部在初始位置')
  expect(text).toContain('已发生 1 次')
})
