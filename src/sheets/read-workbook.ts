import { Worker } from 'node:worker_threads'
import { archiveProblem } from './archive.ts'
import { type SheetLimits, sheetLimits } from './limits.ts'
import type { SheetsRead } from './read-sheets.ts'

/**
 * Reads a workbook from outside: every sheet as text, or what is wrong with the file. It is read in a thread whose
 * memory is bounded, so that a file made to explode ends that thread alone. Nothing in it is computed or run.
 */
export async function readWorkbook(file: Uint8Array, limits: SheetLimits = sheetLimits): Promise<SheetsRead> {
  const refused = archiveProblem(file, limits)
  return refused ? { ok: false, problem: refused } : readInThread(file, limits)
}

function readInThread(file: Uint8Array, limits: SheetLimits): Promise<SheetsRead> {
  const { promise, resolve, reject } = Promise.withResolvers<SheetsRead>()
  const thread = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: { file, limits },
    resourceLimits: { maxOldGenerationSizeMb: limits.threadMegabytes },
  })
  thread.once('message', resolve)
  thread.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ ok: false, problem: { kind: 'too-heavy' } })
    else reject(error)
  })
  return promise
}
