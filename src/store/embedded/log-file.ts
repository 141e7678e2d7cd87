import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

const largestLog = 4 * 1024 * 1024
const tailBytes = 4096
const tailLines = 6

/** The last lines of the server's log that say something; '' where there is none. */
export function readTail(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, tailBytes))
      readSync(file, bytes, 0, bytes.length, size - bytes.length)
      const lines = bytes
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
      return lines.slice(-tailLines).join('\n')
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

/** Keeps the log and one older one, 4 MiB each. The server appends, so it may be emptied while it runs. */
export function boundLog(path: string): void {
  try {
    if (statSync(path).size <= largestLog) return
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  } catch {
    // no log yet, or no room to keep an older one: neither is worth stopping for
  }
}
