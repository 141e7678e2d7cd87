import { type SheetLimits, sheetLimits } from './limits.ts'
import type { SheetPlan } from './workbook.ts'

// What LibreOffice makes of our workbooks, which is more than Excel or we do: measured, and a little to spare.
const saved = { tagsOfCell: 3.4, tagsOfText: 8, share: 0.98 }

/**
 * Whether an import can take these sheets back after a spreadsheet program has saved them. A workbook that only just
 * fits as we write it would be refused once somebody has filled it in.
 */
export function takesBack(sheets: readonly SheetPlan[], limits: SheetLimits = sheetLimits): boolean {
  const texts = new Set<string>()
  let cells = 0
  for (const { columns, rows, above = [] } of sheets) {
    if (rows.length + above.length >= limits.rows) return false
    cells += columns.length * (rows.length + above.length + 1)
    for (const row of rows) for (const text of row) texts.add(text)
  }
  const textTags = saved.tagsOfText * texts.size
  return (
    textTags <= saved.share * limits.textTags &&
    cells * saved.tagsOfCell + textTags <= saved.share * limits.tags
  )
}
