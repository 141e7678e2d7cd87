import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A process by number and, on Linux, birth: numbers are used again.
 * @param {number} pid
 */
export function nameOf(pid) {
  return `${pid} ${birthOf(pid)}`
}

/**
 * Whether the process that was given this name still runs.
 * @param {string} name
 */
export function isAlive(name) {
  const [pid = '', birth = ''] = name.split(' ')
  if (process.platform === 'linux') return birth !== '' && birthOf(Number(pid)) === birth
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Clock ticks from boot to the process's start, field 22 of its stat; '' where it is gone, a zombie, or not told. */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name may hold spaces and brackets
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  } catch {
    return ''
  }
}

/**
 * The processes that run programs of this checkout's node_modules (its Node, its PostgreSQL), read from the kernel,
 * so that none has to register and none can be forgotten.
 * @param {string} root
 * @returns {{ pid: number, program: string }[]}
 */
export function processesOf(root) {
  if (process.platform !== 'linux') return []
  const modules = `${realpathSync(root)}/node_modules/`
  const found = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    try {
      const program = readlinkSync(join('/proc', name, 'exe'))
      if (program.startsWith(modules) && !isLauncher(name))
        found.push({ pid, program: basename(program.replace(/ \(deleted\)$/, '')) })
    } catch {
      // ended in between, or somebody else's
    }
  }
  return found
}

/** A launcher that has not yet become the product waits for the install as we do: it uses nothing yet. */
function isLauncher(pid) {
  const script = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] ?? ''
  return ['qintong.js', 'qintong', 'test.js'].includes(basename(script))
}

/**
 * Stops database servers that a killed product left behind (a fast shutdown: nothing is lost).
 * @param {number[]} pids
 */
export async function stopLeftBehind(pids) {
  for (const pid of pids) process.kill(pid, 'SIGINT')
  const names = pids.map(nameOf)
  for (let waited = 0; waited < 15_000 && names.some(isAlive); waited += 50) await sleep(50)
}
