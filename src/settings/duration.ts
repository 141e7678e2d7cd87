const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const part = /(\d+)(ms|s|m|h|d)/g

/** `90s`, `15m`, `2h`, `1d`, `1h30m` in milliseconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim()
  if (!/^(?:\d+(?:ms|s|m|h|d))+$/.test(trimmed)) return null
  let total = 0
  for (const [, amount, unit] of trimmed.matchAll(part)) total += Number(amount) * (units[unit!] ?? 0)
  return Number.isSafeInteger(total) ? total : null
}

/** Milliseconds as the shortest text `parseDuration` reads back: `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms))
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = units[unit]!
    const amount = Math.floor(rest / size)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * size
  }
  return text === '' ? '0s' : text
}
