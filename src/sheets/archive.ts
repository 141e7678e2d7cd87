import type { ForeignFormat, SheetProblem } from '#domain/sheet-problem.ts'
import { megabytesOf, type SheetLimits } from './limits.ts'

export type ArchiveRead = { ok: true; parts: Part[] } | { ok: false; problem: SheetProblem }

/**
 * What a workbook consists of, or what is wrong with it before anything is unpacked: no workbook, encrypted, cut off, or
 * larger inside than allowed. Every part's unpacked size must be declared, because the reader stops a part at that.
 */
export function readArchive(file: Uint8Array, limits: SheetLimits): ArchiveRead {
  const parts: Part[] = []
  const problem = problemOf(file, limits, parts)
  return problem ? { ok: false, problem } : { ok: true, parts }
}

function problemOf(file: Uint8Array, limits: SheetLimits, found: Part[]): SheetProblem | null {
  if (file.length > limits.fileBytes)
    return { kind: 'too-large', megabytes: megabytesOf(file.length), most: megabytesOf(limits.fileBytes) }
  if (startsWith(file, ole2)) {
    const isEncrypted = Buffer.from(file.buffer, file.byteOffset, file.length).includes(encryptedPackage)
    return isEncrypted ? { kind: 'encrypted' } : { kind: 'not-a-workbook', looksLike: 'xls' }
  }
  if (!startsWith(file, zip)) return { kind: 'not-a-workbook', looksLike: unpackedFormatOf(file) }
  const parts = partsOf(file, limits.parts)
  if (!parts) return { kind: 'damaged' }
  const looksLike = packedFormatOf(new Set(parts.map((part) => part.name)))
  if (looksLike) return { kind: 'not-a-workbook', looksLike }
  if (parts.some((part) => part.isEncrypted)) return { kind: 'encrypted' }
  if (parts.some((part) => part.isUndeclared)) return { kind: 'damaged' }
  found.push(...parts)
  const unpacked = parts.reduce((sum, part) => sum + part.unpackedBytes, 0)
  return unpacked > limits.unpackedBytes
    ? { kind: 'unpacks-too-large', most: megabytesOf(limits.unpackedBytes) }
    : null
}

const zip = [0x50, 0x4b]
const ole2 = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le')

const startsWith = (file: Uint8Array, magic: number[]) => magic.every((byte, at) => file[at] === byte)

function unpackedFormatOf(file: Uint8Array): ForeignFormat {
  if (file.length === 0) return 'nothing'
  const head = file.subarray(0, 4096)
  const isWide = (file[0] === 0xff && file[1] === 0xfe) || (file[0] === 0xfe && file[1] === 0xff)
  if (!isWide && head.some((byte) => byte < 9)) return 'unknown'
  return /^\s*</.test(new TextDecoder().decode(head)) ? 'html' : 'text'
}

function packedFormatOf(names: Set<string>): ForeignFormat | null {
  if (names.has('word/document.xml')) return 'docx'
  if (names.has('ppt/presentation.xml')) return 'pptx'
  if (names.has('xl/workbook.bin')) return 'xlsb'
  if (names.has('Index/Document.iwa')) return 'numbers'
  if (names.has('content.xml') && names.has('mimetype')) return 'ods'
  return names.has('[Content_Types].xml') ? null : 'zip'
}

export type Part = {
  name: string
  /** Where its bytes begin in the file. */
  dataAt: number
  packedBytes: number
  unpackedBytes: number
  isStored: boolean
  isEncrypted: boolean
  isUndeclared: boolean
}

const endSignature = 0x06054b50
const partSignature = 0x02014b50
const endBytes = 22
const partBytes = 46
const headerBytes = 30
const longestComment = 0xffff
const escaped = 0xffffffff

/** The archive's table of contents; null when it is not whole. Sizes too large for it count as they stand there. */
function partsOf(file: Uint8Array, most: number): Part[] | null {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const end = endOf(view)
  if (end === null) return null
  const count = view.getUint16(end + 10, true)
  if (count > most) return null
  const parts: Part[] = []
  let at = view.getUint32(end + 16, true)
  // A size that is escaped sends the reader to another table of contents, which nobody has looked at.
  if (at === escaped || view.getUint32(end + 12, true) === escaped) return null
  for (let nth = 0; nth < count; nth++) {
    if (at + partBytes > file.length || view.getUint32(at, true) !== partSignature) return null
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const packedBytes = view.getUint32(at + 20, true)
    const declaredBytes = view.getUint32(at + 24, true)
    const nameBytes = view.getUint16(at + 28, true)
    const nameAt = at + partBytes
    const name = new TextDecoder().decode(file.subarray(nameAt, nameAt + nameBytes))
    // A stored part costs what it is, whatever it says of itself.
    const unpackedBytes = method === 0 ? Math.max(packedBytes, declaredBytes) : declaredBytes
    // An empty stream deflates to 2 bytes; a size left to the part's own header is a size nobody declared.
    const isHidden = declaredBytes === 0 && packedBytes > 2
    const isLater = (flags & 8) !== 0 && packedBytes === 0 && !name.endsWith('/')
    const headerAt = view.getUint32(at + 42, true)
    const isLong = packedBytes === escaped || headerAt === escaped
    if (headerAt + headerBytes > file.length && !isLong) return null
    const besideBytes = isLong ? 0 : view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true)
    parts.push({
      name,
      dataAt: headerAt + headerBytes + besideBytes,
      packedBytes,
      unpackedBytes,
      isStored: method === 0,
      isEncrypted: (flags & 1) !== 0,
      isUndeclared: isHidden || isLater || isLong || (method !== 0 && method !== 8),
    })
    at = nameAt + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return parts
}

/** Where the table of contents' own end record is: the last thing in the file but for a comment. */
function endOf(view: DataView): number | null {
  const least = Math.max(0, view.byteLength - endBytes - longestComment)
  for (let at = view.byteLength - endBytes; at >= least; at--)
    if (view.getUint32(at, true) === endSignature) return at
  return null
}
