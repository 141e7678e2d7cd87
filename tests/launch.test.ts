import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let checkout: string
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'qintong-launch-'))
  for (const part of ['bin', 'package.json', 'package-lock.json'])
    cpSync(join(root, part), join(checkout, part), { recursive: true })
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

/** Asks the launcher of a bare checkout for the version, with this in npm's place. */
function launch(npm: string): { launcher: ChildProcess; said: () => string } {
  writeFileSync(join(checkout, 'npm'), `#!/bin/sh\n${npm}\n`)
  chmodSync(join(checkout, 'npm'), 0o755)
  const launcher = spawn(process.execPath, [join(checkout, 'bin/qintong.js'), '--version'], {
    env: { ...process.env, PATH: `${checkout}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [launcher.stdout!, launcher.stderr!]) stream.on('data', (part) => (said += part))
  return { launcher, said: () => said }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.for(['SIGTERM', 'SIGINT'] as const)(
  '%s while dependencies are installed ends npm as well',
  async (signal) => {
    const pidPath = join(checkout, 'npm.pid')
    const { launcher, said } = launch(`echo $$ > ${pidPath}; exec sleep 100`)
    await vi.waitUntil(() => existsSync(pidPath) && readFileSync(pidPath, 'utf8').endsWith('\n'), 20_000)
    const npm = Number(readFileSync(pidPath, 'utf8'))
    expect(isAlive(npm)).toBe(true)
    // Should it be left behind after all, it is left behind here only.
    onTestFinished(() => void (isAlive(npm) && process.kill(npm, 'SIGKILL')))
    launcher.kill(signal)
    const [code] = await once(launcher, 'close')
    expect({ code, npm: isAlive(npm) }).toEqual({ code: 1, npm: false })
    for (const words of [`安装依赖时被中止（${signal}）`, `Stopped while installing (${signal})`])
      expect(said()).toContain(words)
    expect(existsSync(join(checkout, '.qintong-install'))).toBe(false)
  },
)

test('an npm that fails is told in both languages, and nothing is taken for installed', async () => {
  const { launcher, said } = launch('echo "no route to the registry" >&2; exit 7')
  const [code] = await once(launcher, 'close')
  expect(code).toBe(1)
  for (const words of [
    'no route to the registry',
    '安装依赖失败（npm ci：7）',
    'Installing failed (npm ci: 7)',
  ])
    expect(said()).toContain(words)
  expect(existsSync(join(checkout, 'node_modules'))).toBe(false)
})
