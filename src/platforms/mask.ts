/** Names under which a secret travels: in queries, in JSON, in headers and in what a platform echoes of them. */
const secretName = String.raw`[\w-]*(?:access[_-]?token|secret|ticket|refresh_?token|encodingAesKey)`
const inQuery = new RegExp(String.raw`(${secretName}\s*[=:]\s*)(?!\*\*\*)[^\s&"',;，。\]})]+`, 'gi')
const inJson = new RegExp(String.raw`(\\?"${secretName}\\?"\s*:\s*\\?")(?:[^"\\]|\\(?!"))*`, 'gi')

/**
 * A mainland mobile number, with or without the country and separators; never part of a longer number, so that
 * record ids and timestamps stay readable.
 */
const mobile = /(?<!\d)(?:\+?(?:00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?(\d{4})(?!\d)/g

/**
 * The text without secrets and full mobile numbers: a named secret's value becomes `***`, a mobile keeps its last
 * four digits, and `known` secrets (the connection's own secret and token) vanish wherever they stand.
 */
export function mask(text: string, known: readonly string[] = []): string {
  let masked = text
  // a secret shorter than this cannot be told from an ordinary word; neither platform issues any
  for (const secret of known) if (secret.length >= 6) masked = masked.replaceAll(secret, '***')
  return masked.replace(inJson, '$1***').replace(inQuery, '$1***').replace(mobile, '*******$1')
}

/** The first `length` characters, masked before they are cut, so that no cut can hide a secret from the mask. */
export function excerptOf(text: string, known: readonly string[] = [], length = 160): string {
  const masked = mask(text, known).replace(/\s+/g, ' ').trim()
  return masked.length <= length ? masked : `${masked.slice(0, length - 1)}…`
}
