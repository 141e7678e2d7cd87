import { fail } from '#domain/failures.ts'
import { accountKey } from '#domain/ids.ts'
import type { AccountRow } from '#store/account-row.ts'
import { readAccounts } from '#store/people.ts'
import { type ConnectionRow, readConnections } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

export type Address = { connection: ConnectionRow; userId: string; key: string; account: AccountRow }

/** The account behind `connection:userId`, split at the first colon. Fails with `usage.unknown-account`. */
export async function addressOf({ database, tenant }: AppParts, text: string): Promise<Address> {
  const at = text.indexOf(':')
  const connections = await readConnections(database.kysely, tenant)
  if (at < 1 || at === text.length - 1) fail('usage.invalid', { what: text, instead: 'hq-dingtalk:u001' })
  const connection = connections.find((row) => row.key === text.slice(0, at))
  if (!connection)
    return fail('usage.unknown-connection', {
      connection: text.slice(0, at),
      known: connections.map((row) => row.key),
    })
  const key = accountKey(connection.platform, text.slice(at + 1))
  const account = (await readAccounts(database.kysely, tenant, [connection.id])).find(
    (row) => row.key === key,
  )
  if (!account) return fail('usage.unknown-account', { account: text })
  return { connection, userId: account.userId, key, account }
}
