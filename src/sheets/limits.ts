/** What a workbook from outside may cost us. Sizes of files and texts are bytes. */
export type SheetLimits = {
  fileBytes: number
  unpackedBytes: number
  /** Files inside the archive. */
  parts: number
  /** XML tags in all parts together: what reading costs grows with them and not with bytes. */
  tags: number
  /** Tags of the part in which the texts of all cells stand once: each costs more than a cell does. */
  textTags: number
  /** Tags of any other part, and merged cells, choices and links of a sheet: those cost most. */
  otherTags: number
  /** The longest text, or the longest tag, between two signs of markup. */
  runBytes: number
  rows: number
  columns: number
  cellBytes: number
  /** Memory of the thread that reads; one that needs more is ended, and nothing else with it. */
  threadMegabytes: number
  /** A thread that reads for longer is ended: for what the counts above did not foresee. */
  threadMs: number
}

const mebibyte = 1024 * 1024

// A row of the mapping table is 26 cells: 112 tags as we write it, 24 of them texts; 145 and 56 once LibreOffice has
// saved it, with 1.7 kB unpacked. 50,000 rows as we write them are read in 8 s.
const tagsOfRow = 140
const savedRow = { tags: 145, textTags: 57 }

export const sheetLimits: SheetLimits = {
  fileBytes: 20 * mebibyte,
  unpackedBytes: 120 * mebibyte,
  parts: 2_000,
  tags: 50_000 * tagsOfRow,
  textTags: 2_500_000,
  otherTags: 300_000,
  runBytes: 256 * 1024,
  rows: 200_000,
  columns: 64,
  cellBytes: 4_096,
  threadMegabytes: 2_048,
  threadMs: 20_000,
}

/** Bytes as people say them, never 0. */
export const megabytesOf = (bytes: number): number => Math.max(1, Math.round(bytes / mebibyte))

/** About how many rows of the mapping table fit, whichever program has saved them. */
export const rowsWithin = ({ tags, textTags }: SheetLimits): number => {
  const rows = Math.min(tags / savedRow.tags, textTags / savedRow.textTags)
  return rows < 1_000 ? Math.floor(rows) : Math.floor(rows / 1_000) * 1_000
}
