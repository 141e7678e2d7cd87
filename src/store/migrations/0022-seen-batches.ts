import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Batches whose deliveries were all shown one by one stood open for ever, and were looked through at every step. */
export const seenBatches: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `update batch set state = 'verified', verified_at = (
           select max(settled_at) from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id)
          where state in ('sent', 'inDoubt')
            and exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id)
            and not exists (select 1 from delivery where delivery.tenant_id = batch.tenant_id and delivery.batch_id = batch.id
                               and delivery.state not in ('verified', 'alreadyThere'))`,
      )
      .execute(db)
  },
}
