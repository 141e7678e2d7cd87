import { type Command, Option } from 'commander'
import { addCommand, wholeNumber } from '../command-line.ts'
import type { ServeAsk } from '../operations.ts'
import type { Session } from '../session.ts'

type Options = { role: ServeAsk['role']; host?: string; port?: number }

export const portNumber = wholeNumber(0, 65_535, '3000')

export function addServe(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'serve')
    .addOption(new Option('--role <role>', flags.role).choices(['all', 'web', 'worker']).default('all'))
    .option('--host <host>', flags.host)
    .option('--port <port>', flags.port, portNumber)
    .action(async (options: Options) => {
      const settings = session.settings()
      const { role, host = settings.host, port = settings.port } = options
      const { signal } = session.outside
      const { serve } = session.words.reports
      await session.withApp((app) =>
        app.serve({
          role,
          host,
          port,
          signal,
          onReady: (ready) =>
            session.answer({ ready: true, role, home: settings.home, ...ready }, () =>
              role === 'worker'
                ? [serve.worker, serve.stop]
                : [serve.ready(ready.url), serve.signIn, serve.stop],
            ),
        }),
      )
      session.say(serve.stopped)
    })
}
