import { LineCounter, parseDocument } from 'yaml'
import { channel, type SetupChannel } from './setup-alarms.ts'
import type { Issue } from './setup-problem.ts'
import { hideVariables, list, mapping, optional, type Reading, refuse, report } from './setup-reader.ts'
import {
  connection,
  link,
  pairOf,
  route,
  type SetupConnection,
  type SetupLink,
  type SetupRoute,
  type SetupSubsidiary,
  subsidiary,
} from './setup-schema.ts'

/** A setup.yaml as typed values, in the file's order. Whatever the file does not name is an empty list. */
export type SetupFile = {
  subsidiaries: SetupSubsidiary[]
  connections: SetupConnection[]
  routes: SetupRoute[]
  links: SetupLink[]
  /** Channels for alarms. */
  alarms: SetupChannel[]
}

/** What was applied earlier: a file may refer to it without repeating it. */
export type AppliedSetup = {
  subsidiaries: readonly string[]
  connections: readonly { id: string; platform: 'dingtalk' | 'wecom' }[]
  /** `between`: connection ids, any order. */
  routes: readonly { id: string; between: readonly [string, string] }[]
}

export const nothingApplied: AppliedSetup = { subsidiaries: [], connections: [], routes: [] }

/** The largest file that is read, bytes. */
export const setupFileMaxBytes = 1024 * 1024

const file = mapping({
  subsidiaries: optional(list(subsidiary, '- { id: hq, name: 总部 }'), []),
  connections: optional(list(connection, '- { id: hq-dingtalk, … }'), []),
  routes: optional(list(route, '- { id: hq, … }'), []),
  links: optional(list(link, '- { dingtalk: u001, wecom: zhangsan, on: hq }'), []),
  alarms: optional(list(channel, '- { id: ops, kind: wecom-robot, … }'), []),
})

/**
 * Reads a setup.yaml. Either `setup` is whole and `problems` is empty, or `setup` is null and `problems` holds
 * everything that is wrong, in the file's order. `${NAME}` is taken from `env`; an empty variable is missing.
 */
export function parseSetup(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  applied: AppliedSetup = nothingApplied,
): { setup: SetupFile; problems: [] } | { setup: null; problems: Issue[] } {
  const tooLarge = Buffer.byteLength(text) > setupFileMaxBytes
  if (tooLarge)
    return refused([{ line: 1, column: 1, path: '', problem: { kind: 'syntax', text: 'TOO_LARGE' } }])
  const lines = new LineCounter()
  const doc = parseDocument(hideVariables(text.replace(/^\uFEFF/, '')), {
    lineCounter: lines,
    version: '1.2',
    prettyErrors: false,
    logLevel: 'silent',
  })
  const reading: Reading = {
    doc,
    lines,
    env,
    issues: [],
    ids: { subsidiary: new Map(), connection: new Map(), route: new Map(), channel: new Map() },
    applied: {
      subsidiary: new Set(applied.subsidiaries),
      connection: new Set(applied.connections.map(({ id }) => id)),
      route: new Set(applied.routes.map(({ id }) => id)),
      channel: new Set(),
    },
    platforms: new Map(applied.connections.map(({ id, platform }) => [id, platform])),
    pairs: new Map(),
    appliedPairs: new Map(applied.routes.map(({ id, between }) => [pairOf(between), id])),
    atTheEnd: [],
    aliasesLeft: 100,
  }
  for (const { pos, code } of doc.errors) report(reading, pos[0], '', { kind: 'syntax', text: code })
  if (reading.issues.length > 0) return refused(reading.issues)
  const top = { path: '', offset: 0 }
  if (doc.contents === null) refuse(doc.contents, top, reading, 'mapping', 'routes: [ … ]')
  const setup = doc.contents === null ? undefined : file(doc.contents, top, reading)
  for (const check of reading.atTheEnd) check()
  return setup && reading.issues.length === 0 ? { setup, problems: [] } : refused(reading.issues)
}

const refused = (issues: Issue[]) => ({
  setup: null,
  problems: issues.toSorted((a, b) => a.line - b.line || a.column - b.column),
})
