import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.js'
import { processesOf, stopLeftBehind } from './processes.js'
import { LaunchError, say } from './words.js'

/** The checkout this launcher belongs to. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const modules = join(root, 'node_modules')
const stampPath = join(modules, '.qintong-install')
const lockPath = join(root, '.qintong-install')
const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP']
const machine = `${process.platform}-${process.arch}`

/**
 * Installs what package-lock.json names, unless it is there: once, whoever asks, and never under a running server.
 * Asks the network for nothing when it is.
 * @param {{ withTools: boolean }} need `withTools`: also what only development needs (types, linter, tests)
 */
export async function ensureInstalled({ withTools }) {
  if (isInstalled(withTools)) return
  try {
    await withLock(lockPath, {
      onWait: () => say('另一个进程正在安装依赖，稍候……', 'Another process is installing; waiting …'),
      work: async (hold) => {
        if (isInstalled(withTools) || (await isInUse())) return
        await install(hold)
      },
    })
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS' && error.code !== 'EPERM') throw error
    throw new LaunchError(
      `依赖需要安装或更新，但无法写入 ${root}（${error.code}）。请用有写权限的用户运行一次 npm start。`,
      `Dependencies must be installed or updated, but ${root} cannot be written (${error.code}). Run npm start once as a user who may.`,
    )
  }
}

/** Whether node_modules is what the lock file says: by its stamp, or, where npm was run by hand, by npm's own record. */
function isInstalled(withTools) {
  const stamp = wantedStamp()
  if (readIfThere(stampPath) === stamp) return true
  if (!agreesWithLock(withTools)) return false
  if (agreesWithLock(true)) writeStamp(stamp) // an install without tools earns no stamp: npm test would trust it
  return true
}

function wantedStamp() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${machine}\n`
}

function agreesWithLock(withTools) {
  const record = readIfThere(join(modules, '.package-lock.json'))
  if (record === null) return false
  const installed = JSON.parse(record).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, dev, devOptional, optional, os, cpu, libc }]) => {
    if (path === '' || (!withTools && (dev || devOptional))) return true
    if (optional && os === undefined && !(path in installed)) return true // it serves another machine's package
    if (isForeign(os, process.platform) || isForeign(cpu, process.arch) || isForeign(libc, 'glibc'))
      return true
    return installed[path]?.version === version && existsSync(join(root, path, 'package.json'))
  })
}

/** npm's `os` and `cpu` lists name what a package runs on, or with `!` what it does not run on. */
function isForeign(list, ours) {
  if (list === undefined) return false
  const names = [list].flat()
  return names.includes(`!${ours}`) || (names.some((name) => !name.startsWith('!')) && !names.includes(ours))
}

/** True when a server runs from here and the old install serves until it stops. */
async function isInUse() {
  let found = processesOf(root)
  if (found.length > 0 && found.every(({ program }) => program === 'postgres')) {
    await stopLeftBehind(found.map(({ pid }) => pid))
    found = processesOf(root)
  }
  if (found.length === 0) return false
  const pids = found.flatMap(({ pid, program }) => (program === 'postgres' ? [] : [pid])).join(', ')
  if (existsSync(join(modules, '.package-lock.json'))) {
    say(
      `依赖已有更新，但程序正在运行（进程 ${pids}）：本次沿用旧依赖。停止后再启动即会更新。`,
      `Dependencies have changed, but a program is running from here (process ${pids}): going on with the old ones. Stop it and start again to update.`,
    )
    return true
  }
  throw new LaunchError(
    `依赖不完整，而程序正在运行（进程 ${pids}）。请先停止它，再重试。`,
    `Dependencies are incomplete while a program is running from here (process ${pids}). Stop it first, then try again.`,
  )
}

async function install(hold) {
  say('正在安装依赖（npm ci）……', 'Installing dependencies (npm ci) …')
  const npm = spawn(
    'npm',
    [
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--no-update-notifier',
    ],
    {
      cwd: root,
      stdio: ['ignore', 2, 2], // stdout belongs to the command
      shell: process.platform === 'win32',
    },
  )
  if (npm.pid !== undefined) hold(npm.pid)
  // Nobody is left to wait for an npm whose parent was stopped: a registry that stalls keeps it for minutes.
  let stoppedBy = null
  const stopWithUs = (signal) => {
    stoppedBy = signal
    npm.kill(signal)
  }
  for (const signal of stopping) process.on(signal, stopWithUs)
  const [code, signal] = await once(npm, 'exit').catch((error) => [error.code, null])
  for (const signal of stopping) process.off(signal, stopWithUs)
  if (stoppedBy !== null && code !== 0) {
    throw new LaunchError(
      `安装依赖时被中止（${stoppedBy}）。再次运行会重新安装。`,
      `Stopped while installing (${stoppedBy}). Run it again to install.`,
    )
  }
  if (code !== 0) {
    throw new LaunchError(
      `安装依赖失败（npm ci：${code ?? signal}）。原因见上。请检查网络、npm 源与磁盘空间后重试；已装好后可离线运行。`,
      `Installing failed (npm ci: ${code ?? signal}), for the reason above. Check the network, npm's registry and the disk, and try again; once installed, no network is needed.`,
    )
  }
  writeStamp(wantedStamp())
}

function writeStamp(stamp) {
  try {
    writeFileSync(stampPath, stamp)
  } catch {
    // a read-only checkout: the next start compares again
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
