/** What a workbook from outside may cost us. Sizes of files and texts are bytes. */
export type SheetLimits = {
  fileBytes: number
  unpackedBytes: number
  /** Files inside the archive. */
  parts: number
  rows: number
  columns: number
  cellBytes: number
  /** Memory of the thread that reads; one that needs more is ended, and nothing else with it. */
  threadMegabytes: number
}

const mebibyte = 1024 * 1024

export const sheetLimits: SheetLimits = {
  fileBytes: 20 * mebibyte,
  unpackedBytes: 200 * mebibyte,
  parts: 2_000,
  rows: 200_000,
  columns: 64,
  cellBytes: 4_096,
  threadMegabytes: 2_048,
}

/** Bytes as people say them, never 0. */
export const megabytesOf = (bytes: number): number => Math.max(1, Math.round(bytes / mebibyte))
