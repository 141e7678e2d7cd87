import { expect, test } from 'vitest'
import { fail, failure } from '#domain/failures.ts'
import { createHttp, type HttpOptions } from './create-http.ts'
import { aRoute, busyCompany, httpOptions, type Told } from './test-kit.ts'

const asked = async (
  url: string,
  {
    told = {},
    change = {},
    ...request
  }: {
    told?: Partial<Told>
    change?: Partial<HttpOptions>
    headers?: Record<string, string>
    method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS'
    payload?: string
  } = {},
) => {
  const app = createHttp(httpOptions(told, change))
  try {
    return await app.inject({ method: 'GET', url, ...request })
  } finally {
    await app.close()
  }
}
const browser = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'zh-CN,zh;q=0.9' }
const broken = (thrown: () => never) => ({ ...httpOptions().operations, status: async () => thrown() })
const gone = broken(() => fail('store.gone', { reason: 'ECONNREFUSED' }))
const bug = broken(() => {
  throw new TypeError("Cannot read properties of undefined (reading 'secretThing')")
})

test('health needs nothing but a living process', async () => {
  const answer = await asked('/healthz', { change: { operations: gone, isReady: () => false } })
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
})

test.for([
  { when: 'the database answers', isReady: () => true, gives: 200 },
  { when: 'it answers later', isReady: async () => true, gives: 200 },
  { when: 'it is being upgraded', isReady: () => false, gives: 503 },
  { when: 'it is away', isReady: () => Promise.reject(new Error('ECONNREFUSED')), gives: 503 },
  {
    when: 'asking it throws at once',
    isReady: () => {
      throw new Error('closed')
    },
    gives: 503,
  },
])('ready when $when: $gives', async ({ isReady, gives }) => {
  const answer = await asked('/readyz', { change: { isReady } })
  expect(answer.statusCode).toBe(gives)
  if (gives === 503) expect(answer.json()).toMatchObject({ code: 'not-ready', status: 503 })
})

test('the status is told as it is', async () => {
  const told = busyCompany()
  const answer = await asked('/api/status', { told })
  const { routes } = told
  expect(answer.json()).toEqual({ version: '0.1.0', home: 'data', database: 'embedded', routes, alarms: [] })
})

test('the metrics are in the format of Prometheus, and stand even while the database is away', async () => {
  const answer = await asked('/metrics', { told: { routes: [aRoute()] } })
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(answer.body).toContain('qintong_complete_people{route="hq"} 120')
  const away = await asked('/metrics', { change: { operations: gone } })
  expect(away.statusCode).toBe(200)
  expect(away.body).toContain('qintong_status_readable 0')
})

test.for(['/', '/healthz', '/readyz', '/metrics', '/api/status', '/assets/icon.svg', '/nothing', '/%zz'])(
  'on %s stand the headers that keep a page to itself',
  async (url) => {
    for (const headers of [browser, {}]) {
      const answer = await asked(url, { headers })
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cache-control': url === '/assets/icon.svg' ? 'public, max-age=86400' : 'no-store',
      })
      const policy = String(answer.headers['content-security-policy'])
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src 'self';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(answer.headers['x-powered-by']).toBeUndefined()
    }
  },
)

test('every error is RFC 9457 with a code, a sentence and what to do, in the language of the reader', async () => {
  const zh = await asked('/nothing')
  expect([zh.statusCode, zh.headers['content-type']]).toEqual([404, 'application/problem+json'])
  expect(zh.json()).toEqual({
    type: 'urn:qintong:problem:not-found',
    title: '没有这个地址',
    hint: expect.stringContaining('请核对'),
    status: 404,
    code: 'not-found',
  })
  expect((await asked('/nothing?lang=en')).json().title).toBe('There is no such address')
  expect((await asked('/nothing', { headers: { 'accept-language': 'en' } })).json().title).toBe(
    'There is no such address',
  )
})

test('somebody in a browser gets the error as a page, and the API never answers with one', async () => {
  const page = await asked('/nothing', { headers: browser })
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.body).toContain('<h1 id="verdict">没有这个地址</h1>')
  for (const url of ['/api/nothing', '/api/status', '/readyz', '/metrics'])
    expect(
      (await asked(url, { headers: { ...browser, host: 'evil.example' }, change: { isReady: () => false } }))
        .headers['content-type'],
    ).toBe('application/problem+json')
})

test('an expected failure keeps its code and its words, and the page looks again by itself', async () => {
  const answer = await asked('/api/status', { change: { operations: gone } })
  expect(answer.json()).toMatchObject({
    status: 503,
    code: 'store-gone',
    title: expect.stringContaining('ECONNREFUSED'),
  })
  const page = await asked('/', { headers: browser, change: { operations: gone } })
  expect(page.statusCode).toBe(503)
  expect(page.body).toContain('http-equiv="refresh"')
})

