/** A cell that is not the text a person typed. */
export type OddCell = 'formula' | 'rounded' | 'date' | 'error'

/** One sheet as text. Positions count from 0; rows may be shorter than the widest one. */
export type SheetText = {
  name: string
  isHidden: boolean
  /** Trimmed. A formula stands as it was typed, `=` first: it is never computed, nor is its last result taken. */
  rows: string[][]
  odd: { row: number; column: number; kind: OddCell }[]
  merges: CellRange[]
}

/** Both ends included. */
export type CellRange = { top: number; left: number; bottom: number; right: number }

/** A sheet to be written: every cell is text and stays text, whatever it looks like. */
export type SheetPlan = {
  name: string
  isHidden?: boolean
  columns: ColumnPlan[]
  /** What stands above the titles. */
  above?: string[][]
  /** What stands below them. */
  rows: string[][]
  /** Columns on the left that stay in view, beside the titles. */
  frozenColumns?: number
  /** Rows that are painted to be seen, counted from 0 below the titles. */
  marked?: ReadonlySet<number>
}

export type ColumnPlan = {
  title: string
  /** In characters. */
  width: number
  isHidden?: boolean
  /** The reader is meant to write here. */
  isInput?: boolean
  /** Long texts are shown on several lines. */
  wraps?: boolean
  /** What may be chosen here, and what a reader who writes something else is told. */
  choices?: { values: string[]; otherwise: string }
}
