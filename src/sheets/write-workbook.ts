import { type Cell, type CellStyle, colToLetter, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { cutText, escapeCellText } from './cell-text.ts'
import { sheetLimits } from './limits.ts'
import type { ColumnPlan, SheetPlan } from './workbook.ts'

/** A workbook of text cells with a header that stays in view. Texts longer than we would read back are cut. */
export async function writeWorkbook(sheets: SheetPlan[]): Promise<Uint8Array> {
  return writeXlsx({ sheets: sheets.map(toWriteSheet), defaultFont: { name: 'Microsoft YaHei', size: 10 } })
}

// Format `@` keeps a cell text when somebody edits it: `007` stays `007`, `=1+1` is never computed.
const asText: CellStyle = { numFmt: '@', alignment: { vertical: 'top' } }
const solid = (rgb: string) => ({ type: 'pattern' as const, pattern: 'solid' as const, fgColor: { rgb } })
const header: CellStyle = {
  ...asText,
  font: { bold: true, color: { rgb: 'FFFFFF' } },
  fill: solid('1F4E79'),
  alignment: { vertical: 'center', wrapText: true },
}
const inputHeader: CellStyle = { ...header, fill: solid('C55A11') }
const inputFill = solid('FFF8E1')
const markedFill = solid('F8CBAD')

const bodyStyle = ({ isInput, wraps }: ColumnPlan): CellStyle => ({
  ...asText,
  ...(wraps && { alignment: { ...asText.alignment, wrapText: true } }),
  ...(isInput && { fill: inputFill }),
})

/** Points: room for a title on two lines. */
const titleHeight = 30

// A plain text `#N/A` would be written as the error itself; a text with formatting of its own never is.
const looksLikeError = /^#[A-Z_/0]+[!?]?$/

/** Rows below the last one that a reader may add, with the same choices. */
const spareRows = 1_000

function toWriteSheet(plan: SheetPlan): WriteSheet {
  const { name, columns, rows, above = [], frozenColumns = 0 } = plan
  const top = above.length
  const text = (texts: readonly string[]) => columns.map((_, column) => cellValue(texts[column] ?? ''))
  const last = colToLetter(Math.max(0, columns.length - 1))
  return {
    name,
    columns: columns.map((column) => ({
      width: column.width,
      style: bodyStyle(column),
      ...(column.isHidden && { hidden: true }),
    })),
    rowDefs: new Map([[top, { height: titleHeight }]]),
    rows: [...above.map(text), columns.map(() => null), ...rows.map(text)],
    cells: specialCells(plan),
    ...(plan.isHidden && { hidden: true }),
    freezePane: { rows: top + 1, ...(frozenColumns > 0 && { columns: frozenColumns }) },
    ...(rows.length > 0 && { autoFilter: { range: `A${top + 1}:${last}${top + 1 + rows.length}` } }),
    dataValidations: columns.flatMap((column, nth) => choicesOf(column, nth, top + 2, rows.length)),
  }
}

/** Titles, marked rows, and texts that look like error values. */
function specialCells({ columns, rows, above = [], marked }: SheetPlan): Map<string, Partial<Cell>> {
  const top = above.length
  const cells = new Map<string, Partial<Cell>>()
  for (const [column, { title, isInput }] of columns.entries())
    cells.set(`${top},${column}`, { value: escapeCellText(title), style: isInput ? inputHeader : header })
  for (const row of marked ?? [])
    for (const [nth, column] of columns.entries())
      cells.set(`${top + 1 + row},${nth}`, { style: { ...bodyStyle(column), fill: markedFill } })
  for (const [row, texts] of rows.entries())
    for (const [column, text] of texts.entries())
      if (looksLikeError.test(text)) {
        const place = `${top + 1 + row},${column}`
        cells.set(place, { ...cells.get(place), richText: [{ text }] })
      }
  return cells
}

const cellValue = (text: string): string | null =>
  text === '' ? null : escapeCellText(cutText(text, sheetLimits.cellBytes))

function choicesOf({ choices }: ColumnPlan, nth: number, first: number, rows: number) {
  if (!choices) return []
  const column = colToLetter(nth)
  return [
    {
      type: 'list' as const,
      values: choices.values,
      allowBlank: true,
      showErrorMessage: true,
      errorMessage: choices.otherwise,
      range: `${column}${first}:${column}${first + rows + spareRows}`,
    },
  ]
}
