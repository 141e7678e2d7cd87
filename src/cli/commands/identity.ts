import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import type { BenchLink, BenchPerson, IdentityBench } from '../../app/identity-bench.ts'
import { addCommand } from '../command-line.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { spokenDuration } from '../written.ts'
import { accountText } from './people.ts'

/** Rows that a person can look through; all of them are in the JSON document. */
const rowsShown = 50
/** Bad lines that are named one by one. */
const badLinesShown = 20
/** Pieces of the JSON document are written in blocks of this many entries. */
const blockSize = 500

export function addIdentity(program: Command, session: Session): void {
  const { flags, commands } = session.words.cli
  const identity = addCommand(program, session, 'identity')
  identity
    .command('bench')
    .description(commands.identity.about)
    .helpOption('-h, --help', flags.help)
    .requiredOption('--accounts <FILE>', flags.accounts)
    .action(async ({ accounts: file }: { accounts: string }) => {
      const { clock } = session.outside
      const startedAt = clock.now()
      const bench = await benchOf(file, session)
      tellBadLines(bench, session)
      const durationMs = Math.round(clock.now().since(startedAt).total('milliseconds'))
      if (session.json) await writeDocument(bench, durationMs, session)
      else for (const line of sentences(bench, durationMs, session)) session.say(line)
    })
}

/** Fails with `usage.invalid` when the file cannot be read. */
async function benchOf(file: string, { words }: Session): Promise<IdentityBench> {
  // Loaded here: no other command needs the phone and pinyin tables.
  const { benchIdentity } = await import('../../app/identity-bench.ts')
  try {
    return await benchIdentity(file)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined && code !== 'EISDIR') throw error
    const { unreadable } = words.reports.identity
    return fail(
      'usage.invalid',
      { what: unreadable(file, code ?? ''), instead: words.cli.commands.identity.examples[0] ?? '' },
      error,
    )
  }
}

function tellBadLines({ badLines }: IdentityBench, session: Session): void {
  const { identity } = session.words.reports
  for (const { line, problem } of badLines.slice(0, badLinesShown))
    session.note(identity.badLine(line, identity.problems[problem] ?? problem))
  if (badLines.length > badLinesShown) session.note(identity.moreBadLines(badLines.length - badLinesShown))
}

/** Written piece by piece: hundreds of thousands of accounts are longer than memory should be. */
async function writeDocument(bench: IdentityBench, durationMs: number, session: Session): Promise<void> {
  const { stdout } = session.outside
  const { words } = session
  session.documentBegins()
  const list = async <T>(entries: Iterable<T>, write: (entry: T) => unknown) => {
    let block: string[] = []
    let separator = '['
    for (const entry of entries) {
      block.push(JSON.stringify(write(entry)))
      if (block.length < blockSize) continue
      await stdout.write(separator + block.join(','))
      ;[block, separator] = [[], ',']
    }
    if (block.length > 0 || separator === '[') await stdout.write(separator + block.join(','))
    await stdout.write(']')
  }
  const inWords = <T extends BenchPerson | BenchLink>(entry: T) => ({
    ...entry,
    because: entry.because.map(words.reason),
    wouldChange: entry.wouldChange.map(words.remedy),
  })
  await stdout.write(`{"accounts":${bench.accounts},"people":`)
  await list(bench.people(), (person) => ({
    ...inWords(person),
    candidates: person.candidates.map((candidate) => ({
      ...candidate,
      because: candidate.because.map(words.reason),
    })),
  }))
  await stdout.write(',"links":')
  await list(bench.links(), inWords)
  const { counts } = bench
  const badLines = bench.badLines.map(({ line, problem }) => ({
    line,
    problem,
    because: words.reports.identity.problems[problem],
  }))
  await stdout.write(`,${JSON.stringify({ counts, badLines, durationMs }).slice(1)}\n`)
}

function sentences(bench: IdentityBench, durationMs: number, { words }: Session): string[] {
  const { identity, listSeparator } = words.reports
  const { counts } = bench
  const lines: string[] = []
  for (const status of ['conflicting', 'suggested', 'linked'] as const) {
    const rows: string[][] = []
    let all = 0
    for (const link of bench.links()) {
      if (link.status !== status) continue
      all++
      if (rows.length < rowsShown)
        rows.push([
          words.linkStatus[status],
          link.accounts.map(accountText).join(status === 'linked' ? ' = ' : ' ? '),
          link.probability.toFixed(4),
          link.weight.toFixed(1),
          link.because.map(words.reason).join(listSeparator),
          link.wouldChange.map(words.remedy).join(listSeparator),
        ])
    }
    if (rows.length > 0) lines.push(formatTable(identity.heads, rows, 60))
    if (all > rows.length) lines.push(identity.more(all - rows.length))
  }
  return [
    ...lines,
    identity.counts(counts.linked, counts.suggested, counts.conflicting, counts.unmatched),
    identity.done(bench.accounts, bench.badLines.length, spokenDuration(durationMs, words.cli)),
  ]
}
