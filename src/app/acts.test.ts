import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operations } from '#cli/operations.ts'
import { claimTables } from '#domain/claims.ts'
import { type Company, foundCompany } from '#simulation/company.ts'
import { type Database, openDatabase, rowsOf } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts'

let home: TestDatabase
let database: Database
let company: Company
let stop: () => Promise<void>
let app: Operations

/** The sandbox's company with a second subsidiary, whose WeCom no route leads to. */
beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.config)
  await migrate(database)
  company = await foundCompany({ database: home.config, seed: 5, people: 4, setup: withBranch })
  const process = await company.process()
  ;({ app } = process)
  stop = process.stop
  const { signal } = new AbortController()
  for (const connection of ['hq-dingtalk', 'hq-wecom'])
    await app.contacts({ connection, isAccepted: false, signal })
  for (const name of ['u', 'v']) await addToBranch(name)
})

afterAll(async () => {
  await stop()
  await company[Symbol.asyncDispose]()
  await database.close()
  await home.drop()
})

const withBranch = (yaml: string) => {
  const wecom = yaml.slice(yaml.indexOf('  - id: hq-wecom'), yaml.indexOf('\nroutes:'))
  const branch = wecom
    .replace('id: hq-wecom', 'id: branch-wecom')
    .replace('subsidiary: hq', 'subsidiary: branch')
    .replace(/corpId: .*/, 'corpId: wwbranch')
  return yaml
    .replace('  - { id: hq, name: 总部 }', '  - { id: hq, name: 总部 }\n  - { id: branch, name: 分公司 }')
    .replace('\nroutes:', `\n${branch.trimEnd()}\nroutes:`)
}

/** Somebody of the branch, as its roster would bring them. */
const addToBranch = (name: string) =>
  rowsOf(
    sql`insert into account (tenant_id, connection_id, key, user_id, name, departments, department_ids, is_active, person_id, first_seen_at, since)
    select tenant_id, id, ${name}, ${name}, ${name}, '[]', '[]', true, ${`p_${name}`}, now(), now() from connection where key = 'branch-wecom'
    on conflict do nothing`,
    database.kysely,
  )

/** What people have said, to the letter. */
async function said(): Promise<string> {
  const tables = []
  for (const table of claimTables)
    tables.push(
      (
        await rowsOf(
          sql<{
            row: unknown
          }>`select to_jsonb(claim) as row from ${sql.table(table)} as claim order by to_jsonb(claim)::text`,
          database.kysely,
        )
      ).map(({ row }) => row),
    )
  return JSON.stringify(tables)
}

describe('every act', () => {
  const accounts = () => [
    ...company.sandbox.pairs().map(({ dingtalk }) => `hq-dingtalk:${dingtalk}`),
    ...company.sandbox.pairs().map(({ wecom }) => `hq-wecom:${wecom}`),
    'branch-wecom:u',
    'branch-wecom:v',
  ]
  const someAct = fc.record({
    kind: fc.constantFrom('link', 'unlink', 'split', 'confirm'),
    a: fc.nat({ max: 9 }),
    b: fc.nat({ max: 9 }),
  })

  /** Its number; null when it changed nothing or made no sense. */
  const act = async ({ kind, a, b }: { kind: string; a: number; b: number }): Promise<number | null> => {
    const [one, other] = [accounts()[a]!, accounts()[b]!]
    try {
      if (kind === 'link') return (await app.link(one, other)).act
      if (kind === 'confirm') return (await app.confirm(one)).act
      return (await app.unlink(one, kind === 'split' ? other : undefined)).act
    } catch (error) {
      expect(error).toMatchObject({ failure: { code: expect.stringMatching(/^usage\./) } })
      return null
    }
  }

  test('is taken back to the letter, whatever came before; and what was taken back comes back to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someAct, { minLength: 1, maxLength: 6 }), async (asked) => {
        const done: { act: number; before: string; after: string }[] = []
        for (const one of asked) {
          const before = await said()
          company.clock.advance(1_000)
          const number = await act(one)
          const after = await said()
          if (number === null) expect(after).toBe(before)
          else done.push({ act: number, before, after })
        }
        for (const { act: number, before, after } of done.toReversed()) {
          const undone = await app.undo(number)
          expect(await said()).toBe(before)
          const again = await app.undo(undone.act!)
          expect(await said()).toBe(after)
          await app.undo(again.act!)
          expect(await said()).toBe(before)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('stands in the audit with its number and who did it', async () => {
    const { act: number } = await app.link(accounts()[0]!, 'branch-wecom:u')
    expect(
      await rowsOf(
        sql`select actor, act, subject, details from audit order by id desc limit 1`,
        database.kysely,
      ),
    ).toEqual([
      {
        ...{ actor: 'simulation', act: 'merge', details: { act: number } },
        subject: `${accounts()[0]} branch-wecom:u`,
      },
    ])
    await app.undo(number!)
  })
})

describe('two accounts between whom there is no route', () => {
  const ends = () => {
    const [who] = company.sandbox.pairs()
    return [`hq-dingtalk:${who!.dingtalk}`, 'branch-wecom:u'] as const
  }
  const persons = async () => {
    const people = await app.people({})
    return ends().map(
      (name) =>
        people.find(({ accounts }) =>
          accounts.some(({ connection, userId }) => `${connection}:${userId}` === name),
        )!.person,
    )
  }

  test('are one person when somebody says so, and two when it is taken back', async () => {
    const [before, other] = await persons()
    expect(before).not.toBe(other)
    expect(await app.link(...ends())).toMatchObject({ route: null, changed: true, displaced: [] })
    const [one, same] = await persons()
    expect(one).toBe(same)
    expect(await app.link(...ends())).toMatchObject({ changed: false, act: null })
    expect(await app.unlink(...ends())).toMatchObject({ removed: 1, from: [{ userId: 'u' }] })
    const [here, there] = await persons()
    expect(here).not.toBe(there)
  })
})
