/** `p50`, `p95` and the most of these, seconds with two digits, from milliseconds. */
export function percentiles(values: readonly number[]): { p50: string; p95: string; most: string } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const ms = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
    return ms === undefined ? '–' : (ms / 1000).toFixed(2)
  }
  return { p50: at(0.5), p95: at(0.95), most: at(1) }
}
