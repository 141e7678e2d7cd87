import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * Who may import whom: a folder of src, a file of one, or `*`. A folder may always import itself and the domain,
 * unless `strict`. `packages` is what it may take from npm; absent, anything.
 */
const mayImport: Record<string, { ours: string[]; packages?: string[]; strict?: true }> = {
  // Pure tables, as good as our own.
  domain: { ours: [], packages: ['pinyin-pro'] },
  settings: { ours: [] },
  messages: { ours: [], packages: [] },
  store: { ours: [] },
  engine: { ours: ['store'] },
  // The one door to Excel: `sheets` alone may use hucre.
  sheets: { ours: ['messages'], packages: ['hucre'] },
  platforms: { ours: [] },
  journey: { ours: ['store', 'engine', 'platforms/platform.ts'] },
  // The second reading of the manual: the shapes are shared, never our logic.
  sandbox: {
    ours: [
      'platforms/dingtalk/wire.ts',
      'platforms/dingtalk/notices/wire.ts',
      'platforms/dingtalk/stream/wire.ts',
      'platforms/wecom/wire.ts',
      'platforms/wecom/notices/wire.ts',
    ],
    packages: ['zod', 'ws'],
    strict: true,
  },
  http: {
    ours: ['store', 'engine', 'journey', 'messages', 'settings', 'platforms/platform.ts', 'app.ts', 'app'],
  },
  cli: {
    ours: [
      'store',
      'engine',
      'journey',
      'messages',
      'settings',
      'platforms/platform.ts',
      'app.ts',
      'app',
      'http',
      'sheets',
    ],
  },
  simulation: {
    ours: [
      'app.ts',
      'app',
      'engine',
      'sandbox',
      'store',
      'journey',
      'cli/operations.ts',
      'platforms/ports.ts',
      'platforms/punctual.ts',
    ],
  },
  app: { ours: ['*'] },
  'app.ts': { ours: ['*'] },
  'open-app.ts': { ours: ['*'] },
  'open-backups.ts': { ours: ['settings', 'store', 'backup', 'app'] },
  backup: { ours: ['store'] },
  'back-up.ts': { ours: ['settings', 'store', 'backup', 'open-seal.ts'] },
  'open-seal.ts': { ours: ['store'] },
  'rotate-key.ts': { ours: ['settings', 'store', 'open-seal.ts'] },
  'this-machine.ts': { ours: [] },
  'main.ts': { ours: ['*'] },
}

/** Packages that these files or folders alone may use. */
const onlyDoor: Record<string, string[]> = {
  hucre: ['sheets/'],
  'fast-xml-parser': ['platforms/wecom/read-xml.ts'],
  // the Stream has two ends: ours, and the sandbox's
  'pg-copy-streams': ['backup/'],
  'pg-boss': ['engine/wake-ups.ts', 'simulation/world/wake-ups-in-hand.ts'],
  nodemailer: ['platforms/channels/smtp.ts'],
  ws: ['platforms/dingtalk/stream/', 'sandbox/server-stream.ts'],
}

/** Time, chance and the environment come in by the door; these files are the door. */
const doors = [
  'cli/',
  'main.ts',
  'open-app.ts',
  'settings/',
  'store/embedded/',
  'store/home.ts',
  'store/silent-connection.ts',
  'this-machine.ts',
  'sandbox/server',
  'simulation/virtual-clock.ts',
  'simulation/world/virtual-time.ts',
]
const effects = [
  { what: 'the time', pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bTemporal\.Now\b|\bperformance\.now\b/ },
  { what: 'chance', pattern: /\bMath\.random\b/ },
  { what: 'a timer', pattern: /\bset(?:Timeout|Interval|Immediate)\b|\bnode:timers/ },
  { what: 'the environment', pattern: /\bprocess\.env\b/ },
]

/** Folders in which an order is the meaning, so that names may begin with a number. */
const numbered = ['journey/', 'store/migrations/']
const mostLines = 400
const mostTestLines = 600 // a test's tables are read row by row

