import { parentPort, workerData } from 'node:worker_threads'
import type { SheetLimits } from './limits.ts'
import { readSheets } from './read-sheets.ts'

/** What `readWorkbook` runs in a thread of its own. */
const { file, limits } = workerData as { file: Uint8Array; limits: SheetLimits }
parentPort?.postMessage(await readSheets(file, limits))
