import { afterAll, beforeAll, expect, test } from 'vitest'
import { FailureError } from '#domain/failures.ts'
import { createAddressPace } from '#platforms/address-pace.ts'
import { createSandbox } from '#sandbox/sandbox.ts'
import { createChance } from '#simulation/chance.ts'
import { simulationOptions } from '#simulation/company.ts'
import { createVirtualClock } from '#simulation/virtual-clock.ts'
import { addressBans } from '#store/address-bans.ts'
import { openDatabase } from '#store/database.ts'
import { createSeal } from '#store/seal.ts'
import { ensureTenant } from '#store/setup.ts'
import { noLog, noWakeUps } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

const clock = createVirtualClock(Temporal.Instant.from('2026-03-04T12:00:00+08:00'))

/** A process that serves several tenants from one address. */
async function openProcess(address: string) {
  const database = openDatabase(home.config)
  const first = await ensureTenant(database.kysely, 'first', 'first')
  const addressPace = createAddressPace({
    ...{ clock, share: 1 },
    sharedBans: addressBans(database.kysely, { tenant: first, address, now: clock.now }),
  })
  return {
    close: () => database.close(),
    async company(
      name: string,
      sandbox: ReturnType<typeof createSandbox>,
      setup = sandbox.ready().setupYaml,
    ) {
      const app = createApp({
        ...{ clock, random: createChance(3), transport: sandbox.transport, database, addressPace },
        seal: createSeal(Buffer.alloc(32, 3)),
        tenant: await ensureTenant(database.kysely, name, name),
        ...{ holder: name, actor: 'test', env: {}, openWakeUps: noWakeUps, log: noLog, onBug: String },
        options: simulationOptions,
      })
      await app.apply({ text: setup, file: 'setup.yaml', dryRun: false })
      const signal = new AbortController().signal
      return async () => {
        try {
          await app.sync({ route: 'hq', waitMs: 0, signal, onProgress: () => {} })
          return 'done'
        } catch (error) {
          if (!(error instanceof FailureError)) throw error
          return error.failure.code
        }
      }
    },
  }
}

const sandboxOf = (seed: number) =>
  createSandbox({
    ...{ seed, people: 3, days: 1, style: 'plain' },
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
  })
const dingtalkCalls = (sandbox: ReturnType<typeof createSandbox>) =>
  Object.values(sandbox.view().calls.dingtalk).reduce((sum, { calls }) => sum + calls, 0)

test('an address that is banned keeps every tenant of the process and of its neighbours away until it is over', async () => {
  const [one, neighbour, elsewhere] = [
    await openProcess('here'),
    await openProcess('here'),
    await openProcess('elsewhere'),
  ]
  const worlds = [sandboxOf(1), sandboxOf(2)] as const
  const first = await one.company('first', worlds[0])
  const second = await one.company('second', worlds[1])
  const next = await neighbour.company('second', worlds[1])
  const far = await elsewhere.company('second', worlds[1])
  expect([await first(), await second()]).toEqual(['done', 'done'])
  clock.advance(60_000)

  worlds[0].set({ htmlBan: { next: 1, seconds: 300, platform: 'dingtalk' } })
  expect(await first()).toBe('platform.banned')
  const before = worlds.map(dingtalkCalls)
  expect(await second()).toBe('platform.banned')
  expect(await next()).toBe('platform.banned')
  expect(await first()).toBe('platform.banned')
  expect(worlds.map(dingtalkCalls)).toEqual(before)
  expect(await far()).toBe('done')

  clock.advance(330_000)
  expect([await first(), await second(), await next()]).toEqual(['done', 'done', 'done'])
  for (const one of worlds) one.close()
  for (const process of [one, neighbour, elsewhere]) await process.close()
})

test('many connections with wrong secrets do not get the address banned for those whose secrets are right', async () => {
  const process = await openProcess('here')
  const sandbox = sandboxOf(5)
  const { setupYaml, credentials } = sandbox.ready()
  const wrong = setupYaml.replaceAll(credentials.wecom.secret, 'not-the-secret')
  expect(wrong).not.toBe(setupYaml)
  const mistaken: (() => Promise<string>)[] = []
  for (let n = 0; n < 6; n++) mistaken.push(await process.company(`mistaken-${n}`, sandbox, wrong))
  const right = await process.company('right', sandbox)
  for (let round = 0; round < 2; round++)
    expect(await Promise.all(mistaken.map((sync) => sync()))).toEqual(
      Array(6).fill('platform.bad-credentials'),
    )
  expect(await right()).toBe('done')
  expect(await mistaken[0]!()).toBe('platform.credentials-paused')
  sandbox.close()
  await process.close()
})
