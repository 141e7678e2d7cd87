import type { Command } from 'commander'
import { resolveSpan } from '#domain/window.ts'
import { addCommand } from '../command-line.ts'
import type { PunchEntry } from '../operations.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { csvRow, shortTime } from '../written.ts'
import { checkWindow, type WindowOptions } from './window-options.ts'

type Options = WindowOptions & { person?: string; csv?: boolean }

const csvHeads = [
  'id',
  'person',
  'name',
  'connection',
  'userId',
  'at',
  'workDate',
  'void',
  'because',
  'place',
  'deliveries',
]

export function addPunches(program: Command, session: Session): void {
  const { flags } = session.words.cli
  addCommand(program, session, 'punches')
    .option('--from <D>', flags.from)
    .option('--to <D>', flags.to)
    .option('--person <P>', flags.person)
    .option('--csv', flags.csv)
    .action(async (options: Options) => {
      checkWindow(options)
      const span = resolveSpan({ ...options, now: session.outside.clock.now() })
      const show = session.json ? showJson : options.csv ? showCsv : showTable
      await session.withApp((app) => show(app.punches({ ...span, person: options.person }), session))
    })
}

type Blocks = AsyncIterable<PunchEntry[]>

/** Piece by piece: a month of a large company is longer than memory should be. */
async function showJson(blocks: Blocks, session: Session): Promise<void> {
  const { stdout } = session.outside
  let separator = '['
  for await (const block of blocks) {
    if (block.length === 0) continue
    session.documentBegins()
    await stdout.write(separator + block.map((punch) => JSON.stringify(punch)).join(','))
    separator = ','
  }
  session.documentBegins()
  await stdout.write(separator === '[' ? '[]\n' : ']\n')
}

async function showCsv(blocks: Blocks, { outside }: Session): Promise<void> {
  await outside.stdout.write(csvRow(csvHeads))
  for await (const block of blocks)
    await outside.stdout.write(
      block
        .map((punch) =>
          csvRow([
            punch.id,
            punch.person,
            punch.name,
            punch.connection,
            punch.userId,
            punch.at,
            punch.workDate ?? '',
            String(punch.void),
            punch.because ?? '',
            punch.place ?? '',
            punch.deliveries
              .map(({ route, state, reason }) => [route, state, reason].filter(Boolean).join(':'))
              .join(';'),
          ]),
        )
        .join(''),
    )
}

async function showTable(blocks: Blocks, session: Session): Promise<void> {
  const { words, outside } = session
  const { punches: texts, yes } = words.reports
  let count = 0
  for await (const block of blocks) {
    const rows = block.map((punch) => [
      shortTime(punch.at),
      punch.name,
      `${punch.connection}:${punch.userId}`,
      punch.void ? `${yes}${punch.because ? ` ${punch.because}` : ''}` : '',
      punch.place ?? '',
      punch.deliveries.map((delivery) => deliveryText(delivery, session)).join(' / '),
    ])
    count += block.length
    if (rows.length > 0) await outside.stdout.write(`${formatTable(texts.heads, rows, 50)}\n`)
  }
  session.say(count === 0 ? texts.none : texts.total(count))
}

function deliveryText(
  { route, state, reason }: PunchEntry['deliveries'][number],
  { words }: Session,
): string {
  const because = reason === null ? '' : ` (${words.deliveryReasons[reason] ?? reason})`
  return `${route} ${words.deliveryStates[state] ?? state}${because}`
}
