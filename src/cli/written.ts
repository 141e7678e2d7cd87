import type { Messages } from '#messages/zh.ts'
import type { CallCounts } from './operations.ts'

/** `2026-11-01T08:30:00+08:00` as people read it. */
export const shortTime = (text: string): string => text.slice(0, 19).replace('T', ' ')

/** Milliseconds as people say them: `5.1 秒`, `2 分 3 秒`, `1 小时 2 分`. */
export function spokenDuration(ms: number, { units }: Messages['cli']): string {
  if (ms < 59_950) {
    const seconds = ms / 1000
    return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} ${units.second}`
  }
  const seconds = Math.round(ms / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return hours > 0
    ? `${hours} ${units.hour} ${minutes} ${units.minute}`
    : `${minutes} ${units.minute} ${seconds % 60} ${units.second}`
}

/** `钉钉 listRecord 3；企业微信 getcheckindata 4`. */
export function spokenCalls(
  calls: CallCounts,
  { platform, none, listSeparator }: Messages['reports'],
): string {
  const parts = Object.entries(calls).flatMap(([name, counts]) => {
    const used = Object.entries(counts).filter(([, count]) => count > 0)
    return used.length > 0
      ? [`${platform(name)} ${used.map(([api, count]) => `${api} ${count}`).join(listSeparator)}`]
      : []
  })
  return parts.length > 0 ? parts.join('; ') : none
}

/** `无效 10、回流 2`; what is zero is left out. */
export const spokenCounts = (
  counts: Record<string, number | undefined>,
  names: Record<string, string>,
  separator: string,
): string =>
  Object.entries(counts)
    .filter(([, count]) => count)
    .map(([key, count]) => `${names[key] ?? key} ${count}`)
    .join(separator)

/** An edition, what it grants, and what it costs more a year, in yuan. */
export const spokenEdition = (
  offer: { edition: readonly string[]; meteredCalls: number; yearlyFen: number | null },
  words: Messages['editions'],
): string =>
  words.offer(
    words.name(offer.edition),
    offer.meteredCalls,
    offer.yearlyFen === null ? null : (offer.yearlyFen / 100).toFixed(offer.yearlyFen % 100 === 0 ? 0 : 2),
  )

/** One CSV record (RFC 4180). A cell that a spreadsheet would run as a formula is made text. */
export const csvRow = (cells: readonly string[]): string =>
  `${cells
    .map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`
