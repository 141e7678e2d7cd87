const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u
const narrow = /[\p{Mn}\p{Me}\p{Cf}]/u

/** Columns a text takes on a terminal: Chinese characters and full-width signs take two, combining marks none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

/** The text and blanks up to `width` columns. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** The text, at most `width` columns of it, with a sign where it was cut. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Control characters of other people's texts must not move the cursor. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** Rows under their headings, columns aligned; no cell is wider than `cell` columns. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  cell = 44,
): string {
  const lines = [heads, ...rows].map((row) => row.map((text) => cutTo(printable(text), cell)))
  const widths = heads.map((_, column) => Math.max(...lines.map((row) => widthOf(row[column] ?? ''))))
  return lines
    .map((row) =>
      row
        .map((text, column) => padded(text, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
