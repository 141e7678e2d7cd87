import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { writeBug } from '#cli/log-file.ts'
import type { Outside, SandboxAsk, Stream } from '#cli/outside.ts'
import { runCli } from '#cli/run-cli.ts'
import { fail } from '#domain/failures.ts'
import { actorOf, buildVersion, systemClock } from './this-machine.ts'

/** The company that `qintong sandbox` shows when nobody names a seed. */
const usualSeed = 1

/** One Ctrl-C under `npm start` arrives twice, from the terminal and from npm, within milliseconds. */
const samePressMs = 500

/** The first signal lets work end in good order; a second press quits at once. */
function signalOf(): AbortSignal {
  const stopping = new AbortController()
  let pressedAt = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      const now = systemClock.now().epochMilliseconds
      if (stopping.signal.aborted && now - pressedAt > samePressMs) process.exit(1)
      if (!stopping.signal.aborted) pressedAt = now
      stopping.abort()
    })
  return stopping.signal
}

/** Rejects with the first error that nobody caught. */
const crash = (): Promise<never> =>
  new Promise((_, reject) => {
    process.on('uncaughtException', reject)
    process.on('unhandledRejection', reject)
  })

function streamOf(stream: NodeJS.WriteStream): Stream {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read us has seen enough, as in `qintong punches | head`.
    if (error.code === 'EPIPE') process.exit(0)
  })
  return {
    isTerminal: stream.isTTY === true,
    write: (text) => (stream.write(text) ? undefined : once(stream, 'drain').then(() => {})),
  }
}

async function serveSandbox({ port, host, seed = usualSeed, people, file, events = 'off' }: SandboxAsk) {
  const { serveSandbox: serve } = await import('#sandbox/server.ts')
  try {
    const server = await serve({
      port,
      host,
      seed,
      file,
      events,
      now: systemClock.now,
      ...(people && { people }),
    })
    return { ready: server.ready(), close: server.close }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      return fail('server.port-taken', { port, host }, error)
    throw error
  }
}

/** Unexpected errors go to the log file, whole; readers get the reference. */
const keepBugs =
  (home: string) =>
  (error: unknown): string => {
    const reference = randomBytes(4).toString('hex')
    void writeBug(home, { reference, error, at: systemClock.now() })
    return reference
  }

const moment = () => ({ build: buildVersion, now: systemClock.now(), signal: outside.signal })

const outside: Outside = {
  env: process.env,
  version: buildVersion,
  stdout: streamOf(process.stdout),
  stderr: streamOf(process.stderr),
  clock: systemClock,
  signal: signalOf(),
  crashed: crash(),
  // Loaded when asked for: who only wants help, or to resolve a file, need not carry the whole product.
  async openApp(settings) {
    const { openApp } = await import('./open-app.ts')
    return openApp(settings, keepBugs(settings.home))
  },
  serveSandbox,
  async rotateKey(settings, to) {
    const { rotateKey } = await import('./rotate-key.ts')
    return rotateKey(settings, to)
  },
  async backUp(settings, ask) {
    const { backUp } = await import('./back-up.ts')
    return backUp(settings, { ...ask, ...moment() })
  },
  async checkBackup(ask) {
    const { checkBackup } = await import('./back-up.ts')
    return checkBackup({ ...ask, ...moment() })
  },
  async restore(settings, ask) {
    const { restore } = await import('./back-up.ts')
    return restore(settings, { ...ask, ...moment(), actor: actorOf() })
  },
  async simulate(ask) {
    const { simulate } = await import('#simulation/simulate.ts')
    return simulate({ ...ask, clock: systemClock })
  },
  command: [process.execPath, fileURLToPath(import.meta.url)],
}

process.exitCode = await runCli(process.argv.slice(2), outside)
// Everything is put away by now; a connection that lingers must not keep the shell waiting.
setTimeout(() => process.exit(), 2000).unref()
