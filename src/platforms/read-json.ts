/** A JSON object from outside, as far as it can be read. */
export type JsonRead =
  | { ok: true; value: Record<string, unknown> }
  | { ok: false; because: 'malformed' | 'too-deep' }

/** Reads one JSON object that is nested at most `depth` deep; the depth is counted before anything is built. */
export function readJsonObject(text: string, depth: number): JsonRead {
  if (depthOf(text) > depth) return { ok: false, because: 'too-deep' }
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return { ok: true, value }
  } catch {}
  return { ok: false, because: 'malformed' }
}

/** A JSON object: neither null nor a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How deep brackets stand in each other outside of texts. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInText = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (isInText) {
      if (char === '\\') i++
      else if (char === '"') isInText = false
    } else if (char === '"') isInText = true
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth)
    else if (char === '}' || char === ']') depth--
  }
  return deepest
}
