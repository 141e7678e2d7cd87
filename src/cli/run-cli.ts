import { CommanderError } from 'commander'
import { FailureError } from '#domain/failures.ts'
import type { Lang } from '#messages/messages.ts'
import { createProgram, usageFailure } from './command-line.ts'
import { addActs } from './commands/acts.ts'
import { addAlarms } from './commands/alarms.ts'
import { addApply } from './commands/apply.ts'
import { addBackup } from './commands/backup.ts'
import { addCalls } from './commands/calls.ts'
import { addCheck } from './commands/check.ts'
import { addContacts } from './commands/contacts.ts'
import { addDemo } from './commands/demo.ts'
import { addIdentity } from './commands/identity.ts'
import { addKeys } from './commands/keys.ts'
import { addLink } from './commands/link.ts'
import { addLinks } from './commands/links.ts'
import { addPause } from './commands/pause.ts'
import { addPeople } from './commands/people.ts'
import { addPlan } from './commands/plan.ts'
import { addPunches } from './commands/punches.ts'
import { addRuns } from './commands/runs.ts'
import { addSandbox } from './commands/sandbox.ts'
import { addServe } from './commands/serve.ts'
import { addSimulate } from './commands/simulate.ts'
import { addStatus } from './commands/status.ts'
import { addSync } from './commands/sync.ts'
import { addTenants } from './commands/tenants.ts'
import type { Outside } from './outside.ts'
import { Session } from './session.ts'

const commands = [
  addDemo,
  addServe,
  addApply,
  addCheck,
  addPlan,
  addSync,
  addPause,
  addPeople,
  addContacts,
  addLink,
  addLinks,
  addActs,
  addIdentity,
  addPunches,
  addCalls,
  addRuns,
  addAlarms,
  addSandbox,
  addSimulate,
  addStatus,
  addTenants,
  addBackup,
  addKeys,
]

/**
 * Runs one command line (without node and script) and answers its exit code: 0 done, 1 failed, 2 bad usage or
 * configuration, 3 done but something is held, refused or in doubt. Never throws.
 */
export async function runCli(argv: string[], outside: Outside): Promise<number> {
  const session = new Session(outside, prelude(argv))
  let text = ''
  const program = createProgram(session, (part) => {
    text += part
  })
  for (const add of commands) add(program, session)
  program.hook('preAction', (_, command) => {
    const { demo, tenant } = command.optsWithGlobals() as { demo?: boolean; tenant?: string }
    session.isDemo ||= demo === true
    session.tenant ??= tenant
  })
  try {
    if (argv.length === 0) program.help()
    await Promise.race([program.parseAsync(argv, { from: 'user' }), outside.crashed])
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      await session.failed(error)
      return session.exitCode
    }
    const failed = usageFailure(error, program, session, argv)
    if (failed) {
      if (argv.length === 0) session.say(text)
      await session.failed(new FailureError(failed))
    } else if (session.json) session.document(documentOf(error, text))
    else session.say(text.trimEnd())
  }
  return session.exitCode
}

const documentOf = (error: CommanderError, text: string) =>
  error.code === 'commander.version' ? { version: text.trim() } : { help: text }

/** Language and JSON are needed before the command line is understood, to say why it is not. */
function prelude(argv: string[]): { lang: Lang; json: boolean } {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  const at = options.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const lang = options[at]?.startsWith('--lang=') ? options[at].slice(7) : options[at + 1]
  return { lang: at >= 0 && lang === 'en' ? 'en' : 'zh', json: options.includes('--json') }
}
