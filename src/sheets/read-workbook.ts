import { Worker } from 'node:worker_threads'
import type { Clock } from '#domain/effects.ts'
import type { SheetProblem } from '#domain/sheet-problem.ts'
import { readArchive } from './archive.ts'
import { type SheetLimits, sheetLimits } from './limits.ts'
import type { SheetsRead } from './read-sheets.ts'
import { weightProblem } from './weigh-parts.ts'

/**
 * Reads a workbook from outside: every sheet as text, or what is wrong with the file. It is weighed first, then read in a
 * thread whose memory and time are bounded: a file made to explode ends that thread alone. Nothing in it is computed.
 */
export async function readWorkbook(
  file: Uint8Array,
  clock: Clock,
  limits: SheetLimits = sheetLimits,
): Promise<SheetsRead> {
  const archive = readArchive(file, limits)
  if (!archive.ok) return archive
  const problem = await weightProblem(file, archive.parts, limits)
  return problem ? { ok: false, problem } : readInThread(file, clock, limits)
}

const tooHeavy: SheetProblem = { kind: 'too-heavy' }

async function readInThread(file: Uint8Array, clock: Clock, limits: SheetLimits): Promise<SheetsRead> {
  const { promise, resolve, reject } = Promise.withResolvers<SheetsRead>()
  const thread = new Worker(new URL('./reading-thread.ts', import.meta.url), {
    workerData: { file, limits },
    resourceLimits: { maxOldGenerationSizeMb: limits.threadMegabytes },
  })
  thread.once('message', resolve)
  thread.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ ok: false, problem: tooHeavy })
    else reject(error)
  })
  const waiting = new AbortController()
  clock.sleep(limits.threadMs, waiting.signal).then(
    () => resolve({ ok: false, problem: tooHeavy }),
    () => {},
  )
  try {
    return await promise
  } finally {
    waiting.abort()
    await thread.terminate()
  }
}
