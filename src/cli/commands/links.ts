import { extname } from 'node:path'
import type { Command } from 'commander'
import { fail } from '#domain/failures.ts'
import type { BadEntry } from '#domain/mapping-entry.ts'
import type { MappingRow } from '#domain/mapping-table.ts'
import { rowsWithin, sheetLimits } from '#sheets/limits.ts'
import { planLinksBook } from '#sheets/links-book.ts'
import { type MappingSheet, readMappingSheet } from '#sheets/mapping-sheet.ts'
import { planMarkedBook } from '#sheets/marked-book.ts'
import { takesBack } from '#sheets/takes-back.ts'
import type { SheetText } from '#sheets/workbook.ts'
import { addCommand } from '../command-line.ts'
import type { LinksImportReport } from '../operations.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'
import { waitingFor } from '../waiting-for.ts'
import { readBook, saveBook } from '../workbook-file.ts'
import { addDelivered } from './delivered.ts'
import { effectsTold } from './effects-told.ts'

/** `links export FILE`, `links import FILE` and `links delivered A [B]`. */
export function addLinks(program: Command, session: Session): void {
  const { flags, operands } = session.words.cli
  const links = addCommand(program, session, 'links')
  addCommand(links, session, 'links export')
    .argument('<FILE>', operands.workbook)
    .option('--route <R>', flags.route)
    .option('--subsidiary <S>', flags.subsidiary)
    .action((file: string, ask: { route?: string; subsidiary?: string }) => exportLinks(file, ask, session))
  addCommand(links, session, 'links import')
    .argument('<FILE>', operands.workbook)
    .option('--dry-run', flags.dryRun)
    .option('--out <FILE>', flags.outFile)
    .action((file: string, { dryRun = false, out }: { dryRun?: boolean; out?: string }) =>
      importLinks(file, dryRun, out ?? markedName(file), session),
    )
  addDelivered(links, session)
}

async function exportLinks(
  file: string,
  ask: { route?: string; subsidiary?: string },
  session: Session,
): Promise<void> {
  const { links: texts } = session.words.reports
  // A spreadsheet program opens what is called so, and nothing else.
  if (!/\.xlsx$/i.test(file)) fail('usage.invalid', { what: file, instead: `${file}.xlsx` })
  const { rows, cleaning, several } = await session.withApp((app) => app.linksTable(ask))
  // Whoever exports again over a file may have decisions in it.
  const book = planLinksBook(rows, cleaning, session.words, several)
  const kept = await saveBook(file, book, '-previous')
  const open = rows.filter((row) => row.status !== 'linked' && row.decision === null).length
  const importable = takesBack(book)
  const excess = importable ? {} : { importAtMost: rowsWithin(sheetLimits), parts: partsOf(rows, file) }
  session.answer({ file, rows: rows.length, open, cleaning: cleaning.length, importable, ...excess }, () => [
    texts.exported(file, rows.length, open),
    texts.cleaning(cleaning.length),
    ...(kept === null ? [] : [texts.kept(kept)]),
    ...(importable ? [session.next(texts.nextEdit(file))] : tooLongTold(rows, file, session)),
  ])
}

type ExportPart = { file: string; route: string; rows: number }

/** The routes of a table that is too long to come back, each with a file of its own. */
const partsOf = (rows: readonly MappingRow[], file: string): ExportPart[] =>
  [...Map.groupBy(rows, ({ route }) => route)].map(([route, own]) => ({
    file: `${file.slice(0, -extname(file).length)}-${route}.xlsx`,
    route,
    rows: own.length,
  }))

function tooLongTold(rows: readonly MappingRow[], file: string, { words }: Session): string[] {
  const { links: texts } = words.reports
  const parts = partsOf(rows, file)
  const told = parts.map((part) => `  ${texts.part(part.file, part.route, part.rows)}`)
  return [
    texts.tooLong(rowsWithin(sheetLimits)),
    ...(parts.length > 1 ? [texts.inParts, ...told] : []),
    ...(parts.some((part) => part.rows > rowsWithin(sheetLimits)) ? [texts.onlyOpen] : []),
  ]
}

async function importLinks(file: string, dryRun: boolean, out: string, session: Session): Promise<void> {
  const { links: texts } = session.words.reports
  const sheets = await waitingFor(session, 'sheet', () => readBook(file, session.outside.clock))
  const read = readMappingSheet(sheets)
  if (!read.ok) return fail('sheet.unreadable', { file, problem: read.problem })
  const { entries } = read.table
  const { bad, effects, ...counts } = await waitingFor(session, 'import', () =>
    session.withApp((app) => app.linksImport({ file, entries, dryRun })),
  )
  if (bad.length > 0) return refuse(file, out, sheets, read.table, bad, session)
  const { linked, unlinked, unchanged, ignored, rows } = counts
  session.answer({ linked, unlinked, unchanged, ignored, rows, ...effects }, () => [
    texts.imported(linked, unlinked, unchanged, ignored),
    ...changesTold(rows, session),
    ...(effects ? effectsTold(effects, session) : []),
    ...(dryRun ? [texts.dryRun] : []),
    session.next(dryRun ? texts.nextImport(file) : linked + unlinked > 0 ? texts.nextSync : texts.nothing),
  ])
}

/** What each row changed; all of them stand in the JSON document and in the audit. */
function changesTold(rows: LinksImportReport['rows'], { words }: Session): string[] {
  const { reports, links } = words
  if (rows.length === 0) return []
  const table = formatTable(
    reports.links.rowHeads,
    rows
      .slice(0, rowsTold)
      .map(({ line, route, decision, dingtalk, wecom, note }) => [
        ...[String(line), links.decisions[decision], route],
        ...[dingtalk, wecom, note],
      ]),
  )
  return [table, ...(rows.length > rowsTold ? [reports.links.moreRows(rows.length - rowsTold)] : [])]
}

/** Bad rows that a person reads in a terminal; all of them stand in the marked file. */
const rowsTold = 20

async function refuse(
  file: string,
  marked: string,
  sheets: SheetText[],
  table: MappingSheet,
  bad: BadEntry[],
  { words }: Session,
): Promise<never> {
  await saveBook(marked, planMarkedBook(sheets, table, bad, words))
  const rows = new Set(bad.map(({ line }) => line)).size
  return fail('links.refused', { file, marked, rows, first: bad.slice(0, rowsTold) })
}

const markedName = (file: string): string =>
  `${file.slice(0, file.length - extname(file).length).replace(/-marked$/, '')}-marked.xlsx`
