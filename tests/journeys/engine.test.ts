import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openWakeUps } from '#engine/wake-ups.ts'
import { createSandbox } from '#sandbox/sandbox.ts'
import { createChance } from '#simulation/chance.ts'
import { simulationOptions } from '#simulation/company.ts'
import { openDatabase } from '#store/database.ts'
import { keepEvents } from '#store/inbox.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant, readConnections } from '#store/setup.ts'
import { type AppParts, noLog } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

/** A company on real time, served by as many workers as asked for. */
async function found(ask: { seed: number; setup?: (yaml: string) => string }) {
  const sandbox = createSandbox({
    seed: ask.seed,
    people: 4,
    days: 2,
    style: 'plain',
    now: () => systemClock.now(),
    edition: ['standard', 'development-pack'],
  })
  const database = openDatabase(home.config)
  const tenant = await ensureTenant(database.kysely, `engine-${ask.seed}`, 'engine')
  const bugs: unknown[] = []
  const parts: AppParts = {
    clock: systemClock,
    random: createChance(ask.seed),
    transport: sandbox.transport,
    database,
    seal: createSeal(Buffer.alloc(32, ask.seed)),
    tenant,
    holder: 'engine test',
    actor: 'test',
    env: {},
    openWakeUps: (onError) => openWakeUps(home.config, onError),
    log: noLog,
    onBug: (error) => {
      bugs.push(error)
      return 'bug'
    },
    options: { ...simulationOptions, pace: 1 },
  }
  const app = createApp(parts)
  const yaml = sandbox.ready().setupYaml
  await app.apply({ text: ask.setup ? ask.setup(yaml) : yaml, file: 'setup.yaml', dryRun: false })
  const stopping = new AbortController()
  const serve = (onReady: (ready: { url: string }) => void = () => {}) =>
    app.serve({ role: 'worker', host: '127.0.0.1', port: 0, signal: stopping.signal, onReady })
  return {
    app,
    sandbox,
    parts,
    bugs,
    serve,
    written: () => sandbox.records().filter((record) => record.origin === 'api').length,
    async stop(running: Promise<void>[]) {
      stopping.abort()
      await Promise.all(running)
      await database.close()
      sandbox.close()
    },
  }
}

test('a served company is swept by itself, and an event brings a punch over within seconds', {
  timeout: 60_000,
}, async () => {
  const company = await found({ seed: 71 })
  const running = [company.serve()]
  const isSwept = async () => (await company.app.status()).routes[0]!.completeTo !== null
  await vi.waitUntil(isSwept, { timeout: 20_000 })
  await vi.waitUntil(async () => (await company.app.status()).routes[0]!.inDoubt === 0, { timeout: 20_000 })
  const before = company.written()

  const [who] = company.sandbox.pairs()
  const at = systemClock.now().round('second').subtract({ seconds: 1 })
  company.sandbox.punch({ platform: 'dingtalk', userId: who!.dingtalk, at: at.toString() })
  const { database, tenant } = company.parts
  const dingtalk = (await readConnections(database.kysely, tenant)).find(
    (row) => row.platform === 'dingtalk',
  )!
  const hints = [{ kind: 'punch' as const, userIds: [who!.dingtalk], at }]
  const event = { via: 'stream' as const, eventId: 'e1', type: 'attendance_check_record', body: '{}', at }
  await keepEvents(database, tenant, [{ connection: dingtalk.id, event, hints }])
  const wakeUps = await openWakeUps(home.config, () => {})
  await wakeUps.now({ tenant, connection: dingtalk.id })
  await vi.waitUntil(() => company.written() > before, { timeout: 10_000 })
  await wakeUps[Symbol.asyncDispose]()
  await company.stop(running)
  expect(company.bugs).toEqual([])
})

test('a worker alone has its figures where it is told to, and takes no callbacks there', {
  timeout: 60_000,
}, async () => {
  const company = await found({ seed: 77 })
  company.parts.options.workerPort = 0
  const ready = Promise.withResolvers<string>()
  const running = [company.serve(({ url }) => ready.resolve(url))]
  const url = await ready.promise
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const isCounted = async () => (await (await fetch(`${url}/metrics`)).text()).includes('api="listRecord"')
  await vi.waitUntil(isCounted, { timeout: 20_000 })
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/callbacks/wecom/hq-wecom`)).status).toBe(404)
  await company.stop(running)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})
