import type { Decision } from './mapping-table.ts'

/** The columns an import acts on; all others are for reading. */
export const entryFields = [
  'row',
  'route',
  'dingtalkConnection',
  'dingtalkUser',
  'wecomConnection',
  'wecomUser',
  'decision',
] as const
export type EntryField = (typeof entryFields)[number]

/** Why a cell cannot be taken as it stands. */
export type CellTrouble = 'formula' | 'rounded' | 'date' | 'error' | 'merged'

/** One row of a mapping table that came back. All texts are trimmed; '' is an empty cell. */
export type MappingEntry = {
  /** Its number in the spreadsheet program. */
  line: number
  row: string
  route: string
  dingtalkConnection: string
  dingtalkUser: string
  wecomConnection: string
  wecomUser: string
  decision: Decision | null
  /** As written; a text that is no decision we know is refused. */
  decisionText: string
  note: string
  /** Cells of the fields above that hold something else than typed text. */
  trouble: readonly { cell: string; kind: CellTrouble }[]
}

/** What is wrong with one row. Lines are the spreadsheet program's row numbers. */
export type EntryProblem =
  | { kind: 'cell'; cell: string; trouble: CellTrouble }
  | { kind: 'unknown-decision'; text: string }
  | { kind: 'unknown-route'; route: string; known: string[] }
  | { kind: 'which-route'; known: string[] }
  | { kind: 'unknown-connection'; connection: string; known: string[] }
  | { kind: 'not-on-route'; connection: string; route: string }
  | { kind: 'keys-changed' }
  | { kind: 'no-decision' }
  | { kind: 'one-side-only'; missing: 'dingtalk' | 'wecom' }
  | { kind: 'unknown-account'; connection: string; userId: string; suggestion: string | null }
  | { kind: 'claimed-twice'; connection: string; userId: string; line: number }
  | { kind: 'contradiction'; line: number }
  | { kind: 'linked-elsewhere'; connection: string; userId: string; twin: string }

export type BadEntry = { line: number; problem: EntryProblem }
