/** The longest beginning of `text` that fits `bytes` of UTF-8 and ends where a character ends. */
export const cutToBytes = (text: string, bytes: number): string =>
  cut(text, bytes, (piece) => Buffer.byteLength(piece, 'utf8'))

/** The longest beginning of `text` that fits `characters` UTF-16 units and ends where a character ends. */
export const cutToCharacters = (text: string, characters: number): string =>
  cut(text, characters, (piece) => piece.length)

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

function cut(text: string, limit: number, measure: (piece: string) => number): string {
  // half a surrogate pair has no UTF-8: it would leave as something else than it was measured as
  const whole = text.toWellFormed()
  if (measure(whole) <= limit) return whole
  const visible = fitting(visibleCharacters(whole))
  // one "character" of a thousand combining marks is longer than the limit alone: then code points have to do
  return visible === '' ? fitting(whole) : visible

  function fitting(pieces: Iterable<string>): string {
    let used = 0
    let end = 0
    for (const piece of pieces) {
      used += measure(piece)
      if (used > limit) break
      end += piece.length
    }
    return whole.slice(0, end)
  }
}

function* visibleCharacters(text: string): Iterable<string> {
  for (const { segment } of graphemes.segment(text)) yield segment
}