test.for([
  { code: 'store.gone', page: 503 },
  { code: 'store.slow', page: 503 },
  { code: 'store.read-only', page: 200 },
  { code: 'store.disk-full', page: 200 },
] as const)(
  'a database in trouble ($code) is told in words wherever somebody looks',
  async ({ code, page }) => {
    const change = { store: async () => failure(code, { reason: 'x' }) }
    const told = { routes: [aRoute()] }
    const name = code.replace('.', '-')
    const ready = await asked('/readyz', { change, told })
    expect([ready.statusCode, ready.json().code, ready.headers['retry-after']]).toEqual([503, name, '5'])
    expect((await asked('/healthz', { change, told })).statusCode).toBe(200)
    const metrics = (await asked('/metrics', { change, told })).body
    expect(metrics).toContain('qintong_store_ok 0')
    expect(metrics).toContain(`qintong_store_trouble{code="${name}"} 1`)
    expect(metrics).toContain(`qintong_status_readable ${page === 200 ? 1 : 0}`)
    for (const [lang, words] of [
      ['zh', '恢复后自动继续'],
      ['en', 'goes on by itself afterwards'],
    ]) {
      const answer = await asked('/', { change, told, headers: { ...browser, 'accept-language': lang! } })
      expect(answer.statusCode).toBe(page)
      expect(answer.body).toContain(words)
      expect(answer.body).toContain('http-equiv="refresh"')
    }
  },
)

test('a bug is kept whole for us and shown to nobody', async () => {
  const bugs: unknown[] = []
  const onBug = (error: unknown) => `E-${bugs.push(error)}`
  for (const headers of [browser, {}]) {
    const answer = await asked('/', { headers, change: { operations: bug, onBug } })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).toContain(`E-${bugs.length}`)
    expect(answer.body).not.toMatch(/secretThing|TypeError|\bat .*:\d+/)
  }
  expect(bugs).toEqual([expect.any(TypeError), expect.any(TypeError)])
})

test.for([
  { when: 'a foreign name', url: '/', headers: { host: 'evil.example' }, status: 421, code: 'wrong-host' },
  { when: 'writing', url: '/', method: 'POST', status: 405, code: 'method-not-allowed' },
  {
    when: 'asking what another origin may do',
    url: '/api/status',
    method: 'OPTIONS',
    status: 405,
    code: 'method-not-allowed',
  },
  { when: 'a body', url: '/', method: 'POST', payload: '{}', status: 413, code: 'no-body-accepted' },
  { when: 'an endless address', url: `/${'a'.repeat(3_000)}`, status: 414, code: 'address-too-long' },
  { when: 'a broken address', url: '/%zz', status: 400, code: 'bad-request' },
  {
    when: 'a broken address from a foreign name',
    url: '/%zz',
    headers: { host: 'evil.example' },
    status: 421,
    code: 'wrong-host',
  },
] as const)('$when is refused with $code', async ({ status, code, url, ...request }) => {
  const answer = await asked(url, request)
  expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

test.for(['0.0.0.0', '192.168.1.4', '::'])(
  'listening on %s, only health is answered until there is sign-in',
  async (host) => {
    const ask = (url: string) =>
      asked(url, { change: { host }, told: busyCompany(), headers: { host: '192.168.1.4:3000' } })
    expect((await ask('/healthz')).statusCode).toBe(200)
    expect((await ask('/readyz')).statusCode).toBe(200)
    for (const url of ['/', '/api/status', '/metrics', '/assets/icon.svg', '/nothing']) {
      const answer = await ask(url)
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'sign-in-needed'])
      expect(answer.body).not.toContain('hq')
    }
  },
)

test('under the public name, or passed on by a proxy, nothing is shown; loopback names are served as before', async () => {
  const change = { publicUrl: 'https://kaoqin.example.com:8443/x' }
  for (const url of ['/', '/api/status', '/metrics', '/nothing'])
    for (const headers of [
      { host: 'kaoqin.example.com:8443' },
      { host: '127.0.0.1', 'x-forwarded-for': '203.0.113.9' },
      { host: 'localhost', forwarded: 'for=203.0.113.9' },
    ]) {
      const answer = await asked(url, { change, headers })
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'sign-in-needed'])
    }
  const health = await asked('/healthz', { change, headers: { host: 'kaoqin.example.com:8443' } })
  expect(health.statusCode).toBe(200)
  expect((await asked('/', { change, headers: { host: 'localhost' } })).statusCode).toBe(200)
  expect((await asked('/', { change, headers: { host: 'example.com' } })).statusCode).toBe(421)
})

test('HEAD answers like GET, without the page', async () => {
  const answer = await asked('/', { method: 'HEAD', headers: browser })
  expect([answer.statusCode, answer.body]).toEqual([200, ''])
})
