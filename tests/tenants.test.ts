import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { foundCompany } from '#simulation/company.ts'
import { retention } from '#store/retention.ts'
import { migratedDatabase } from './support/database.ts'

const store = fileURLToPath(new URL('../src/store', import.meta.url))
const tables = retention.map(({ table }) => table).filter((table) => table !== 'tenant')

/** Statements that look at every tenant on purpose, by words they hold. */
const acrossTenants = [
  // the engine serves everybody's lanes
  'select distinct tenant_id as tenant, dingtalk_id as connection from route order by 1, 2',
  // a platform bans an address, whoever leaves by it
  'select platform, host, max(until) as until from address_ban',
]

/** Statements that name the tenant in a part of their own. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are pieces of source
const throughParts = ['where ${there}', 'update person_pair set ${sql.ref(']
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are pieces of source

/** Every SQL text of a file, with whatever is filled in left as it is. */
const statementsOf = (source: string): string[] =>
  [...source.matchAll(/sql(?:<[^`]*?>)?`((?:[^`\\]|\\.)*)`/g)].map(([, text = '']) =>
    text.replace(/\s+/g, ' '),
  )

test('every statement on a tenant’s table names the tenant', () => {
  const named = new RegExp(`\\b(?:from|join|into|update|using)\\s+(${tables.join('|')})\\b`)
  const faults = readdirSync(store)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) =>
      statementsOf(readFileSync(join(store, file), 'utf8'))
        .filter((text) => named.test(text) && !/tenant/i.test(text))
        .filter((text) => ![...acrossTenants, ...throughParts].some((known) => text.includes(known)))
        .map((text) => `${file}: ${text.slice(0, 120)}`),
    )
  expect(faults).toEqual([])
})

test('two groups with the same file and the same ids share a database and nothing else', {
  timeout: 60_000,
}, async () => {
  const home = await migratedDatabase()
  const ask = { database: home.config, seed: 5, people: 8, days: 2, style: 'sample' as const }
  const [one, other] = [await foundCompany(ask), await foundCompany(ask)]
  const span = {
    from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
    to: Temporal.Instant.from('2026-12-31T00:00:00Z'),
  }
  const known = async (company: typeof one) => {
    const process = await company.process()
    const punches = []
    for await (const page of process.app.punches(span)) punches.push(...page)
    const seen = {
      punches: punches.length,
      people: (await process.app.people({})).length,
      calls: (await process.app.calls({ failedOnly: false, limit: 1_000 })).length,
      runs: (await process.app.runs({ limit: 100 })).length,
      acts: (await process.app.acts({ limit: 100 })).length,
      completeTo: (await process.app.status()).routes[0]!.completeTo,
      used: (await process.app.status()).routes[0]!.quota[0]!.used,
    }
    await process.stop()
    return seen
  }
  const nothing = { punches: 0, people: 0, calls: 0, runs: 0, acts: 0, completeTo: null, used: 0 }
  const report = await one.sync()
  expect(report.deliveries.written).toBeGreaterThan(0)
  expect(await known(other)).toEqual(nothing)
  const before = await known(one)
  const theirs = await other.sync()
  expect(theirs.punches).toEqual(report.punches)
  expect(await known(one)).toEqual(before)
  expect(await known(other)).toEqual(before)
  await one[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
  await home.drop()
})
