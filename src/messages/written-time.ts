/** `2026-03-04T09:00:00+08:00` as sentences have it: `2026-03-04 09:00`. */
export const minuteOf = (at: string): string => at.slice(0, 16).replace('T', ' ')
