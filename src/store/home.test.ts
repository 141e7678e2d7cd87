import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHome } from './home.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-home-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

test('a new home is closed to others, and so is its key', async () => {
  const path = join(folder, 'a', 'b')
  const home = await openHome({ path })
  expect(home.secretKey).toHaveLength(32)
  expect(await modeOf(path)).toBe(0o700)
  expect(await modeOf(join(path, 'secret.key'))).toBe(0o600)
})

test('the key stays the same', async () => {
  const first = await openHome({ path: folder })
  const again = await openHome({ path: folder })
  expect(again.secretKey).toEqual(first.secretKey)
})

test('processes that open a new home at once agree on one key', async () => {
  const homes = await Promise.all(Array.from({ length: 8 }, () => openHome({ path: folder })))
  expect(new Set(homes.map((home) => home.secretKey.toString('hex'))).size).toBe(1)
  expect(await readdir(folder)).toEqual(['secret.key'])
})

test('a key from the environment is used and not written down', async () => {
  const key = randomBytes(32)
  const home = await openHome({ path: folder, secretKey: `${key.toString('base64')}\n` })
  expect(home.secretKey).toEqual(key)
  expect(await readdir(folder)).toEqual([])
})

test.for([
  { what: 'too short', key: randomBytes(16).toString('base64') },
  { what: 'too long', key: randomBytes(33).toString('base64') },
  { what: 'not base64', key: '秘'.repeat(32) },
])('a key that is $what is refused, whether from the environment or the file', async ({ key }) => {
  await expect(openHome({ path: folder, secretKey: key })).rejects.toMatchObject({
    failure: { code: 'home.bad-key', facts: { source: 'QINTONG_SECRET_KEY' } },
  })
  await writeFile(join(folder, 'secret.key'), key)
  await expect(openHome({ path: folder })).rejects.toMatchObject({
    failure: { code: 'home.bad-key', facts: { source: join(folder, 'secret.key') } },
  })
  expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe(key)
})

test('a database whose key is gone is not given a new one, which could open nothing', async () => {
  await mkdir(join(folder, 'postgres', 'data'), { recursive: true })
  await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '18\n')
  await expect(openHome({ path: folder })).rejects.toMatchObject({ failure: { code: 'home.bad-key' } })
})

test('a home that cannot be a folder is refused in words', async () => {
  const path = join(folder, 'file')
  await writeFile(path, '')
  await expect(openHome({ path })).rejects.toMatchObject({
    failure: { code: 'home.not-writable', facts: { path } },
  })
})
