import { sql } from 'kysely'
import { inTheWay } from '#domain/decide-delivery.ts'
import type { RouteId } from '#domain/ids.ts'
import { personsDoubts } from '#domain/judge-read-back.ts'

/**
 * A delivery in state `batched` lives the life of its batch, so that intent, acknowledgement and verification cost one
 * row per two hundred; its own state takes over when it goes another way than its batch. This is the state people are
 * told, one of domain/delivery-states.ts. Needs `delivery` and `batch` in the query.
 */
export const effectiveState = sql`case when delivery.state <> 'batched' then delivery.state
  when batch.state = 'planned' then 'waiting' else batch.state end`

/** A delivery in one of these fills its second of the target's account, or is about to; what shows there is ours. */
export const slotStates = sql`('waiting', 'batched', 'inDoubt', 'verified', 'refused')`

/** Reasons for which a delivery is held that are at the target, and not in who is who. */
export const heldThere = sql`(${sql.join(inTheWay.map((reason) => sql.lit(reason)))})`

/** Reasons of a doubt that only a person may settle: nothing is looked for again because of them. */
export const forAPerson = sql`(${sql.join(personsDoubts.map((doubt) => sql.lit(doubt)))})`

/** Why a batch is in doubt, and with it each delivery that lives its life. */
export const doubtOfBatch = sql`case when batch.is_split then 'refused-batch' when batch.state = 'sent' then 'waiting-to-show'
  when batch.state = 'inDoubt' then 'answer-lost' end`

/** The target has shown it. */
export const isVerified = sql`(delivery.state = 'verified' or (delivery.state = 'batched' and batch.state = 'verified'))`

/**
 * The source changed its mind after the target had the punch: another second, or void. The platforms have no delete, so
 * a person has to put it right there. Needs `punch` too.
 */
export const isAmended = sql`(${isVerified} and (punch.is_void or punch.at <> delivery.at))`

/**
 * A punch's delivery on one route and its batch, found by their keys: one descent each, whatever the planner believes
 * about tables it has not analysed yet (`offset 0` keeps it from turning this into a join of its own choice).
 */
export const deliveryOf = (route: RouteId) => sql`
  left join lateral (select * from delivery where delivery.tenant_id = punch.tenant_id and delivery.route_id = ${route}
                        and delivery.punch_id = punch.id offset 0) as delivery on true
  left join lateral (select * from batch where batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id offset 0) as batch on true`
