/** What an event may name at most: more is a sweep's work anyway. Ids of both platforms have at most 64 bytes. */
export const hintBounds = { ids: 1_000, idLength: 64 } as const

/**
 * The user ids among `found`, once each: texts and numbers as text. What could not be an id is dropped, so that a hint
 * can always be kept: empty, too long, with control characters, or half a character.
 */
export function userIdsIn(found: unknown): string[] {
  const list = Array.isArray(found) ? found : [found]
  const ids = new Set<string>()
  for (const one of list) {
    const id = typeof one === 'number' && Number.isSafeInteger(one) ? String(one) : one
    if (typeof id !== 'string') continue
    const trimmed = id.trim()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const isOdd = trimmed === '' || trimmed.length > hintBounds.idLength || /[\0-\x1f\x7f]/.test(trimmed)
    if (!isOdd && trimmed.isWellFormed()) ids.add(trimmed)
    if (ids.size >= hintBounds.ids) break
  }
  return [...ids]
}
