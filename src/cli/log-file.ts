import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Secrets and mobiles may hide in an unexpected error's text: what could be one never reaches the file. */
const secretive =
  /((?:access_?token|secret|corpsecret|appsecret|password|token|aes_?key)["']?\s*[=:]\s*["']?)[^\s"'&,}]+|(:\/\/[^:/\s]*:)[^@/\s]+(?=@)/gi
const mobile = /(?<!\d)1[3-9]\d{5}(\d{4})(?!\d)/g
export const scrubbed = (text: string): string =>
  text
    .replace(secretive, (_, name?: string, scheme?: string) => `${name ?? scheme}***`)
    .replace(mobile, '*******$1')

/** Appends an unexpected error, whole, to `<home>/logs/qintong.log`. Never throws: it is the last thing that can be done. */
export async function writeBug(
  home: string | null,
  { reference, error, at }: { reference: string; error: unknown; at: Temporal.Instant },
): Promise<void> {
  if (home === null) return
  try {
    const folder = join(home, 'logs')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const line = { at: at.toString(), level: 'error', reference, error: scrubbed(wholeOf(error)) }
    await appendFile(join(folder, 'qintong.log'), `${JSON.stringify(line)}\n`, { mode: 0o600 })
  } catch {
    // A full or read-only disk: the reference still stands in the words.
  }
}

/** Stacks of the error and of everything that caused it. */
function wholeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  const more = error.cause === undefined || depth > 4 ? '' : `\ncaused by: ${wholeOf(error.cause, depth + 1)}`
  return own + more
}
