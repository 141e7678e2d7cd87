import type { BadEntry } from '#domain/mapping-entry.ts'
import type { MappingColumn } from '#domain/mapping-table.ts'
import type { Messages } from '#messages/zh.ts'
import { frozenColumns, mappingColumnPlan } from './links-book.ts'
import type { MappingSheet } from './mapping-sheet.ts'
import type { ColumnPlan, SheetPlan, SheetText } from './workbook.ts'

/**
 * The workbook that came in, with its bad rows painted and a sentence in the column for problems. Every row keeps its
 * number; formulas stand as text, so that nothing in it is run by whoever opens it.
 */
export function planMarkedBook(
  sheets: readonly SheetText[],
  table: MappingSheet,
  bad: readonly BadEntry[],
  words: Messages,
): SheetPlan[] {
  return sheets.map((sheet) => (sheet === table.sheet ? planMarked(table, bad, words) : planAsIs(sheet)))
}

function planMarked(
  { sheet, titleRow, columns }: MappingSheet,
  bad: readonly BadEntry[],
  words: Messages,
): SheetPlan {
  const width = widthOf(sheet)
  const problemAt = columns.get('problem') ?? width
  const columnAt = new Map([...columns].map(([column, at]) => [at, column]))
  columnAt.set(problemAt, 'problem')
  const titles = sheet.rows[titleRow] ?? []
  const sentences = new Map<number, string[]>()
  for (const { line, problem } of bad)
    sentences.set(line, [...(sentences.get(line) ?? []), words.links.entryProblem(problem)])
  const rows = sheet.rows.slice(titleRow + 1).map((cells, nth) => {
    const said = sentences.get(titleRow + 2 + nth) ?? []
    const row = Array.from({ length: Math.max(width, problemAt + 1) }, (_, at) => cells[at] ?? '')
    row[problemAt] = said.join(words.links.separator)
    return row
  })
  return {
    ...asIs(sheet),
    above: sheet.rows.slice(0, titleRow),
    columns: Array.from({ length: Math.max(width, problemAt + 1) }, (_, at) =>
      planColumn(titles[at] ?? '', columnAt.get(at), words),
    ),
    frozenColumns: columns.get('decision') === frozenColumns - 1 ? frozenColumns : 0,
    rows,
    marked: new Set([...sentences.keys()].map((line) => line - titleRow - 2)),
  }
}

/** A column keeps the title it came with. */
function planColumn(title: string, column: MappingColumn | undefined, words: Messages): ColumnPlan {
  if (!column) return { title, width: usualWidth }
  const plan = mappingColumnPlan(column, words)
  return { ...plan, title: title || plan.title }
}

const usualWidth = 18

const widthOf = ({ rows }: SheetText) => rows.reduce((most, row) => Math.max(most, row.length), 0)

const asIs = ({ name, isHidden }: SheetText) => ({ name, isHidden })

function planAsIs(sheet: SheetText): SheetPlan {
  const [titles = [], ...rows] = sheet.rows
  const width = Math.max(1, widthOf(sheet))
  return {
    ...asIs(sheet),
    columns: Array.from({ length: width }, (_, at) => ({ title: titles[at] ?? '', width: usualWidth })),
    rows,
  }
}
