import { sql } from 'kysely'
import type { ConnectionId } from '#domain/ids.ts'
import type { KnownAccount } from '#domain/roster-changes.ts'

/** An account as it is known, leavers included, and the person it stands for. */
export type AccountRow = KnownAccount & { connectionId: ConnectionId; personId: string }

/** What a row of `account` and a row of `account_version` say of the human behind the user id. */
export const holderColumns = sql`
  key, user_id as "userId", name, mobile_print as "mobilePrint", mobile_tail as "mobileTail", job_number as "jobNumber", email,
  departments, department_ids as "departmentIds", is_active as "isActive", title, hired_on as "hiredOn", manager,
  human_id as "humanId", person_id as "personId", life, since`

/** The same as a JSON record, for writing many at once. */
export const holderRecord = sql`
  key text, "userId" text, name text, "mobilePrint" text, "mobileTail" text, "jobNumber" text, email text, departments jsonb,
  "departmentIds" jsonb, "isActive" boolean, title text, "hiredOn" date, manager text, "humanId" text, "personId" text,
  life int, since timestamptz`
