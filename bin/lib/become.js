import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const sameSignalMs = 400
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']

/**
 * Turns this process into `program`: replaces it where Node can (22.15 and newer), else stands in for it, handing on
 * signals and ending as it ends.
 * @param {string} program
 * @param {string[]} args
 */
export function become(program, args) {
  if (process.execve && process.platform !== 'win32') process.execve(program, [program, ...args], process.env)

  // In a session of its own it hears each signal once, from us: not a second time from the terminal. And when we are
  // killed outright, so is it.
  const setpriv = process.platform === 'linux' ? find('setpriv') : null
  const [command, ...rest] = setpriv
    ? [setpriv, '--pdeathsig', 'KILL', '--', program, ...args]
    : [program, ...args]
  const child = spawn(command, rest, { stdio: 'inherit', detached: setpriv !== null })
  for (const signal of forwarded)
    process.on(
      signal,
      once(() => child.kill(signal)),
    )
  child.on('error', (error) => {
    process.stderr.write(`${program}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** One Ctrl-C under `npm start` arrives twice, from the terminal and from npm: it must not count as impatience. */
function once(forward) {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - last > sameSignalMs) forward()
    last = now
  }
}

function find(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
