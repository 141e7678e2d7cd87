import { expect, test } from 'vitest'
import { demoSettings, describeSettings, readSettings, settingsTable } from './settings.ts'

const read = (env: Record<string, string>) => {
  const result = readSettings(env)
  if (!result.ok) throw new Error(result.invalid.what)
  return result.settings
}

test('an empty environment gives the defaults', () => {
  const settings = read({})
  expect(settings).toMatchObject({
    logLevel: 'info',
    port: 3000,
    host: '127.0.0.1',
    callLogDays: 180,
    rawDays: 90,
    pace: 0.8,
    visibilityMaxMs: 2_700_000,
    laneWaitMs: 60_000,
  })
  expect(settings.databaseUrl).toBeUndefined()
})

test('the home is in the checkout, whatever the current folder', () => {
  const before = read({}).home
  const folder = process.cwd()
  try {
    process.chdir('/')
    expect(read({}).home).toBe(before)
    expect(before.endsWith('/data')).toBe(true)
  } finally {
    process.chdir(folder)
  }
})

test('an empty variable counts as absent', () => {
  expect(read({ PACE: '', QINTONG_HOME: '' })).toMatchObject({ pace: 0.8, home: read({}).home })
})

test.for([
  { variable: 'PACE', value: '2' },
  { variable: 'PACE', value: 'fast' },
  { variable: 'LOG_LEVEL', value: 'loud' },
  { variable: 'CONTACTS_MAX_AGE', value: '15' },
  { variable: 'VISIBILITY_MAX', value: '30d' },
  { variable: 'QINTONG_HOME', value: 'data' },
  { variable: 'QINTONG_PORT', value: '70000' },
  { variable: 'CALL_LOG_DAYS', value: '6' },
  { variable: 'QINTONG_PUBLIC_URL', value: 'kaoqin.example.com' },
])('$variable=$value is refused by name, with what to write', ({ variable, value }) => {
  const result = readSettings({ [variable]: value })
  expect(result).toMatchObject({ ok: false, invalid: { variable, what: `${variable}=${value}` } })
  if (!result.ok) expect(result.invalid.instead).toMatch(new RegExp(`^${variable}=.+`))
})

test.for([
  { variable: 'DATABASE_URL', value: 'mysql://root:hunter2@host/db' },
  { variable: 'QINTONG_SECRET_KEY', value: 'hunter2' },
  { variable: 'HTTPS_PROXY', value: 'ftp://me:hunter2@host' },
])('a wrong $variable is named and never repeated', ({ variable, value }) => {
  const result = readSettings({ [variable]: value })
  expect(result).toMatchObject({ ok: false, invalid: { variable, what: variable } })
  expect(JSON.stringify(result)).not.toContain('hunter2')
})

test('every example is itself accepted', () => {
  for (const { variable, example } of Object.values(settingsTable)) {
    const value = example.startsWith('$(') ? Buffer.alloc(32, 7).toString('base64') : example
    expect(readSettings({ [variable]: value }), variable).toMatchObject({ ok: true })
  }
})

test('the demo has a home of its own and never a real database', () => {
  const settings = demoSettings(read({ QINTONG_HOME: '/srv/q', DATABASE_URL: 'postgres://u@h/d' }))
  expect(settings.home).toBe('/srv/q/demo')
  expect(settings.databaseUrl).toBeUndefined()
})

test('people see every variable in both languages, and no path of this machine', () => {
  const variables = Object.values(settingsTable).map(({ variable }) => variable)
  expect(new Set(variables).size).toBe(variables.length)
  for (const lang of ['zh', 'en'] as const) {
    const rows = describeSettings(lang)
    expect(rows.map(({ variable }) => variable)).toEqual(variables)
    for (const { text } of rows) expect(/\p{Script=Han}/u.test(text)).toBe(lang === 'zh')
    expect(JSON.stringify(rows)).not.toContain(process.cwd())
  }
})
