import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../tests/support/database.ts'
import { openDatabase, rowsOf } from '../database.ts'
import { journey } from './0001-journey.ts'
import { contacts } from './0002-contacts.ts'
import { acts } from './0004-acts.ts'
import { resolution } from './0005-resolution.ts'
import { words } from './0012-words.ts'

test('who parted a pair is known from the act that did; of one nobody wrote down it is not', async () => {
  const home = await testDatabase()
  const database = openDatabase(home.config)
  const db = database.kysely
  for (const migration of [journey, contacts, acts, resolution]) await migration.up(db)
  await sql`insert into subsidiary (tenant_id, key, name) values (1, 'hq', 'hq')`.execute(db)
  for (const [key, platform] of [
    ['hq-dingtalk', 'dingtalk'],
    ['hq-wecom', 'wecom'],
  ])
    await sql`insert into connection (tenant_id, key, subsidiary_id, platform, corp_id, facts, sealed, secret_print, visibility_max_ms)
      values (1, ${key}, 1, ${platform}, ${key}, '{}', '', '', 0)`.execute(db)
  await sql`insert into route (tenant_id, key, dingtalk_id, wecom_id, direction, since, scope, quiet_hours)
    values (1, 'hq', 1, 2, 'dingtalk-to-wecom', '2026-01-01', '{}', '[]')`.execute(db)
  await sql`insert into parted_pair (tenant_id, route_id, source_key, target_key, parted_at)
    values (1, 1, 'a', 'x', now()), (1, 1, 'b', 'y', now())`.execute(db)
  const pair = { route_id: 1, source_key: 'a', target_key: 'x', parted_at: '2026-02-01T00:00:00+00:00' }
  await sql`insert into identity_act (tenant_id, at, actor, kind, subject, before, after)
    values (1, now(), 'hr', 'unlink', '', '{}', ${JSON.stringify({ parted_pair: [pair] })}::jsonb)`.execute(
    db,
  )
  await words.up(db)
  expect(
    await rowsOf(sql`select source_key as key, parted_by as by from parted_pair order by 1`, db),
  ).toEqual([
    { key: 'a', by: 'hr' },
    { key: 'b', by: null },
  ])
  await database.close()
  await home.drop()
})
