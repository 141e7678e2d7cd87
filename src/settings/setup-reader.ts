import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type YAMLMap,
} from 'yaml'
import type { Expected, Issue, Problem } from './setup-problem.ts'
import { suggest } from './suggest.ts'

/** Kinds of thing that have an id of ours. */
export type Kind = 'subsidiary' | 'connection' | 'route' | 'channel'

/** One walk through a document: what was found on the way. Problems are collected, never thrown. */
export type Reading = {
  doc: Document
  lines: LineCounter
  env: Readonly<Record<string, string | undefined>>
  issues: Issue[]
  /** Ids of the file and the lines they stand on. */
  ids: Record<Kind, Map<string, number>>
  /** Ids applied earlier. */
  applied: Record<Kind, ReadonlySet<string>>
  /** The platform of every connection, applied or of this file. */
  platforms: Map<string, string>
  /** Pairs of connections and explicit links seen so far, each with its line; 0: applied earlier. */
  pairs: Map<string, number>
  /** Routes applied earlier: their pair, and the route it belongs to. */
  appliedPairs: ReadonlyMap<string, string>
  /** What can be said only when the whole file was read. */
  atTheEnd: (() => void)[]
  /** Aliases still allowed: a few are a convenience, thousands are an attack. */
  aliasesLeft: number
}

/** Where a reader stands: the node's path, and a character to point at when there is no node. */
export type Spot = { path: string; offset: number }

/** Reads one node; undefined when it is wrong, and then the problem is in `reading.issues`. */
export type Reader<T> = (node: unknown, spot: Spot, reading: Reading) => T | undefined

type Field<T> = { read: Reader<T>; example: string; preset: (() => T) | null }
type Fields = Record<string, Field<unknown>>
type Read<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** A key that must be there. */
export const required = <T>(read: Reader<T>, example: string): Field<T> => ({ read, example, preset: null })
/** A key that may be absent or empty; `preset` stands in for it. */
export const optional = <T, P>(read: Reader<T>, preset: P): Field<T | P> => ({
  read: read as Reader<T | P>,
  example: '',
  preset: () => preset,
})

// `${NAME}` stands in private-use brackets while YAML is read, so that it may also be written unquoted inside { }.
const open = '\uE000'
const close = '\uE001'
/** Same length as before, so lines and columns stay true. */
export const hideVariables = (text: string): string =>
  text.replace(/\$\{([A-Za-z_]\w*)\}/g, (_, name) => `$${open}${name}${close}`)
const showVariables = (text: string) => text.replaceAll(open, '{').replaceAll(close, '}')
const variable = new RegExp(`\\$${open}(\\w+)${close}`, 'g')

/** Notes a problem at a character of the file. */
export function report(reading: Reading, offset: number, path: string, problem: Problem): undefined {
  const { line, col } = reading.lines.linePos(offset)
  reading.issues.push({ line: Math.max(1, line), column: Math.max(1, col), path, problem })
}

/** The line of a character, 1-based. */
export const lineOf = (reading: Reading, offset: number): number => reading.lines.linePos(offset).line

/** Where a node starts; the spot's own character when it has no place. */
export const offsetOf = (node: unknown, spot: Spot): number =>
  (node as Node | null)?.range?.[0] ?? spot.offset

/** Follows an alias; undefined (reported) when it leads nowhere or there are too many of them. */
export function follow(node: unknown, spot: Spot, reading: Reading): unknown {
  if (!isAlias(node)) return node
  const wrong = (text: string) => report(reading, offsetOf(node, spot), spot.path, { kind: 'syntax', text })
  if (reading.aliasesLeft-- <= 0) return wrong('RESOURCE_EXHAUSTION')
  return node.resolve(reading.doc) ?? wrong('BAD_ALIAS')
}

/** Absent, or written as nothing at all: `key:` or `key: ~`. */
export const isEmpty = (node: unknown): boolean =>
  node === undefined ||
  node === null ||
  (isScalar(node) && node.type === 'PLAIN' && (node.source === '' || node.source === '~'))

/** What a wrong value is called in a message. */
export const shown = (node: unknown): string => {
  if (isScalar(node)) return cut(showVariables(node.source ?? String(node.value)))
  return isMap(node) ? '{ … }' : isSeq(node) ? '[ … ]' : ''
}
const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** Reports a value that is not what it should be. */
export const refuse = (
  node: unknown,
  spot: Spot,
  reading: Reading,
  expected: Expected | `one of ${string}`,
  example: string,
  value = shown(node),
): undefined =>
  report(reading, offsetOf(node, spot), spot.path, { kind: 'bad-value', value, expected, example })

/**
 * Text as it stands in the file, whatever YAML takes it for: 007, true and 1e3 stay what they look like.
 * `${NAME}` is replaced from the environment.
 */
export function text(example: string, { isSecret = false } = {}): Reader<string> {
  return (raw, spot, reading) => {
    const node = follow(raw, spot, reading)
    if (node === undefined && raw !== undefined) return undefined
    const value = isSecret && isScalar(node) ? '***' : shown(node)
    if (!isScalar(node)) return refuse(node, spot, reading, 'text', example, value)
    const source = node.source ?? String(node.value)
    const missing = [...source.matchAll(variable)]
      .map((found) => found[1]!)
      .filter((name) => !reading.env[name])
    for (const name of missing)
      report(reading, offsetOf(node, spot), spot.path, { kind: 'missing-environment', name })
    if (missing.length > 0) return undefined
    if (source.includes('${')) return refuse(node, spot, reading, 'environment-name', `$\{HQ_SECRET}`, value)
    const resolved = source.replace(variable, (_, name) => reading.env[name]!).trim()
    return resolved === '' ? refuse(node, spot, reading, 'text', example, value) : resolved
  }
}

