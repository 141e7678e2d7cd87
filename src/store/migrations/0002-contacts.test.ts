import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../tests/support/database.ts'
import { openDatabase, rowsOf } from '../database.ts'
import { journey } from './0001-journey.ts'
import { contacts } from './0002-contacts.ts'

test('what was known before there was a history begins it', async () => {
  const home = await testDatabase()
  const database = openDatabase(home.config)
  const db = database.kysely
  await journey.up(db)
  await sql`insert into subsidiary (tenant_id, key, name) values (1, 'hq', 'hq')`.execute(db)
  await sql`insert into connection (tenant_id, key, subsidiary_id, platform, corp_id, facts, sealed, secret_print, visibility_max_ms)
    values (1, 'hq-wecom', 1, 'wecom', 'ww1', '{}', '', '', 0)`.execute(db)
  await sql`insert into account (tenant_id, connection_id, key, user_id, name, departments, department_ids, is_active, person_id,
       first_seen_at, gone_at)
    values (1, 1, 'here', 'Here', '张三', '[]', '[]', true, 'p_1', '2026-01-01', null),
           (1, 1, 'gone', 'Gone', '李四', '[]', '[]', true, 'p_2', '2026-01-02', '2026-02-01')`.execute(db)
  await contacts.up(db)
  expect(
    await rowsOf(
      sql`select key, life, since, valid_to is null as open, ended_because as because, opened_by as import
        from account_version order by key`,
      db,
    ),
  ).toEqual([
    {
      ...{ key: 'gone', life: 1, open: false, because: { code: 'not-listed' }, import: 1 },
      since: Temporal.Instant.from('2026-01-02T00:00:00Z'),
    },
    {
      ...{ key: 'here', life: 1, open: true, because: null, import: 1 },
      since: Temporal.Instant.from('2026-01-01T00:00:00Z'),
    },
  ])
  expect(await rowsOf(sql`select key, gone_because as because from account order by key`, db)).toEqual([
    { key: 'gone', because: { code: 'not-listed' } },
    { key: 'here', because: null },
  ])
  await database.close()
  await home.drop()
})
