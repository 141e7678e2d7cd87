import { mkdir } from 'node:fs/promises'
import type { Command } from 'commander'
import { FailureError, fail } from '#domain/failures.ts'
import { addCommand } from '../command-line.ts'
import { type Instance, takeInstance } from '../demo/instance-lock.ts'
import { freePort } from '../demo/processes.ts'
import { type SandboxProcess, startSandbox } from '../demo/sandbox-process.ts'
import type { Operations } from '../operations.ts'
import { createProgress } from '../progress.ts'
import type { Session } from '../session.ts'
import { portNumber } from './serve.ts'
import { syncSentences } from './sync.ts'

type Options = { host?: string; port?: number }

const firstSyncWaitMs = 60_000

/** `demo`, and `start` for `npm start`: serve, sandbox and sample company in a home of their own. */
export function addDemo(program: Command, session: Session): void {
  const { flags } = session.words.cli
  for (const name of ['demo', 'start'] as const)
    addCommand(program, session, name)
      .option('--host <host>', flags.host)
      .option('--port <port>', flags.port, portNumber)
      .action((options: Options) => demo(options, session))
}

async function demo(options: Options, session: Session): Promise<void> {
  session.isDemo = true
  const { home } = session.settings()
  const { signal, clock, command } = session.outside
  const { serve, demo: texts } = session.words.reports
  await makeHome(home)
  const instance = await takeInstance(home, command.at(-1)!, clock, signal)
  if (instance.kind === 'running') {
    const { url } = instance
    return session.answer({ ready: true, url, home, alreadyRunning: true }, () => [
      serve.alreadyRunning(url),
      serve.signIn,
    ])
  }
  try {
    session.say(texts.starting)
    const sandbox = await startSandbox({ home, command, env: session.outside.env, clock, signal })
    try {
      await session.withApp((app) => run(app, sandbox, instance, options, session))
    } finally {
      await sandbox.stop()
    }
    session.say(serve.stopped)
  } catch (error) {
    // Stopped while it was still starting: nothing failed.
    if (!signal.aborted) throw error
  } finally {
    await instance.release()
  }
}

async function run(
  app: Operations,
  { ready: sandbox }: SandboxProcess,
  instance: Extract<Instance, { kind: 'ours' }>,
  options: Options,
  session: Session,
): Promise<void> {
  const { signal } = session.outside
  const settings = session.settings()
  const host = options.host ?? settings.host
  await app.apply({ text: sandbox.setupYaml, file: 'sandbox', dryRun: false })
  if (signal.aborted) return
  const port = options.port ?? (settings.port === 0 ? 0 : await freePort(host, settings.port))
  const { serve, demo: texts } = session.words.reports
  const ready = Promise.withResolvers<string>()
  const firstSync = ready.promise.then(async (url) => {
    await instance.publish(url)
    await syncOnce(app, session)
  })
  // Awaited after serve has ended; until then a failure must not count as nobody's.
  firstSync.catch(() => {})
  await app.serve({
    role: 'all',
    startsAfter: firstSync,
    host,
    port,
    signal,
    onReady({ url }) {
      const { addresses } = sandbox
      const { page } = session.words.reports.sandbox
      session.answer({ ready: true, url, home: settings.home, sandbox: addresses }, () => [
        serve.ready(url),
        serve.signIn,
        texts.sandbox(addresses.dingtalk, addresses.wecom),
        page(addresses.dingtalk),
        texts.home(settings.home),
        serve.stop,
        '',
      ])
      ready.resolve(url)
    },
  })
  await firstSync
}

/** The first sync of every route that was never synced, so that there is something to see. */
async function syncOnce(app: Operations, session: Session): Promise<void> {
  const { signal, clock, stderr } = session.outside
  const { demo: texts } = session.words.reports
  const { routes } = await app.status()
  for (const { route, completeTo } of routes) {
    if (completeTo !== null || signal.aborted) continue
    session.say(texts.firstSync)
    const progress = createProgress(stderr, clock, session.words.cli)
    try {
      const ask = { route, waitMs: firstSyncWaitMs, signal, onProgress: progress.update }
      const report = await app.sync(ask).finally(progress.clear)
      for (const line of syncSentences(report, session)) session.say(line)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof FailureError)) throw error
      session.say(texts.firstSyncFailed)
      session.explain(error.failure)
    }
  }
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    fail('home.not-writable', { path: home, reason: code ?? message }, error)
  }
}
