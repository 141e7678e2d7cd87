import { Client } from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { openWakeUps } from '#engine/wake-ups.ts'
import { createSandbox } from '#sandbox/sandbox.ts'
import { createChance } from '#simulation/chance.ts'
import { simulationOptions } from '#simulation/company.ts'
import { openDatabase } from '#store/database.ts'
import { keepEvents } from '#store/inbox.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readConnections } from '#store/setup.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

/** A company that is served, pages and all, on real time, and somebody with rights over its database. */
async function serveCompany() {
  const home = await migratedDatabase()
  const sandbox = createSandbox({
    ...{ seed: 9, people: 4, days: 2, style: 'plain', edition: ['standard', 'development-pack'] },
    now: () => systemClock.now(),
  })
  const database = openDatabase(home.config, undefined, 20_000)
  const tenant = await ensureTenant(database.kysely, 'troubles', 'troubles')
  const bugs: unknown[] = []
  const log: { fields: Record<string, unknown>; event: string }[] = []
  const app = createApp({
    ...{ clock: systemClock, random: createChance(9), transport: sandbox.transport, database },
    seal: createSeal(Buffer.alloc(32, 9)),
    tenant,
    ...{ holder: 'troubles', actor: 'test', env: {} },
    openWakeUps: (onError) => openWakeUps(home.config, onError),
    log: { info: () => {}, warn: (fields, event) => log.push({ fields, event }) },
    onBug(error) {
      bugs.push(error)
      return 'bug'
    },
    options: { ...simulationOptions, databaseKind: 'external', pace: 1 },
  })
  await app.apply({ text: sandbox.ready().setupYaml, file: 'setup.yaml', dryRun: false })
  const stopping = new AbortController()
  const ready = Promise.withResolvers<string>()
  const running = app.serve({
    ...{ role: 'all', host: '127.0.0.1', port: 0, signal: stopping.signal },
    onReady: ({ url }) => ready.resolve(url),
  })
  running.catch(ready.reject)
  const url = await ready.promise
  const isSwept = async () => (await app.status()).routes[0]!.completeTo !== null
  await vi.waitUntil(isSwept, { timeout: 20_000 })
  const served = {
    ...{ home, bugs, log, sandbox },
    /** Status, content type and body of an address, and how long it took. */
    async ask(path: string, lang = 'zh') {
      const start = Date.now()
      const page = path === '/' ? { accept: 'text/html' } : {}
      const answer = await fetch(`${url}${path}`, { headers: { 'accept-language': lang, ...page } })
      const body = await answer.text()
      return { status: answer.status, body, tookMs: Date.now() - start }
    },
    /** Somebody punches, and an event says so; resolves when what is served has written it to the other side. */
    async carriesOne() {
      const written = () => sandbox.records().filter(({ origin }) => origin === 'api').length
      const before = written()
      const [who] = sandbox.pairs()
      const at = systemClock.now().round('second').subtract({ seconds: 1 })
      sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, at: at.toString() })
      const [dingtalk] = (await readConnections(database.kysely, tenant)).filter(
        ({ platform }) => platform === 'dingtalk',
      )
      const hints = [{ kind: 'punch' as const, userIds: [who!.dingtalk], at }]
      const event = { via: 'stream' as const, eventId: 'e1', type: 'attendance_check_record', body: '{}', at }
      await keepEvents(database, tenant, [{ connection: dingtalk!.id, event, hints }])
      await vi.waitUntil(() => written() > before, { timeout: 75_000 })
    },
    async stop() {
      stopping.abort()
      await running
      await database.close()
      sandbox.close()
      await home.drop()
    },
  }
  cleanUps.push(served.stop)
  return served
}

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of cleanUps.splice(0).toReversed()) await end()
})

/** Statements of somebody who administers the server, in another database of it. */
async function administer({ config }: TestDatabase, statements: (name: string) => string[], inside = false) {
  const client = new Client(inside ? config : { ...config, database: 'postgres' })
  await client.connect()
  try {
    for (const statement of statements(config.database)) await client.query(statement)
  } finally {
    await client.end()
  }
}
const endSessions = (name: string) =>
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`
const ours = `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'`

