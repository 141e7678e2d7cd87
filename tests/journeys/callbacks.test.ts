import { connect } from 'node:net'
import * as theirs from '@wecom/crypto'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rowsOf } from '#store/database.ts'
import { readOpenHints } from '#store/inbox.ts'
import { readConnections } from '#store/setup.ts'
import { type CallbackService, callbackKeys, startCallbackService } from '../support/callback-service.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Answered, ask } from '../support/post-callback.ts'

let home: TestDatabase
let service: CallbackService
beforeAll(async () => {
  home = await testDatabase()
  service = await startCallbackService(home.config, {
    publicUrl: 'https://kaoqin.example.com',
    domainProofs: ['aBcD1234'],
  })
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await home.drop()
})
beforeEach(async () => {
  await sql`delete from event`.execute(service.database.kysely)
})

type Keys = { token: string; aesKey: string }
const unixSeconds = () => String(Math.floor(Temporal.Now.instant().epochMilliseconds / 1000))

/** Signed and encrypted by WeCom's own sample, not by our code. */
function letter(keys: Keys, message: string, receiver: string, timestamp = unixSeconds()) {
  const encrypted = theirs.encrypt(keys.aesKey, message, receiver)
  const signature = theirs.getSignature(keys.token, timestamp, '1372623149', encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce: '1372623149' })
  return { encrypted, query }
}
const envelope = (encrypted: string) =>
  `<xml><ToUserName><![CDATA[ww]]></ToUserName><AgentID></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

type Change = {
  connection?: string
  receiver?: string
  keys?: Keys
  timestamp?: string
  headers?: Record<string, string>
  body?: (encrypted: string) => string | Buffer
}
function wecom(message: string, change: Change = {}): Promise<Answered> {
  const { connection = 'hq-wecom', receiver = service.corps.wecom.corpId, keys = callbackKeys.wecom } = change
  const { encrypted, query } = letter(keys, message, receiver, change.timestamp)
  const body = (change.body ?? envelope)(encrypted)
  return ask(service.http.port, `/callbacks/wecom/${connection}?${query}`, {
    headers: { 'content-type': 'text/xml', ...change.headers },
    body,
  })
}
function dingtalk(message: string, change: Change = {}): Promise<Answered> {
  const {
    connection = 'hq-dingtalk',
    receiver = service.corps.dingtalk.clientId,
    keys = callbackKeys.dingtalk,
  } = change
  const { encrypted, query } = letter(keys, message, receiver, change.timestamp)
  const body = (change.body ?? ((encrypt: string) => JSON.stringify({ encrypt })))(encrypted)
  return ask(service.http.port, `/callbacks/dingtalk/${connection}?${query}`, {
    headers: { 'content-type': 'application/json', ...change.headers },
    body,
  })
}
const joiner = (userId: string, eventId = userId) =>
  JSON.stringify({
    EventType: 'user_add_org',
    CorpId: service.corps.dingtalk.corpId,
    eventId,
    userId: [userId],
  })
const created = (userId: string) =>
  `<xml><MsgType>event</MsgType><Event>change_contact</Event><ChangeType>create_user</ChangeType><UserID>${userId}</UserID><CreateTime>${unixSeconds()}</CreateTime></xml>`
const keptBodies = async () =>
  (await rowsOf(sql<{ body: string }>`select body from event order by id`, service.database.kysely)).map(
    ({ body }) => body,
  )
const countOf = async (connection: string, outcome: string) => {
  const { values } = await service.metrics.registry.getSingleMetric('qintong_callbacks_total')!.get()
  return (
    values.find(({ labels }) => labels['connection'] === connection && labels['outcome'] === outcome)
      ?.value ?? 0
  )
}

test('a DingTalk event is kept, then acknowledged with the encrypted word', async () => {
  const { status, text, headers } = await dingtalk(joiner('u001'))
  expect([status, headers['content-type']?.toString().split(';')[0]]).toEqual([200, 'application/json'])
  const answer = JSON.parse(text) as Record<string, string>
  expect(theirs.decrypt(callbackKeys.dingtalk.aesKey, answer['encrypt']!)).toMatchObject({
    message: 'success',
    id: service.corps.dingtalk.clientId,
  })
  const { timeStamp = '', nonce = '', encrypt = '' } = answer
  expect(theirs.getSignature(callbackKeys.dingtalk.token, timeStamp, nonce, encrypt)).toBe(
    answer['msg_signature'],
  )
  expect(await keptBodies()).toEqual([joiner('u001')])
})

test('a WeCom event is kept, then acknowledged with nothing', async () => {
  const message = created('zhangsan')
  const { status, text } = await wecom(message)
  expect([status, text]).toEqual([200, ''])
  expect(await keptBodies()).toEqual([message])
})

test('an event of somebody we do not know is a hint like any other', async () => {
  await dingtalk(joiner('never-seen'))
  const connection = (await readConnections(service.database.kysely, service.parts.tenant)).find(
    ({ key }) => key === 'hq-dingtalk',
  )!
  const open = await readOpenHints(service.database.kysely, {
    tenant: service.parts.tenant,
    connection: connection.id,
    limit: 9,
  })
  expect(open).toMatchObject([{ hints: [{ kind: 'contacts', userIds: ['never-seen'] }] }])
})

test('a replay is acknowledged and kept once, however it is signed', async () => {
  const message = created('lisi')
  for (let i = 0; i < 3; i++) {
    expect((await wecom(message)).status).toBe(200)
    expect((await dingtalk(joiner('u002'))).status).toBe(200)
  }
  expect(await keptBodies()).toHaveLength(2)
  expect(await countOf('hq-wecom', 'known')).toBe(2)
})

test('a burst on both addresses is kept to the last event', async () => {
  const all = await Promise.all(
    Array.from({ length: 300 }, (_, i) => (i % 2 ? wecom(created(`w${i}`)) : dingtalk(joiner(`d${i}`)))),
  )
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await keptBodies()).toHaveLength(300)
})

test('both platforms of the sandbox save our addresses and tell us what happens', async () => {
  const { sandbox, http, database } = service
  const at = (path: string) => `${http.url}/callbacks/${path}`
  await sandbox.subscribe({ dingtalk: at('dingtalk/hq-dingtalk'), wecom: at('wecom/hq-wecom') })
  const [somebody] = sandbox.pairs()
  const now = Temporal.Now.instant().toString()
  sandbox.punch({ platform: 'dingtalk', userId: somebody!.dingtalk, at: now })
  sandbox.staff({ act: 'changeUserid', wecom: somebody!.wecom, to: 'brand.new' })
  await sandbox.subscriptions.work()
  const hints = await rowsOf(
    sql<{ hints: { kind: string }[] }>`select hints from event order by type`,
    database.kysely,
  )
  expect(hints.flatMap((row) => row.hints)).toMatchObject([
    { kind: 'punch', userIds: [somebody!.dingtalk] },
    { kind: 'userIdChanged', from: somebody!.wecom, to: 'brand.new' },
    { kind: 'contacts', userIds: ['brand.new'] },
  ])
  expect(sandbox.world.events.counts()).toMatchObject({ acknowledged: 1, waiting: 0 })
})

describe('bad input', () => {
  const forged = { token: 'guessed', aesKey: callbackKeys.wecom.aesKey }
  const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
  const big = 'x'.repeat(1024 * 1024)
  test.for<{
    what: string
    send: () => Promise<Answered>
    status: number
    code: string
    connection?: string
    outcome: string
  }>([
    {
      what: 'a forged signature (WeCom)',
      send: () => wecom(created('a'), { keys: forged }),
      status: 403,
      code: 'callback-refused',
      connection: 'hq-wecom',
      outcome: 'bad-signature',
    },
    {
      what: 'a forged signature (DingTalk)',
      send: () => dingtalk(joiner('a'), { keys: { ...callbackKeys.dingtalk, token: 'guessed' } }),
      status: 403,
      code: 'callback-refused',
      connection: 'hq-dingtalk',
      outcome: 'bad-signature',
    },
    {
      what: 'a letter to another corp',
      send: () => wecom(created('a'), { receiver: 'ww-other' }),
      status: 403,
      code: 'callback-refused',
      connection: 'hq-wecom',
      outcome: 'wrong-receiver',
    },
    {
      what: 'a letter to another app',
      send: () => dingtalk(joiner('a'), { receiver: 'dingother' }),
      status: 403,
      code: 'callback-refused',
      connection: 'hq-dingtalk',
      outcome: 'wrong-receiver',
    },
    {
      what: 'a stamp of yesterday (WeCom)',
      send: () => wecom(created('a'), { timestamp: String(Number(unixSeconds()) - 86_400) }),
      status: 403,
      code: 'callback-refused',
      connection: 'hq-wecom',
      outcome: 'stale',
    },
    {
      what: 'half an envelope',
      send: () => wecom(created('a'), { body: (e) => envelope(e).slice(0, 90) }),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-wecom',
      outcome: 'malformed',
    },
    {
      what: 'half a JSON',
      send: () => dingtalk(joiner('a'), { body: (e) => JSON.stringify({ encrypt: e }).slice(0, 40) }),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-dingtalk',
      outcome: 'malformed',
    },
    {
      what: 'no body',
      send: () => dingtalk(joiner('a'), { body: () => '' }),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-dingtalk',
      outcome: 'malformed',
    },
    {
      what: 'an oversized body',
      send: () => wecom(created('a'), { body: () => `${big}x` }),
      status: 413,
      code: 'body-too-large',
      outcome: 'too-large',
    },
    {
      what: 'an oversized body of unknown length',
      send: () => wecom(created('a'), { body: () => `${big}x`, headers: { 'transfer-encoding': 'chunked' } }),
      status: 413,
      code: 'body-too-large',
      outcome: 'too-large',
    },
    {
      what: 'a nested body (WeCom)',
      send: () => wecom(`<xml>${'<a>'.repeat(99)}${'</a>'.repeat(99)}</xml>`),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-wecom',
      outcome: 'too-deep',
    },
    {
      what: 'a nested body (DingTalk)',
      send: () => dingtalk(joiner('a'), { body: () => `{"encrypt":${deep(100_000)}}` }),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-dingtalk',
      outcome: 'too-deep',
    },
    {
      what: 'an entity in the envelope',
      send: () => wecom(created('a'), { body: (e) => `<!DOCTYPE x [<!ENTITY a "b">]>${envelope(e)}` }),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-wecom',
      outcome: 'malformed',
    },
    {
      what: 'an entity in the letter',
      send: () => wecom(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${created('&a;')}`),
      status: 400,
      code: 'callback-unreadable',
      connection: 'hq-wecom',
      outcome: 'malformed',
    },
    {
      what: 'a connection that never was',
      send: () => wecom(created('a'), { connection: 'nobody' }),
      status: 404,
      code: 'not-found',
      outcome: 'unknown',
    },
    {
      what: 'a connection of the other platform',
      send: () => wecom(created('a'), { connection: 'hq-dingtalk' }),
      status: 404,
      code: 'not-found',
      outcome: 'unknown',
    },
    {
      what: 'a connection without callbacks',
      send: () => dingtalk(joiner('a'), { connection: 'branch-dingtalk' }),
      status: 404,
      code: 'not-found',
      connection: 'branch-dingtalk',
      outcome: 'unknown',
    },
    {
      what: 'a broken escape in the address',
      send: () => ask(service.http.port, '/callbacks/wecom/hq-wecom?nonce=%zz', { body: 'x' }),
      status: 400,
      code: 'callback-unreadable',
      outcome: 'malformed',
    },
  ])(
    '$what: $status $code, kept nowhere, counted',
    async ({ send, status, code, connection = '', outcome }) => {
      const before = await countOf(connection, outcome)
      const answer = await send()
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code])
      expect(answer.headers['content-type']).toContain('application/problem+json')
      expect(await keptBodies()).toEqual([])
      expect(await countOf(connection, outcome)).toBe(before + 1)
    },
  )

  test('which part was wrong is not said', async () => {
    const all = [
      wecom(created('a'), { keys: forged }),
      wecom(created('a'), { receiver: 'ww-other' }),
      wecom(created('a'), { timestamp: '1' }),
    ]
    const told = new Set((await Promise.all(all)).map(({ status, text }) => `${status} ${text}`))
    expect(told.size).toBe(1)
  })

  test('a stranger cannot fill the log', async () => {
    service.refusals.length = 0
    for (let i = 0; i < 20; i++) await wecom(created('a'), { connection: 'flood' })
    expect(service.refusals.length).toBeLessThanOrEqual(1)
  })

  test('another method is told which ones there are', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(service.http.port, '/callbacks/dingtalk/hq-dingtalk', { method })
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST'])
    }
  })

  test('a body for an address below that does not exist is a plain 404', async () => {
    expect((await ask(service.http.port, '/callbacks/feishu/hq', { body: 'hello' })).status).toBe(404)
    expect((await ask(service.http.port, '/', { body: 'hello' })).status).toBe(413)
  })

  test('one who says much and sends nothing holds nobody up', async () => {
    const socket = connect(service.http.port, '127.0.0.1')
    socket.write(
      'POST /callbacks/wecom/hq-wecom HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900\r\n\r\n<xml>',
    )
    expect((await wecom(created('quick'))).status).toBe(200)
    socket.destroy()
  })
})

