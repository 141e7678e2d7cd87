import { sql } from 'kysely'
import type { PlatformName, TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'

type Ban = { platform: PlatformName; host: string; until: Temporal.Instant }

/** Bans of one source address; kept with whoever met them, and heeded by every tenant that leaves by it. */
export const addressBans = (
  db: Executor,
  ask: { tenant: TenantId; address: string; now: () => Temporal.Instant },
) => ({
  read: (): Promise<Ban[]> =>
    rowsOf(
      sql<Ban>`select platform, host, max(until) as until from address_ban
        where address = ${ask.address} and until > ${ask.now().toString()}::timestamptz group by platform, host`,
      db,
    ),
  async save({ platform, host, until }: Ban): Promise<void> {
    await rowsOf(
      sql`insert into address_ban (tenant_id, address, platform, host, until)
        values (${ask.tenant}, ${ask.address}, ${platform}, ${host}, ${until.toString()}::timestamptz)
      on conflict (tenant_id, address, platform, host) do update set until = greatest(address_ban.until, excluded.until)`,
      db,
    )
  },
})
