import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSandbox } from '#sandbox/sandbox.ts'
import { start } from '../prove/processes.ts'
import { type StopAt, stoppedAt } from '../support/stop-at-statement.ts'

/** Two homes with a database and a key file of their own, each with a company in it. */
let folder: string
const file = () => join(folder, 'there.backup')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qintong-at-home-'))
  for (const name of ['here', 'there']) {
    const setup = join(folder, `${name}.yaml`)
    const { setupYaml } = createSandbox({ seed: 1, people: 3, now: () => Temporal.Now.instant() }).ready()
    await mkdir(join(folder, name), { mode: 0o700 })
    await writeFile(setup, setupYaml.replaceAll(/\bhq\b/g, name))
    expect(await run(name, ['apply', '-f', setup])).toMatchObject({ code: 0 })
  }
  expect(await run('there', ['backup', file()])).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(home: string, args: string[], more: NodeJS.ProcessEnv = {}) {
  const env: NodeJS.ProcessEnv = { ...process.env, QINTONG_HOME: join(folder, home), ...more }
  for (const name of ['DATABASE_URL', 'QINTONG_SECRET_KEY']) delete env[name]
  return start([...args, '--json'], env).ended
}

/** Which route there is, and that what is sealed there can be opened: a backup that could not would not be made. */
async function holds(): Promise<string> {
  const status = JSON.parse((await run('here', ['status'])).said) as { routes: { route: string }[] }
  const kept = await run('here', ['backup', join(folder, `look-${looks++}.backup`)])
  expect(kept.code).toBe(0)
  return status.routes.map(({ route }) => route).join()
}
let looks = 0

test.each([
  ['with the next key kept and the data not', 'sent', 'here'],
  ['with the data there and the next key not taken', 'answered', 'there'],
] as const)(
  'a restore killed %s leaves data and a key that opens them',
  async (_, when, expected) => {
    const mark = join(folder, `came-${when}`)
    const at: StopAt = { steps: ['copy .*from stdin', '^commit'], when, signal: 'SIGKILL', file: mark }
    const { signal } = await run('here', ['restore', file(), '--replace'], stoppedAt(at))
    expect({ came: existsSync(mark), signal }).toEqual({ came: true, signal: 'SIGKILL' })
    expect(existsSync(join(folder, 'here', 'secret.key.next'))).toBe(true)
    expect(await holds()).toBe(expected)
  },
  60_000,
)