/** Text that `parse` understands; null from it is a bad value. */
export function parsed<T>(
  parse: (text: string) => T | null,
  expected: Expected | `one of ${string}`,
  example: string,
): Reader<T> {
  const readText = text(example)
  return (node, spot, reading) => {
    const value = readText(node, spot, reading)
    if (value === undefined) return undefined
    const result = parse(value)
    return result === null ? refuse(node, spot, reading, expected, example) : result
  }
}

/** One of a few words. */
export const oneOf = <const W extends string>(words: readonly W[]): Reader<W> =>
  parsed((value) => words.find((word) => word === value) ?? null, `one of ${words.join(' | ')}`, words[0]!)

/** A list; every element is read even when one is wrong. */
export function list<T>(read: Reader<T>, example: string): Reader<T[]> {
  return (raw, spot, reading) => {
    const node = follow(raw, spot, reading)
    if (node === undefined && raw !== undefined) return undefined
    if (!isSeq(node)) return refuse(node, spot, reading, 'list', example)
    const offset = offsetOf(node, spot)
    const values = node.items.map((item, index) =>
      read(item, { path: `${spot.path}[${index}]`, offset }, reading),
    )
    return values.includes(undefined) ? undefined : (values as T[])
  }
}

/** A mapping with exactly these keys; unknown ones are refused with the nearest known one. */
export function mapping<F extends Fields>(fields: F): Reader<Read<F>> {
  return (raw, spot, reading) => {
    const node = follow(raw, spot, reading)
    if (node === undefined && raw !== undefined) return undefined
    if (!isMap(node)) return refuse(node, spot, reading, 'mapping', `{ ${Object.keys(fields)[0]}: … }`)
    const misspelt = refuseUnknownKeys(node, Object.keys(fields), spot, reading)
    const values: Record<string, unknown> = {}
    let isWhole = true
    for (const [key, field] of Object.entries(fields)) {
      const path = spot.path === '' ? key : `${spot.path}.${key}`
      const value = node.get(key, true)
      if (isEmpty(value)) {
        if (field.preset) values[key] = field.preset()
        else {
          isWhole = false
          // One mistake, one problem: the misspelt key was already named.
          if (misspelt.has(key)) continue
          const example = `${key}: ${field.example}`
          const offset = offsetOf(value, { path, offset: offsetOf(node, spot) })
          report(reading, offset, path, { kind: 'missing', key, example })
        }
        continue
      }
      values[key] = field.read(value, { path, offset: offsetOf(node, spot) }, reading)
      if (values[key] === undefined) isWhole = false
    }
    return isWhole ? (values as Read<F>) : undefined
  }
}

/** Returns the known keys that the unknown ones were taken for. */
function refuseUnknownKeys(node: YAMLMap, known: string[], spot: Spot, reading: Reading): Set<string> {
  const free = known.filter((candidate) => !node.has(candidate))
  const meant = new Set<string>()
  for (const { key } of node.items) {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : '?'
    if (known.includes(name)) continue
    const suggestion = suggest(name, free) ?? suggest(name, known)
    if (suggestion) meant.add(suggestion)
    const path = spot.path === '' ? name : `${spot.path}.${name}`
    const problem = { kind: 'unknown-key', key: cut(showVariables(name)), suggestion, known } as const
    report(reading, offsetOf(key, spot), path, problem)
  }
  return meant
}

const ownIds = /^[a-z0-9][a-z0-9-]{0,39}$/

/** The id of a thing of ours; unique within its kind. */
export function ownId(kind: Kind, example: string): Reader<string> {
  const read = parsed((id) => (ownIds.test(id) ? id : null), 'own-id', example)
  return (node, spot, reading) => {
    const id = read(node, spot, reading)
    if (id === undefined) return undefined
    const firstLine = reading.ids[kind].get(id)
    const offset = offsetOf(node, spot)
    if (firstLine !== undefined)
      return report(reading, offset, spot.path, { kind: 'duplicate-id', id, firstLine })
    reading.ids[kind].set(id, lineOf(reading, offset))
    return id
  }
}

/** The id of another thing of ours, of this file or applied earlier; checked when the whole file was read. */
export function referenceTo(kind: Kind, example: string): Reader<string> {
  const read = text(example)
  return (node, spot, reading) => {
    const id = read(node, spot, reading)
    if (id === undefined) return undefined
    reading.atTheEnd.push(() => {
      const known = [...new Set([...reading.ids[kind].keys(), ...reading.applied[kind]])].sort()
      if (known.includes(id)) return
      const suggestion = suggest(id, known)
      report(reading, offsetOf(node, spot), spot.path, {
        kind: 'dangling',
        id: cut(id),
        what: kind,
        suggestion,
        known,
      })
    })
    return id
  }
}

/** Turns what was read into something else. */
export const mapped =
  <T, U>(read: Reader<T>, to: (value: T) => U): Reader<U> =>
  (node, spot, reading) => {
    const value = read(node, spot, reading)
    return value === undefined ? undefined : to(value)
  }
