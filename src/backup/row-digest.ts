import { crc32 } from 'node:zlib'

const newline = 10
const sumsTo = 2 ** 48

/**
 * What a table holds, whatever order its rows come in: a database may give them in any. Takes COPY's text in pieces of any
 * size. It finds accidents, not forgers: what the file itself holds is kept by its SHA-256.
 */
export class RowDigest {
  #count = 0
  #sum = 0
  /** Of the row that the last piece has left open. */
  #open = 0

  add(text: Buffer): void {
    let at = 0
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, at)) {
      this.#sum = (this.#sum + mixed(crc32(text.subarray(at, end), this.#open))) % sumsTo
      this.#open = 0
      this.#count++
      at = end + 1
    }
    if (at < text.length) this.#open = crc32(text.subarray(at), this.#open)
  }

  /** Rows so far. */
  get count(): number {
    return this.#count
  }

  /** Twelve hexadecimal digits. */
  get sum(): string {
    return this.#sum.toString(16).padStart(12, '0')
  }
}

/** Checksums of rows that differ alike differ alike: mixed, their sum tells them apart. From 0 to 2³². */
function mixed(checksum: number): number {
  let mixing = checksum ^ (checksum >>> 16)
  mixing = Math.imul(mixing, 0x85ebca6b)
  mixing ^= mixing >>> 13
  mixing = Math.imul(mixing, 0xc2b2ae35)
  // An empty row counts, too.
  return ((mixing ^ (mixing >>> 16)) >>> 0) + 1
}
