const less = 0x3c
const greater = 0x3e

/** Counts the markup of one part, piece by piece, whether or not it is well formed. */
export class MarkupScan {
  bytes = 0
  tags = 0
  /** Bytes of the longest stretch without a `<` or a `>`: one text, or what stands inside one tag. */
  longestRun = 0
  /** It begins as XML does: a picture is not measured by its runs. */
  isMarkup = false
  /** Elements of which a reader makes far more than of a cell; one that a piece ends within may be missed. */
  costly = 0
  #runFrom = 0

  see(piece: Uint8Array): void {
    if (this.bytes === 0) this.isMarkup = beginsAsMarkup(piece)
    const { bytes } = this
    let { tags, longestRun } = this
    let runFrom = this.#runFrom
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]
      if (byte !== less && byte !== greater) continue
      if (byte === less) tags++
      longestRun = Math.max(longestRun, bytes + at - runFrom)
      runFrom = bytes + at + 1
    }
    for (const sign of costlySigns) this.costly += timesIn(piece, sign)
    this.bytes += piece.length
    this.tags = tags
    this.longestRun = Math.max(longestRun, this.bytes - runFrom)
    this.#runFrom = runFrom
  }
}

const costlySigns = ['mergeCell ', 'dataValidation ', 'cfRule ', 'hyperlink '].map((sign) =>
  Buffer.from(sign),
)

function timesIn(piece: Uint8Array, sign: Buffer): number {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
  let times = 0
  for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at + sign.length)) times++
  return times
}

const signsBefore = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d])

/** White space and the sign for UTF-8 may stand before it. */
const beginsAsMarkup = (piece: Uint8Array) => piece.find((byte) => !signsBefore.has(byte)) === less
