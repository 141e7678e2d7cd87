import { type CellTrouble, type EntryField, entryFields, type MappingEntry } from '#domain/mapping-entry.ts'
import { type Decision, type MappingColumn, mappingColumns } from '#domain/mapping-table.ts'
import type { SheetProblem } from '#domain/sheet-problem.ts'
import { messagesIn } from '#messages/messages.ts'
import { cellName } from './cell-text.ts'
import type { SheetText } from './workbook.ts'

/** The mapping table of a workbook, whoever wrote it and in whichever of our languages. */
export type MappingSheet = {
  sheet: SheetText
  /** The row of the titles, from 0. */
  titleRow: number
  columns: ReadonlyMap<MappingColumn, number>
  entries: MappingEntry[]
}

export type MappingSheetRead = { ok: true; table: MappingSheet } | { ok: false; problem: SheetProblem }

/**
 * Finds the mapping table and reads its rows. A table made by hand needs no more than the accounts of both sides;
 * without a column for the decision, two accounts on one row are a link.
 */
export function readMappingSheet(sheets: readonly SheetText[]): MappingSheetRead {
  const named = sheets.find((sheet) => sheetNames.has(plain(sheet.name)))
  const visible = sheets.filter((sheet) => !sheet.isHidden && sheet.rows.length > 0)
  const sheet = named ?? visible.find((one) => findTitles(one).missing.length === 0)
  if (!sheet) {
    const [only, ...others] = visible
    return only && others.length === 0
      ? { ok: false, problem: { kind: 'no-header', sheet: only.name, missing: findTitles(only).missing } }
      : { ok: false, problem: { kind: 'no-such-sheet', sheets: sheets.map((one) => one.name) } }
  }
  const titles = findTitles(sheet)
  if (titles.missing.length > 0)
    return { ok: false, problem: { kind: 'no-header', sheet: sheet.name, missing: titles.missing } }
  if (titles.repeated)
    return { ok: false, problem: { kind: 'repeated-header', sheet: sheet.name, ...titles.repeated } }
  const entries = entriesOf(sheet, titles)
  if (entries.length === 0) return { ok: false, problem: { kind: 'no-rows', sheet: sheet.name } }
  return { ok: true, table: { sheet, titleRow: titles.row, columns: titles.columns, entries } }
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-*:]+/gu, '')

const languages = [messagesIn('zh').links, messagesIn('en').links]
const sheetNames = new Set(languages.map(({ sheets }) => plain(sheets.mapping)))
const columnsByTitle = new Map(
  languages.flatMap(({ columns, otherTitles }) =>
    mappingColumns.flatMap((column) =>
      [columns[column], ...(otherTitles[column] ?? [])].map((title) => [plain(title), column] as const),
    ),
  ),
)
const decisionsByText = new Map(
  languages.flatMap(({ decisions, otherDecisions }) =>
    (['link', 'apart'] as const).flatMap((decision) =>
      [decisions[decision], ...otherDecisions[decision]].map((text) => [plain(text), decision] as const),
    ),
  ),
)

/** People write titles of their own above the table: so many rows may stand before it. */
const rowsToSearch = 10

type Titles = {
  row: number
  columns: Map<MappingColumn, number>
  missing: MappingColumn[]
  repeated: { column: MappingColumn; cell: string } | null
}

/** The row that knows most of our titles. */
function findTitles({ rows }: SheetText): Titles {
  const found = rows.slice(0, rowsToSearch).map((_, row) => titlesOf(rows, row))
  const none: Titles = { row: 0, columns: new Map(), missing: [...needed], repeated: null }
  return found.reduce((best, one) => (one.columns.size > best.columns.size ? one : best), none)
}

const needed: MappingColumn[] = ['dingtalkUser', 'wecomUser']

function titlesOf(rows: string[][], row: number): Titles {
  const columns = new Map<MappingColumn, number>()
  let repeated: Titles['repeated'] = null
  for (const [at, title] of (rows[row] ?? []).entries()) {
    const column = columnsByTitle.get(plain(title))
    if (!column) continue
    if (columns.has(column)) repeated ??= { column, cell: cellName(row, at) }
    else columns.set(column, at)
  }
  // Our own table without its decisions is not a table made by hand: it would link whatever was proposed.
  const wanted: MappingColumn[] = columns.has('row') ? [...needed, 'decision'] : needed
  return { row, columns, missing: wanted.filter((column) => !columns.has(column)), repeated }
}

function entriesOf(sheet: SheetText, { row: titleRow, columns }: Titles): MappingEntry[] {
  const troubles = troublesOf(sheet, columns)
  const entries: MappingEntry[] = []
  for (let row = titleRow + 1; row < sheet.rows.length; row++) {
    const cells = sheet.rows[row] ?? []
    const text = (column: MappingColumn) => cells[columns.get(column) ?? -1] ?? ''
    const fields = Object.fromEntries(entryFields.map((field) => [field, text(field)]))
    const trouble = troubles.get(row) ?? []
    if (trouble.length === 0 && entryFields.every((field) => fields[field] === '')) continue
    const { decision: decisionText, ...keys } = fields as Record<EntryField, string>
    entries.push({
      line: row + 1,
      ...keys,
      decision: decisionOf(decisionText, keys, columns.has('decision')),
      decisionText,
      note: text('note'),
      trouble,
    })
  }
  return entries
}

function decisionOf(
  text: string,
  { dingtalkUser, wecomUser }: { dingtalkUser: string; wecomUser: string },
  hasColumn: boolean,
): Decision | null {
  if (hasColumn) return decisionsByText.get(plain(text)) ?? null
  return dingtalkUser !== '' && wecomUser !== '' ? 'link' : null
}

/** By row, the first cell an import acts on that holds something else than typed text. */
function troublesOf(sheet: SheetText, columns: ReadonlyMap<MappingColumn, number>) {
  const used = new Set(entryFields.flatMap((field) => columns.get(field) ?? []))
  const troubles = new Map<number, { cell: string; kind: CellTrouble }[]>()
  const add = (row: number, cell: string, kind: CellTrouble) => {
    if (!troubles.has(row)) troubles.set(row, [{ cell, kind }])
  }
  for (const { row, column, kind } of sheet.odd) if (used.has(column)) add(row, cellName(row, column), kind)
  const last = sheet.rows.length - 1
  let reached = -1
  for (const { top, left, bottom, right } of sheet.merges.toSorted((a, b) => a.top - b.top)) {
    if (![...used].some((column) => left <= column && column <= right)) continue
    // However many there are and however far they reach, each row is looked at once.
    for (let row = Math.max(top, reached + 1); row <= Math.min(bottom, last); row++)
      add(row, cellName(top, left), 'merged')
    reached = Math.max(reached, Math.min(bottom, last))
  }
  return troubles
}
