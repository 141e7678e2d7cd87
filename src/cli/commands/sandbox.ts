import { type Command, Option } from 'commander'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { SandboxReady } from '../outside.ts'
import type { Session } from '../session.ts'

type Options = {
  host: string
  port: number
  seed?: number
  people?: number
  file?: string
  events: 'off' | 'stream' | 'http'
}

export function addSandbox(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'sandbox')
    .option('--port <P>', flags.sandboxPort, wholeNumber(0, 65_534, '4001'), 4001)
    .option('--host <host>', flags.host, '127.0.0.1')
    .option('--seed <N>', flags.seed, wholeNumber(0, 2 ** 31 - 1, '7'))
    .option('--people <N>', flags.people, wholeNumber(1, 100_000, '120'))
    .option('--file <FILE>', flags.world)
    .addOption(
      new Option('--events <off|stream|http>', flags.sandboxEvents)
        .choices(['off', 'stream', 'http'])
        .default('off'),
    )
    .action(async (options: Options) => {
      const { signal } = session.outside
      const server = await session.outside.serveSandbox(options)
      session.answer(server.ready, () => sentences(server.ready, session))
      await aborted(signal)
      await server.close()
    })
}

function sentences({ addresses, setupYaml }: SandboxReady, { words }: Session): string[] {
  const { sandbox, serve } = words.reports
  return [
    sandbox.ready(addresses.dingtalk, addresses.wecom),
    sandbox.setup,
    '',
    setupYaml.trimEnd(),
    '',
    sandbox.page(addresses.dingtalk),
    sandbox.switches(addresses.dingtalk),
    serve.stop,
  ]
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