test('a connection that is removed takes nothing a second later', async () => {
  expect((await dingtalk(joiner('u3'))).status).toBe(200)
  const rename = (from: string, to: string) =>
    sql`update connection set key = ${to} where key = ${from}`.execute(service.database.kysely)
  await rename('hq-dingtalk', 'gone')
  try {
    await new Promise((resume) => setTimeout(resume, 1_100))
    expect((await dingtalk(joiner('u4'))).status).toBe(404)
  } finally {
    await rename('gone', 'hq-dingtalk')
    await new Promise((resume) => setTimeout(resume, 1_100))
  }
})

describe('the trial of the console', () => {
  test('WeCom gets its text back within a second, pluses and all', async () => {
    // encrypt until the base64 holds a plus: the case that breaks naive decoders
    let found = letter(callbackKeys.wecom, '5927782489442352469', service.corps.wecom.corpId)
    while (!found.encrypted.includes('+'))
      found = letter(callbackKeys.wecom, '5927782489442352469', service.corps.wecom.corpId)
    for (const echostr of [encodeURIComponent(found.encrypted), found.encrypted.replaceAll('/', '%2F')]) {
      const begun = performance.now()
      const answer = await ask(
        service.http.port,
        `/callbacks/wecom/hq-wecom?${found.query}&echostr=${echostr}`,
        { method: 'GET' },
      )
      expect([answer.status, answer.text]).toEqual([200, '5927782489442352469'])
      expect(performance.now() - begun).toBeLessThan(1_000)
    }
    expect(await keptBodies()).toEqual([])
  })

  test('DingTalk gets the encrypted word', async () => {
    const answer = await dingtalk('{"EventType":"check_url"}')
    const { encrypt } = JSON.parse(answer.text) as { encrypt: string }
    expect(theirs.decrypt(callbackKeys.dingtalk.aesKey, encrypt).message).toBe('success')
    expect(await keptBodies()).toEqual([])
  })

  test('a trusted domain is proven', async () => {
    const proof = (name: string) => ask(service.http.port, `/${name}`, { method: 'GET' })
    expect(await proof('WW_verify_aBcD1234.txt')).toMatchObject({ status: 200, text: 'aBcD1234' })
    expect((await proof('WW_verify_other.txt')).status).toBe(404)
  })
})

