import type { CellValue, Sheet } from 'hucre/xlsx'
import { readXlsx } from 'hucre/xlsx'
import type { SheetProblem } from '#domain/sheet-problem.ts'
import { cellName } from './cell-text.ts'
import type { SheetLimits } from './limits.ts'
import type { OddCell, SheetText } from './workbook.ts'

export type SheetsRead = { ok: true; sheets: SheetText[] } | { ok: false; problem: SheetProblem }

/** Every sheet of a workbook as text, in this thread and without bounds: `readWorkbook` is the door for files from outside. */
export async function readSheets(file: Uint8Array, limits: SheetLimits): Promise<SheetsRead> {
  let found: Sheet[]
  try {
    found = (await readXlsx(file)).sheets
  } catch (error) {
    return { ok: false, problem: problemOf(error, limits) }
  }
  const sheets: SheetText[] = []
  for (const sheet of found) {
    const text = toText(sheet)
    const problem = excessOf(text, limits)
    if (problem) return { ok: false, problem }
    sheets.push(text)
  }
  return { ok: true, sheets }
}

/** The reader refuses a sheet whose corners are too far apart before we can count; all else it throws is damage. */
function problemOf(error: unknown, limits: SheetLimits): SheetProblem {
  const sheet = error instanceof Error && /^Sheet "(.*)" spans /s.exec(error.message)?.[1]
  return sheet ? { kind: 'too-many-rows', sheet, most: limits.rows } : { kind: 'damaged' }
}

function toText(sheet: Sheet): SheetText {
  const odd: SheetText['odd'] = []
  const rows = sheet.rows.map((values, row) =>
    withoutTail(
      values.map((value, column) => {
        const kind = oddOf(value)
        if (kind) odd.push({ row, column, kind })
        return textOf(value)
      }),
      (text) => text === '',
    ),
  )
  for (const [place, cell] of sheet.cells ?? []) {
    const [row = 0, column = 0] = place.split(',').map(Number)
    const cells = rows[row]
    if (cell.type === 'error') odd.push({ row, column, kind: 'error' })
    if (cell.formula === undefined || !cells) continue
    while (cells.length <= column) cells.push('')
    cells[column] = textOf(`=${cell.formula}`)
    odd.push({ row, column, kind: 'formula' })
  }
  return {
    name: sheet.name,
    isHidden: sheet.hidden === true || sheet.veryHidden === true,
    rows: withoutTail(rows, (row) => row.length === 0),
    odd,
    merges: (sheet.merges ?? []).map(({ startRow, startCol, endRow, endCol }) => ({
      top: startRow,
      left: startCol,
      bottom: endRow,
      right: endCol,
    })),
  }
}

// A spreadsheet keeps 15 digits of a number: a longer one is not what was typed any more.
const exactBelow = 1e15

function oddOf(value: CellValue): OddCell | null {
  if (value instanceof Date) return 'date'
  return typeof value === 'number' && Math.abs(value) >= exactBelow ? 'rounded' : null
}

function textOf(value: CellValue): string {
  if (value === null) return ''
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 19).replace('T', ' ')
  if (typeof value === 'boolean') return String(value).toUpperCase()
  // Half characters and NUL can be smuggled in by escapes; no database takes them.
  return String(value).replaceAll('\0', '').toWellFormed().trim()
}

function withoutTail<T>(list: T[], isEmpty: (item: T) => boolean): T[] {
  let length = list.length
  while (length > 0 && isEmpty(list[length - 1]!)) length--
  return length === list.length ? list : list.slice(0, length)
}

function excessOf({ name, rows }: SheetText, limits: SheetLimits): SheetProblem | null {
  if (rows.length > limits.rows) return { kind: 'too-many-rows', sheet: name, most: limits.rows }
  for (const [row, cells] of rows.entries()) {
    if (cells.length > limits.columns) return { kind: 'too-many-columns', sheet: name, most: limits.columns }
    const long = cells.findIndex((text) => Buffer.byteLength(text) > limits.cellBytes)
    if (long >= 0)
      return { kind: 'cell-too-long', sheet: name, cell: cellName(row, long), most: limits.cellBytes }
  }
  return null
}