/** What is wrong with one file of src, `path` being relative to src. */
function faultsOf(path: string, source: string): string[] {
  const code = withoutComments(source)
  const faults = [...nameFaults(path), ...exportFaults(path, code)]
  const lines = source.split('\n').length - 1
  const most = isTest(path) ? mostTestLines : mostLines
  if (lines > most) faults.push(`${path} has ${lines} lines (at most ${most})`)
  if (isTest(path)) return faults
  for (const wanted of importsOf(code)) faults.push(...importFaults(path, wanted))
  if (doors.some((door) => path.startsWith(door))) return faults
  const bare = withoutStrings(code)
  for (const { what, pattern } of effects)
    if (pattern.test(bare)) faults.push(`${path} asks for ${what} itself`)
  return faults
}

function nameFaults(path: string): string[] {
  const faults = []
  if (basename(path) === 'index.ts') faults.push(`${path} is a barrel: an import names the defining file`)
  const isNumbered = path.split('/').some((part) => /^\d/.test(part))
  if (isNumbered && !numbered.some((folder) => path.startsWith(folder)))
    faults.push(`${path} begins with a number`)
  if (!/^[a-z0-9/.-]+$/.test(path)) faults.push(`${path} is not kebab-case`)
  return faults
}

function exportFaults(path: string, code: string): string[] {
  const faults = []
  if (/^\s*export\s+default\b|\bas default\b/m.test(code)) faults.push(`${path} has a default export`)
  if (/^\s*export\s*\*/m.test(code)) faults.push(`${path} exports what others define`)
  return faults
}

function importFaults(path: string, wanted: string): string[] {
  const from = placeOf(path)
  const rule = mayImport[from]
  if (!rule) return [`${path}: the import table has no line for ${from}`]
  if (wanted.startsWith('node:')) return []
  if (!/^[.#]/.test(wanted)) {
    const name = wanted
      .split('/')
      .slice(0, wanted.startsWith('@') ? 2 : 1)
      .join('/')
    const isAtDoor = onlyDoor[name]?.some((door) => path.startsWith(door)) ?? true
    return isAtDoor && (!rule.packages || rule.packages.includes(name))
      ? []
      : [`${path} may not import the package ${name}`]
  }
  const target = wanted.startsWith('#') ? wanted.slice(1) : posix.join(dirname(path), wanted)
  if (!target.endsWith('.ts')) return [`${path} imports ${wanted}: name the .ts file`]
  if (isTest(target)) return [`${path} may not import ${target}: it is for tests`]
  const to = placeOf(target)
  const isAllowed =
    from === to ||
    (to === 'domain' && !rule.strict) ||
    rule.ours.some((allowed) => allowed === '*' || allowed === to || allowed === target)
  return isAllowed ? [] : [`${path} may not import ${target}`]
}

/** The folder of src a file is in, or its own name where it stands at the top. */
const placeOf = (path: string): string => path.split('/')[0] ?? path
/** Tests and what only they use. */
const isTest = (path: string): boolean => /(?:\.test|[/-]testing|\/test-[a-z-]+)\.ts$/.test(path)

function importsOf(code: string): string[] {
  const statements = code.matchAll(/(?:^|[;\n])\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g)
  const bare = code.matchAll(/(?:^|[;\n])\s*import\s*['"]([^'"]+)['"]/g)
  const dynamic = code.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]/g)
  return [...statements, ...bare, ...dynamic].map(([, wanted = '']) => wanted)
}

const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
const withoutComments = (source: string) =>
  source.replace(tokens, (token) => (token.startsWith('/') ? ' ' : token))
/** Template texts stay: code stands in them. */
const withoutStrings = (code: string) =>
  code.replace(tokens, (token) => (token.startsWith('`') ? token : "''"))

const root = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(ts|tsx|js)$/.test(path),
)

test('every file of src keeps to the layout, the import table and the doors', () => {
  const faults = files.flatMap((path) => faultsOf(path, readFileSync(join(root, path), 'utf8')))
  expect(files.length).toBeGreaterThan(20) // an empty walk would keep every rule
  expect(faults).toEqual([])
})