type Trouble = {
  code: string
  /** What was written before can be read, and is shown. */
  isReadable: boolean
  zh: string
  en: string
  begin(name: string): string[]
  end(name: string): string[]
  /** Done in the database itself. */
  inside?: boolean
  /** Somebody holds every table meanwhile. */
  holds?: boolean
}

test.for<Trouble>([
  {
    ...{ code: 'store-gone', isReadable: false },
    zh: '数据库连不上',
    en: 'database cannot be reached',
    begin: (name: string) => [`alter database ${name} with allow_connections false`, endSessions(name)],
    end: (name: string) => [`alter database ${name} with allow_connections true`],
  },
  {
    ...{ code: 'store-read-only', isReadable: true },
    zh: '数据库处于只读状态',
    en: 'The database is read-only',
    begin: (name: string) => [
      `alter database ${name} set default_transaction_read_only = on`,
      endSessions(name),
    ],
    end: (name: string) => [`alter database ${name} reset default_transaction_read_only`],
  },
  {
    ...{ code: 'store-disk-full', isReadable: true, inside: true },
    zh: '磁盘已满',
    en: 'The disk is full',
    begin: () => [
      `create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`,
      `do $$ declare t record; begin for t in ${ours} loop
        execute format('create trigger full_disk before insert or update on %s for each statement execute function full_disk()', t.name);
       end loop; end $$`,
    ],
    end: () => ['drop function full_disk() cascade'],
  },
  {
    ...{ code: 'store-slow', isReadable: false },
    zh: '数据库没有按时应答',
    en: 'The database did not answer in time',
    begin: () => [],
    end: () => [],
    holds: true,
  },
])(
  'a served company, and its database is in trouble: $code; seen where operations look, and over by itself',
  {
    timeout: 240_000,
  },
  async ({ code, isReadable, zh, en, begin, end, inside, holds }) => {
    const company = await serveCompany()
    const { ask, home, log, bugs } = company
    expect((await ask('/readyz')).status).toBe(200)
    expect((await ask('/metrics')).body).toContain('qintong_store_ok 1')

    await administer(home, begin, inside)
    const holder = holds ? await holdTables(home) : null
    const isMet = () => log.some(({ fields }) => fields['code'] === code.replace('-', '.'))
    const isUnready = async () => (await ask('/readyz')).body.includes(`"${code}"`)
    await vi.waitUntil(isUnready, { timeout: 75_000 })

    expect((await ask('/healthz')).status).toBe(200)
    const ready = await ask('/readyz', 'en')
    expect([ready.status, JSON.parse(ready.body)]).toMatchObject([
      503,
      { code, title: expect.stringContaining(en) },
    ])
    const metrics = await ask('/metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.tookMs).toBeLessThan(9_000)
    expect(metrics.body).toContain('qintong_store_ok 0')
    expect(metrics.body).toContain(`qintong_store_trouble{code="${code}"} 1`)
    for (const [lang, words] of [
      ['zh', zh],
      ['en', en],
    ] as const) {
      const page = await ask('/', lang)
      expect(page.status).toBe(isReadable ? 200 : 503)
      expect(page.body).toContain(words)
      expect(page.body).not.toMatch(/\bat .*\.[jt]s:\d|internal/)
      expect(page.tookMs).toBeLessThan(12_000)
    }
    await vi.waitUntil(isMet, { timeout: 75_000 })

    await holder?.end()
    await administer(home, end, inside)
    await vi.waitUntil(async () => (await ask('/readyz')).status === 200, { timeout: 100_000 })
    await vi.waitUntil(async () => (await ask('/')).status === 200, { timeout: 10_000 })
    expect((await ask('/metrics')).body).toContain('qintong_store_ok 1')
    await company.carriesOne()
    expect(bugs).toEqual([])
  },
)

/** Somebody holds every table of ours, so that nothing can be read. */
async function holdTables({ config }: TestDatabase): Promise<Client> {
  const client = new Client(config)
  await client.connect()
  await client.query(`begin; do $$ declare t record; begin for t in ${ours} loop
    execute format('lock table %s in access exclusive mode', t.name); end loop; end $$`)
  return client
}
