import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, nameOf } from './processes.js'

/**
 * Runs `work` while no other process does the same. The lock names the processes that hold it: when all of them are
 * dead it is taken over. `hold(pid)` adds a child that must not be overtaken when its parent is killed.
 * @template T
 * @param {string} path
 * @param {{ onWait: () => void, work: (hold: (pid: number) => void) => Promise<T> }} options
 * @returns {Promise<T>}
 */
export async function withLock(path, { onWait, work }) {
  const names = [nameOf(process.pid)]
  let hasSaid = false
  while (!take(path, names)) {
    if (clearIfStale(path)) continue
    if (!hasSaid) onWait()
    hasSaid = true
    await sleep(200)
  }
  try {
    return await work((pid) => {
      names.push(nameOf(pid))
      writeFileSync(path, names.join('\n'))
    })
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path, names) {
  try {
    writeFileSync(path, names.join('\n'), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** True when the lock's owners were dead and it is gone. */
function clearIfStale(path) {
  try {
    const names = readFileSync(path, 'utf8')
    // An empty one is being written this moment, unless its writer died right there.
    if (names === '' ? Date.now() - statSync(path).mtimeMs < 5000 : names.split('\n').some(isAlive))
      return false
    const aside = `${path}.${process.pid}`
    renameSync(path, aside)
    // Another process may have taken it over since we read it: then this is its lock, and goes back.
    if (readFileSync(aside, 'utf8') !== names) linkSync(aside, path)
    rmSync(aside, { force: true })
    return true
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EEXIST') return true
    throw error
  }
}
