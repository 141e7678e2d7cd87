import type { Command } from 'commander'
import type { DeliveredRecord } from '../acts-report.ts'
import { addCommand } from '../command-line.ts'
import type { Session } from '../session.ts'
import { csvRow } from '../written.ts'
import { recordTable } from './effects-told.ts'
import { checkAccount } from './link.ts'
import { accountText } from './people.ts'

const csvHeads = ['route', 'punch', 'at', 'source', 'target', 'state']

/** `links delivered A [B]`, under `links`. */
export function addDelivered(links: Command, session: Session): void {
  const { flags, operands } = session.words.cli
  addCommand(links, session, 'links delivered')
    .argument('<A>', operands.account)
    .argument('[B]', operands.account)
    .option('--csv', flags.csv)
    .action(async (account: string, other: string | undefined, { csv }: { csv?: boolean }) => {
      for (const text of [account, other]) if (text !== undefined) checkAccount(text)
      const tell = session.json ? tellJson : csv ? tellCsv : tellTable
      await session.withApp((app) => tell(app.delivered({ account, other }), session))
    })
}

type Blocks = AsyncIterable<DeliveredRecord[]>

async function tellJson(blocks: Blocks, session: Session): Promise<void> {
  const { stdout } = session.outside
  let separator = '['
  for await (const block of blocks) {
    session.documentBegins()
    await stdout.write(separator + block.map((record) => JSON.stringify(record)).join(','))
    separator = ','
  }
  session.documentBegins()
  await stdout.write(separator === '[' ? '[]\n' : ']\n')
}

async function tellCsv(blocks: Blocks, { outside }: Session): Promise<void> {
  await outside.stdout.write(csvRow(csvHeads))
  for await (const block of blocks)
    await outside.stdout.write(
      block
        .map(({ route, punch, at, source, target, state }) =>
          csvRow([route, punch, at, accountText(source), accountText(target), state]),
        )
        .join(''),
    )
}

async function tellTable(blocks: Blocks, session: Session): Promise<void> {
  const { acts: texts } = session.words
  let count = 0
  for await (const block of blocks) {
    count += block.length
    await session.outside.stdout.write(`${recordTable(block, session)}\n`)
  }
  session.say(count === 0 ? texts.nothingDelivered : texts.total(count))
}
