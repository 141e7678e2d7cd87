import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Clock } from '#domain/effects.ts'
import { fail } from '#domain/failures.ts'
import { megabytesOf, sheetLimits } from '#sheets/limits.ts'
import { readWorkbook } from '#sheets/read-workbook.ts'
import type { SheetPlan, SheetText } from '#sheets/workbook.ts'
import { writeWorkbook } from '#sheets/write-workbook.ts'

/** The sheets of a workbook file as text. Fails with `sheet.unreadable`. */
export async function readBook(file: string, clock: Clock): Promise<SheetText[]> {
  const read = await readWorkbook(await readBytes(file), clock)
  return read.ok ? read.sheets : fail('sheet.unreadable', { file, problem: read.problem })
}

async function readBytes(file: string): Promise<Uint8Array> {
  const most = sheetLimits.fileBytes
  try {
    const { size } = await stat(file)
    if (size <= most) return await readFile(file)
    return fail('sheet.unreadable', {
      file,
      problem: { kind: 'too-large', megabytes: megabytesOf(size), most: megabytesOf(most) },
    })
  } catch (error) {
    if (!isFromSystem(error)) throw error
    return fail('sheet.unreadable', { file, problem: { kind: 'unreadable', reason: error.code } }, error)
  }
}

/**
 * Writes a workbook whole or not at all, readable by its owner alone: it names people. With `keepAs`, a file that is
 * there already is renamed first, `links.xlsx` to `links-previous.xlsx`; answers its new name. Fails with
 * `sheet.unwritable`.
 */
export async function saveBook(file: string, sheets: SheetPlan[], keepAs?: string): Promise<string | null> {
  const bytes = await writeWorkbook(sheets)
  const draft = `${file}.${process.pid}.tmp`
  try {
    await writeFile(draft, bytes, { mode: 0o600 })
    const kept = keepAs === undefined ? null : await setAside(file, keepAs)
    await rename(draft, file)
    return kept
  } catch (error) {
    await rm(draft, { force: true })
    if (!isFromSystem(error)) throw error
    return fail('sheet.unwritable', { file, reason: error.code }, error)
  }
}

async function setAside(file: string, suffix: string): Promise<string | null> {
  const there = await stat(file).catch(() => null)
  if (!there?.isFile()) return null
  const extension = extname(file)
  const kept = `${file.slice(0, file.length - extension.length)}${suffix}${extension}`
  await rename(file, kept)
  return kept
}

const isFromSystem = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error && 'code' in error && 'syscall' in error