describe('who may come in', () => {
  test.for([
    { host: 'kaoqin.example.com', status: 200 },
    { host: 'kaoqin.example.com:443', status: 200 },
    { host: 'evil.example.com', status: 421 },
  ])('through a proxy on this machine, asking for $host: $status', async ({ host, status }) => {
    expect((await dingtalk(joiner(`at ${host}`), { headers: { host } })).status).toBe(status)
  })

  test.for([
    {
      when: 'no public address is set',
      publicUrl: undefined,
      host: 'kaoqin.example.com',
      path: '/callbacks/dingtalk/hq-dingtalk',
      status: 403,
    },
    {
      when: 'a public address is set',
      publicUrl: 'https://kaoqin.example.com',
      host: 'kaoqin.example.com',
      path: '/callbacks/dingtalk/hq-dingtalk',
      status: 400,
    },
    {
      when: 'a public address is set and another name is used',
      publicUrl: 'https://kaoqin.example.com',
      host: '10.0.0.7',
      path: '/callbacks/dingtalk/hq-dingtalk',
      status: 403,
    },
    {
      when: 'a public address is set and the console is asked for',
      publicUrl: 'https://kaoqin.example.com',
      host: 'kaoqin.example.com',
      path: '/metrics',
      status: 403,
    },
  ])('listening to the world, $when: $status', async ({ publicUrl, host, path, status }) => {
    await using open = await startCallbackService(home.config, { host: '0.0.0.0', publicUrl })
    const method = path === '/metrics' ? 'GET' : 'POST'
    expect(
      (
        await ask(open.http.port, path, {
          method,
          headers: { host },
          ...(method === 'POST' && { body: 'x' }),
        })
      ).status,
    ).toBe(status)
  })
})

test('while nothing can be written nothing is promised, and what is sent again is kept', async () => {
  const own = await testDatabase()
  await using away = await startCallbackService(own.config)
  const send = () => {
    const message = '{"EventType":"user_add_org","eventId":"1"}'
    const { encrypted, query } = letter(callbackKeys.dingtalk, message, away.corps.dingtalk.corpId)
    return ask(away.http.port, `/callbacks/dingtalk/hq-dingtalk?${query}`, {
      body: JSON.stringify({ encrypt: encrypted }),
    })
  }
  const readOnly = async (how: string) => {
    const client = new Client(own.config)
    await client.connect()
    await client.query('set default_transaction_read_only = off')
    await client.query(`alter database ${own.config.database} set default_transaction_read_only = ${how}`)
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await client.end()
  }
  await readOnly('on')
  const refused = await send()
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5'])
  await readOnly('off')
  expect((await send()).status).toBe(200)
  expect(await rowsOf(sql`select 1 from event`, away.database.kysely)).toHaveLength(1)
})
