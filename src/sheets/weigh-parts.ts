import { createInflateRaw } from 'node:zlib'
import type { SheetProblem } from '#domain/sheet-problem.ts'
import type { Part } from './archive.ts'
import { rowsWithin, type SheetLimits } from './limits.ts'
import { MarkupScan } from './markup-scan.ts'

/**
 * Why a workbook would cost too much to read, found by unpacking it piece by piece and counting, which takes a second or
 * two and next to no memory: a reader that builds trees of it would need minutes before it could say so.
 */
export async function weightProblem(
  file: Uint8Array,
  parts: readonly Part[],
  limits: SheetLimits,
): Promise<SheetProblem | null> {
  let tags = 0
  for (const part of parts) {
    if (part.packedBytes === 0) continue
    const mostTags = mostTagsOf(part.name, limits)
    const scan = new MarkupScan()
    try {
      for await (const piece of unpacked(file, part)) {
        scan.see(piece)
        if (scan.bytes > part.unpackedBytes) return { kind: 'damaged' }
        if (scan.tags > mostTags || scan.costly > limits.otherTags || tags + scan.tags > limits.tags)
          return { kind: 'too-many-cells', rows: rowsWithin(limits) }
        if (scan.isMarkup && scan.longestRun > limits.runBytes)
          return { kind: 'text-too-long', most: limits.runBytes / 1024 }
      }
    } catch (error) {
      if (isFromZlib(error)) return { kind: 'damaged' }
      throw error
    }
    tags += scan.tags
  }
  return null
}

const pieceBytes = 256 * 1024

async function* unpacked(
  file: Uint8Array,
  { dataAt, packedBytes, isStored }: Part,
): AsyncIterable<Uint8Array> {
  const packed = file.subarray(dataAt, dataAt + packedBytes)
  if (isStored) {
    yield packed
    return
  }
  const inflate = createInflateRaw({ chunkSize: pieceBytes })
  inflate.end(packed)
  yield* inflate
}

function mostTagsOf(name: string, { tags, textTags, otherTags }: SheetLimits): number {
  if (/^xl\/worksheets\//i.test(name)) return tags
  return /^xl\/sharedStrings/i.test(name) ? textTags : otherTags
}

const isFromZlib = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
