import type { MappingColumn } from './mapping-table.ts'

/** What a file that is no workbook seems to be instead. */
export type ForeignFormat =
  | 'nothing'
  | 'xls'
  | 'xlsb'
  | 'ods'
  | 'numbers'
  | 'docx'
  | 'pptx'
  | 'zip'
  | 'html'
  | 'text'
  | 'unknown'

/** Why a workbook as a whole cannot be taken. Cells are named as the spreadsheet program names them, e.g. `C5`. */
export type SheetProblem =
  | { kind: 'unreadable'; reason: string }
  | { kind: 'too-large'; megabytes: number; most: number }
  | { kind: 'not-a-workbook'; looksLike: ForeignFormat }
  | { kind: 'encrypted' }
  | { kind: 'damaged' }
  | { kind: 'unpacks-too-large'; most: number }
  | { kind: 'too-heavy' }
  /** Cells, counted by their markup; `rows` of the mapping table would be taken. */
  | { kind: 'too-many-cells'; rows: number }
  | { kind: 'text-too-long'; most: number }
  | { kind: 'too-many-rows'; sheet: string; most: number }
  | { kind: 'too-many-columns'; sheet: string; most: number }
  | { kind: 'cell-too-long'; sheet: string; cell: string; most: number }
  | { kind: 'no-such-sheet'; sheets: string[] }
  | { kind: 'no-header'; sheet: string; missing: MappingColumn[] }
  | { kind: 'repeated-header'; sheet: string; cell: string; column: MappingColumn }
  | { kind: 'no-rows'; sheet: string }