test.for([
  {
    when: 'the domain imports the store',
    path: 'domain/a.ts',
    source: "import { a } from '#store/people.ts'",
  },
  { when: 'the domain imports a package', path: 'domain/a.ts', source: "import { z } from 'zod'" },
  {
    when: 'the store climbs out',
    path: 'store/a.ts',
    source: "import type { Lane } from '../engine/lane.ts'",
  },
  { when: 'Excel is used past its door', path: 'cli/a.ts', source: "import { readXlsx } from 'hucre/xlsx'" },
  {
    when: 'the journey knows a platform',
    path: 'journey/1-a.ts',
    source: "import { x } from '#platforms/wecom/limits.ts'",
  },
  {
    when: 'the sandbox borrows our logic',
    path: 'sandbox/a.ts',
    source: "import { x } from '#platforms/wecom/to-domain.ts'",
  },
  {
    when: 'the sandbox borrows our words',
    path: 'sandbox/a.ts',
    source: "import { x } from '#domain/punch.ts'",
  },
  { when: 'it is imported later', path: 'engine/a.ts', source: "const a = await import('#http/server.ts')" },
  { when: 'it is handed on', path: 'engine/a.ts', source: "export {\n  a,\n  b,\n} from '#http/server.ts'" },
  {
    when: 'an import runs over lines',
    path: 'engine/a.ts',
    source: "import {\n  a,\n  type B,\n} from '#cli/main.ts'",
  },
  {
    when: 'an import hides behind a comment',
    path: 'engine/a.ts',
    source: "/* ' */ import { a } from '#cli/main.ts'",
  },
  { when: 'an import names no file', path: 'engine/a.ts', source: "import { a } from '#store/people'" },
  {
    when: 'the product uses what is for tests',
    path: 'store/a.ts',
    source: "import { a } from './testing.ts'",
  },
  { when: 'a folder is not in the table', path: 'util/a.ts', source: "import { a } from './b.ts'" },
  { when: 'there is a barrel', path: 'store/index.ts', source: '' },
  { when: 'all of a file is exported again', path: 'store/a.ts', source: "export * from './b.ts'" },
  { when: 'there is a default export', path: 'store/a.ts', source: 'export default function a() {}' },
  { when: 'a file is very long', path: 'store/a.ts', source: 'a\n'.repeat(mostLines + 1) },
  { when: 'a number leads a name', path: 'store/1-a.ts', source: '' },
  { when: 'a name is not kebab-case', path: 'store/myFile.ts', source: '' },
  { when: 'the clock is read', path: 'engine/a.ts', source: 'const a = Date.now()' },
  { when: 'the date is made', path: 'engine/a.ts', source: 'const a = new Date()' },
  {
    when: 'the clock is read in a text',
    path: 'engine/a.ts',
    source: `const a = \`\${Temporal.Now.instant()}\``,
  },
  { when: 'dice are rolled', path: 'platforms/a.ts', source: 'const a = Math.random()' },
  { when: 'a timer is set', path: 'journey/1-a.ts', source: 'setTimeout(() => {}, 5)' },
  { when: 'the environment is read', path: 'store/a.ts', source: "const a = process.env['HOME']" },
])('it is seen when $when', ({ path, source }) => {
  expect(faultsOf(path, source)).toHaveLength(1)
})

test.for([
  { when: 'words stand in a comment', path: 'engine/a.ts', source: '// not Date.now() nor Math.random()' },
  { when: 'words stand in a string', path: 'engine/a.ts', source: "const a = 'process.env'" },
  { when: 'a date is made of something', path: 'engine/a.ts', source: 'const a = new Date(0)' },
  { when: 'the domain is asked', path: 'store/a.ts', source: "import { a } from '#domain/ids.ts'" },
  { when: 'a neighbour is asked', path: 'store/a.ts', source: "import { a } from './b.ts'" },
  {
    when: 'the sandbox takes a shape',
    path: 'sandbox/wecom/a.ts',
    source: "import type { a } from '#platforms/wecom/wire.ts'",
  },
  { when: 'the door is the door', path: 'cli/main.ts', source: 'const now = Temporal.Now.instant()' },
  { when: 'order is the meaning', path: 'store/migrations/0001-journey.ts', source: '' },
])('nothing is said when $when', ({ path, source }) => {
  expect(faultsOf(path, source)).toEqual([])
})
