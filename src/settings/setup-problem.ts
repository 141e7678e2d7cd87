/**
 * What is wrong with one place of a setup file. The same shape as `SetupProblem` of domain/failures.ts, written out
 * here because settings imports nothing of ours; the compiler compares the two where a refusal is built.
 * `expected` is a word of `Expected`, or `one of a | b | c`. Values of secrets are never repeated.
 */
export type Problem =
  | { kind: 'syntax'; text: string }
  | { kind: 'unknown-key'; key: string; suggestion: string | null; known: string[] }
  | { kind: 'missing'; key: string; example: string }
  | { kind: 'bad-value'; value: string; expected: string; example: string }
  | { kind: 'duplicate-id'; id: string; firstLine: number }
  | { kind: 'dangling'; id: string; what: string; suggestion: string | null; known: string[] }
  | { kind: 'missing-environment'; name: string }

/** Kinds of value a setup file may hold; messages/ has a sentence for each. */
export const expectations = [
  'mapping',
  'list',
  'text',
  'own-id',
  'duration',
  'date',
  'url',
  'hours',
  'edition',
  'two-connections',
  'one-of-each-platform',
  'same-platform-as-before',
  'environment-name',
  'outward-url',
  'mail-address',
  'port',
  'no-password-in-clear',
] as const
export type Expected = (typeof expectations)[number]

/** A problem and where it stands: 1-based line and column, and a path like `connections[0].corpId`. */
export type Issue = { line: number; column: number; path: string; problem: Problem }
