import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSettings, type Settings } from '#settings/settings.ts'
import { type Database, openDatabase } from '#store/database.ts'
import { openHome } from '#store/home.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { defaultTenant, readConnections, saveConnection, saveSubsidiary } from '#store/setup.ts'
import { type TestDatabase, testDatabase } from '../tests/support/database.ts'
import { openSeal } from './open-seal.ts'
import { rotateKey } from './rotate-key.ts'

let store: TestDatabase
let database: Database
let path: string
const secret = 'the secret of a connection'

/** A home whose database holds one sealed secret. */
beforeEach(async () => {
  store = await testDatabase()
  path = await mkdtemp(join(tmpdir(), 'qintong-keys-'))
  database = openDatabase(store.config)
  await migrate(database)
  const db = database.kysely
  const tenant = await defaultTenant(db)
  const { secretKey } = await openHome({ path })
  await saveConnection(db, tenant, {
    ...{ key: 'hq', platform: 'wecom', corpId: 'ww1', facts: {}, secretPrint: '', visibilityMaxMs: 0 },
    subsidiaryId: await saveSubsidiary(db, tenant, { key: 'hq', name: 'hq' }),
    sealed: createSeal(secretKey).seal(secret),
  })
})
afterEach(async () => {
  await database.close()
  await rm(path, { recursive: true, force: true })
  await store.drop()
})

function settings(key?: string): Settings {
  const read = readSettings({ QINTONG_HOME: path, QINTONG_SECRET_KEY: key })
  if (!read.ok) throw new Error(read.invalid.what)
  // An address of a socket is good for pg, but no URL.
  return { ...read.settings, databaseUrl: store.url }
}

const file = (name: string) => join(path, name)
const keyIn = (name: string) => readFile(file(name), 'utf8')

/** What a process that starts now reads, with the key it finds. */
async function start(key?: string) {
  const seal = await openSeal(await openHome({ path, secretKey: key }), database.kysely)
  const [row] = await readConnections(database.kysely, await defaultTenant(database.kysely))
  return { secret: seal.open(row!.sealed), print: seal.print('13800000000') }
}

test('the new key opens everything, the old one stays beside it, and fingerprints are what they were', async () => {
  const before = await start()
  const old = await keyIn('secret.key')
  expect(await rotateKey(settings())).toEqual({ resealed: 1, file: file('secret.key'), isVariable: false })
  expect(await start()).toEqual(before)
  expect(await keyIn('secret.key')).not.toBe(old)
  expect(await keyIn('secret.key.before')).toBe(old)
  await rotateKey(settings())
  expect(await start()).toEqual(before)
  expect((await readdir(path)).toSorted()).toEqual(['secret.key', 'secret.key.before'])
  expect((await stat(file('secret.key'))).mode & 0o777).toBe(0o600)
})

test.for([
  { when: 'the new key is laid down', isCommitted: false, isOldBeside: false },
  { when: 'everything is sealed with it', isCommitted: true, isOldBeside: false },
  { when: 'the old key stands beside itself', isCommitted: true, isOldBeside: true },
])('killed when $when, it is settled by whoever starts next', async ({ isCommitted, isOldBeside }) => {
  const before = await start()
  const old = await keyIn('secret.key')
  if (isCommitted) {
    await rotateKey(settings())
    // Back to the moment before the files were changed.
    await rename(file('secret.key'), file('secret.key.next'))
    await writeFile(file('secret.key'), old)
    if (!isOldBeside) await rm(file('secret.key.before'))
  } else await writeFile(file('secret.key.next'), `${Buffer.alloc(32, 7).toString('base64')}\n`)
  expect(await start()).toEqual(before)
  expect(await readdir(path)).not.toContain('secret.key.next')
  expect((await keyIn('secret.key')) === old).toBe(!isCommitted)
  // And again, as if nothing had been.
  expect(await start()).toEqual(before)
  await rotateKey(settings())
  expect(await start()).toEqual(before)
})

test('a key of the environment is told in a file of its own, never over another', async () => {
  const before = await start()
  const key = (await keyIn('secret.key')).trim()
  await writeFile(file('dear'), 'something dear')
  for (const to of [undefined, file('dear')])
    await expect(rotateKey(settings(key), to)).rejects.toMatchObject({ failure: { code: 'usage.invalid' } })
  expect(await keyIn('dear')).toBe('something dear')
  expect(await start(key)).toEqual(before)

  await rotateKey(settings(key), file('new.key'))
  expect((await stat(file('new.key'))).mode & 0o777).toBe(0o600)
  expect(await start((await keyIn('new.key')).trim())).toEqual(before)
  await expect(start(key)).rejects.toMatchObject({ failure: { code: 'home.bad-key' } })
})

test('while another process is at work it is refused, and everything stays', async () => {
  const before = await start()
  const other = openDatabase({ ...store.config, application_name: 'qintong elsewhere 4711' })
  await defaultTenant(other.kysely)
  await expect(rotateKey(settings())).rejects.toMatchObject({
    failure: { code: 'store.in-use', facts: { processes: ['qintong elsewhere 4711'] } },
  })
  await other.close()
  expect(await start()).toEqual(before)
  expect(await readdir(path)).toEqual(['secret.key'])
})
