import { Command, type CommanderError, type Help, InvalidArgumentError, Option } from 'commander'
import { type Failure, failure } from '#domain/failures.ts'
import type { Messages } from '#messages/zh.ts'
import { parseDuration } from '#settings/duration.ts'
import { describeSettings } from '#settings/settings.ts'
import { suggest } from '#settings/suggest.ts'
import type { Session } from './session.ts'
import { padded, widthOf } from './text-width.ts'

export type CommandName = keyof Messages['cli']['commands']

/** Commands that the public surface promises and a later version brings. */
export const laterCommands = ['days', 'report', 'owner']

/** An empty command line in the reader's language; help and errors arrive at `write`, nothing exits. */
export function createProgram({ words, lang, outside }: Session, write: (text: string) => void): Command {
  const { cli } = words
  const program = new Command('qintong')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .configureHelp(helpIn(cli))
    .description(cli.about)
    .usage('<command> [options]')
    .helpCommand(false)
    .helpOption('-h, --help', cli.flags.help)
    .version(outside.version, '-V, --version', cli.flags.version)
    .option('--json', cli.flags.json)
    .addOption(new Option('--lang <zh|en>', cli.flags.lang).choices(['zh', 'en']).default('zh'))
    .option('--demo', cli.flags.demo)
    .option('--tenant <KEY>', cli.flags.tenant)
  const settings = describeSettings(lang)
  const width = Math.max(...settings.map(({ variable }) => variable.length)) + 2
  const lines = settings.map(
    ({ variable, preset, text }) => `  ${padded(variable, width)}${text}${preset ? ` (${preset})` : ''}`,
  )
  const examples = ['npm start', 'npx qintong apply -f setup.yaml', 'npx qintong sync --route hq']
  return program.addHelpText(
    'after',
    `\n${cli.examplesTitle}\n${examples.map((example) => `  ${example}`).join('\n')}\n\n${cli.environmentTitle}\n${lines.join('\n')}`,
  )
}

/** A command with its description and examples; `links export` is the `export` of whatever it is added to. */
export function addCommand(program: Command, { words }: Session, name: CommandName): Command {
  const { about, examples } = words.cli.commands[name]
  return program
    .command(name.slice(name.lastIndexOf(' ') + 1))
    .description(about)
    .helpOption('-h, --help', words.cli.flags.help)
    .addHelpText(
      'after',
      `\n${words.cli.examplesTitle}\n${examples.map((example) => `  ${example}`).join('\n')}`,
    )
}

function helpIn(cli: Messages['cli']): Partial<Help> {
  const titles: Record<string, string> = {
    'Usage:': cli.usage,
    'Arguments:': cli.argumentsTitle,
    'Options:': cli.optionsTitle,
    'Global Options:': cli.globalTitle,
    'Commands:': cli.commandsTitle,
  }
  return {
    showGlobalOptions: true,
    helpWidth: 110,
    styleTitle: (title) => titles[title] ?? title,
    displayWidth: widthOf,
    optionDescription({ flags, description, argChoices, defaultValue, defaultValueDescription }) {
      const preset = defaultValueDescription ?? defaultValue
      const notes = [
        argChoices && !flags.includes(argChoices.join('|')) && cli.choices(argChoices.join(' | ')),
        preset !== undefined && cli.preset(String(preset)),
      ].filter(Boolean)
      return notes.length > 0 ? `${description} (${notes.join('; ')})` : description
    },
  }
}

/** For options: a whole number of at least `least`. */
export const wholeNumber = (least: number, most: number, example: string) => (text: string) => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) throw new InvalidArgumentError(example)
  return number
}

/** For options: `90s`, `15m`; the result is milliseconds. */
export function durationMs(text: string): number {
  const ms = parseDuration(text)
  if (ms === null) throw new InvalidArgumentError('90s')
  return ms
}

/** What was wrong with the command line, in our words; null when help or the version was asked for. */
export function usageFailure(
  error: CommanderError,
  program: Command,
  { words }: Session,
  argv: string[],
): Failure | null {
  if (['commander.helpDisplayed', 'commander.version'].includes(error.code)) return null
  const { errors, commands } = words.cli
  const names = program.commands.map((command) => command.name())
  const typed = argv.find((word) => !word.startsWith('-')) ?? ''
  const isKnown = names.includes(typed)
  const help = `npx qintong ${isKnown ? `${typed} ` : ''}--help`
  const example = (isKnown && commands[typed as CommandName].examples[0]) || help
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const [flag = ''] = quoted.split(' ')[0]?.split(',') ?? []
  const name = /--[\w-]+/.exec(quoted)?.[0] ?? flag
  const meant = /\(Did you mean (?:one of )?([^?,]+)/.exec(error.message)?.[1]
  const invalid = (what: string, instead: string) => failure('usage.invalid', { what, instead })
  switch (error.code) {
    case 'commander.unknownOption':
      return invalid(errors.unknownOption(quoted), errors.seeHelp(meant ?? example, help))
    case 'commander.unknownCommand': {
      if (laterCommands.includes(quoted)) return failure('usage.not-yet', { what: errors.later(quoted) })
      const near = suggest(quoted, names)
      return invalid(errors.unknownCommand(quoted), near ? errors.seeHelp(near, help) : help)
    }
    case 'commander.missingArgument':
      return invalid(errors.missingArgument(quoted), errors.seeHelp(example, help))
    case 'commander.missingMandatoryOptionValue':
      return invalid(errors.missingOption(quoted), errors.seeHelp(example, help))
    case 'commander.optionMissingArgument':
      return invalid(errors.missingValue(quoted), errors.seeHelp(example, help))
    case 'commander.excessArguments':
      return invalid(errors.tooMany, errors.seeHelp(example, help))
    case 'commander.invalidArgument': {
      const [, value = '', right = ''] = /argument '(.*?)' is invalid\. ?(.*)/s.exec(error.message) ?? []
      const choices = right
        .replace(/^Allowed choices are /, '')
        .replace(/\.$/, '')
        .replaceAll(', ', ' | ')
      return invalid(errors.badValue(name, value), `${name} ${choices}`)
    }
    case 'commander.help':
      return invalid(errors.noCommand, help)
    default:
      return invalid(errors.other, help)
  }
}
