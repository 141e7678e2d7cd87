import { sql } from 'kysely'
import type { TenantId } from '#domain/ids.ts'
import { type Executor, rowsOf } from './database.ts'
import { effectiveState, isAmended } from './delivery-state.ts'

export type LedgerEntry = {
  id: number
  at: Temporal.Instant
  personId: string | null
  name: string | null
  connection: string
  userId: string
  workDate: Temporal.PlainDate | null
  isVoid: boolean
  voidReason: string | null
  device: string | null
  address: string | null
  deliveries: { route: string; state: string; reason: string | null }[]
}

/**
 * A page of the ledger, oldest first, after (`afterAt`, `afterId`). `person`: a person's id or name, or an account as
 * (`connection`, `accountKey`); null is everyone.
 */
export const readLedgerPage = (
  db: Executor,
  tenant: TenantId,
  ask: {
    from: Temporal.Instant
    to: Temporal.Instant
    afterAt: Temporal.Instant | null
    afterId: number
    limit: number
    person: string | null
    connection: string | null
    accountKeys: string[]
  },
) =>
  rowsOf(
    sql<LedgerEntry>`
    select punch.id, punch.at, holder.person_id as "personId", holder.name, connection.key as connection, punch.user_id as "userId",
           punch.work_date as "workDate", punch.is_void as "isVoid", punch.void_reason as "voidReason", punch.device, punch.address,
           coalesce((select jsonb_agg(jsonb_build_object('route', route.key, 'reason', case when ${isAmended} then 'amended' else delivery.reason end, 'state',
                       case when ${isAmended} then 'held' else ${effectiveState} end) order by route.key)
              from delivery
              join route on route.tenant_id = delivery.tenant_id and route.id = delivery.route_id
              left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
             where delivery.tenant_id = punch.tenant_id and delivery.punch_id = punch.id), '[]'::jsonb) as deliveries
      from punch
      join connection on connection.tenant_id = punch.tenant_id and connection.id = punch.connection_id
      left join account on account.tenant_id = punch.tenant_id and account.connection_id = punch.connection_id
                       and account.key = punch.account_key
      -- Who had the user id at that moment: nearly always whoever has it now.
      left join lateral (
        select account.person_id, account.name where account.life = 1 or punch.at >= account.since
        union all
        (select former.person_id, former.name from account_version former
          where account.life > 1 and punch.at < account.since and former.tenant_id = punch.tenant_id
            and former.connection_id = punch.connection_id and former.key = punch.account_key and not former.is_undone
            and former.life < account.life and (former.life = 1 or former.since <= punch.at)
            and not exists (select 1 from account_version ended where ended.tenant_id = punch.tenant_id
                  and ended.connection_id = punch.connection_id and ended.key = punch.account_key and ended.life = former.life
                  and not ended.is_undone and ended.version > former.version)
            and (former.valid_to is null or punch.at <= former.valid_to)
          order by former.life desc limit 1)) as holder on true
     where punch.tenant_id = ${tenant}
       and punch.at between ${ask.from.toString()}::timestamptz and ${ask.to.toString()}::timestamptz
       and (${ask.afterAt === null} or (punch.at, punch.id) > (${(ask.afterAt ?? ask.from).toString()}::timestamptz, ${ask.afterId}))
       and (${ask.person === null} or holder.person_id = ${ask.person} or holder.name = ${ask.person}
            or (connection.key = ${ask.connection} and punch.account_key = any(${ask.accountKeys})))
     order by punch.at, punch.id limit ${ask.limit}`,
    db,
  )
