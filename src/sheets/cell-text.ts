/** A cell as the spreadsheet program names it: 0, 2 is `C1`. */
export function cellName(row: number, column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return `${letters}${row + 1}`
}

/**
 * A text in the file format's own escapes, so that any spreadsheet program reads it back unchanged: what looks like an
 * escape already, and what XML cannot hold.
 */
export const escapeCellText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\uFFFE\uFFFF]/g, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase()}_`)

/** The text, or as much of its beginning as fits into so many bytes, with `…` for the rest. */
export function cutText(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  const kept = Buffer.from(text).subarray(0, mostBytes - 3)
  return `${new TextDecoder().decode(kept, { stream: true })}…`
}
