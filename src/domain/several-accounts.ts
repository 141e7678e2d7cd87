import type { MappingAccount, MappingRoute } from './mapping-table.ts'

/** Somebody with more accounts than the two ends of one route: seconded, or in several subsidiaries. */
export type SeveralAccounts = { person: string; accounts: MappingAccount[] }

/**
 * Persons whose accounts no single row of the mapping table shows together, by name, then by person; accounts by
 * connection. Accounts that are gone are nobody's any more.
 */
export function listSeveral(
  routes: readonly MappingRoute[],
  accounts: readonly MappingAccount[],
): SeveralAccounts[] {
  const isOneRow = (own: readonly MappingAccount[]) =>
    own.length === 2 &&
    routes.some(({ dingtalk, wecom }) =>
      own.every(({ connection }) => [dingtalk, wecom].includes(connection)),
    )
  return [
    ...Map.groupBy(
      accounts.filter(({ hasLeft }) => !hasLeft),
      ({ person }) => person,
    ),
  ]
    .filter(([, own]) => own.some((one) => one.alsoElsewhere) || (own.length > 1 && !isOneRow(own)))
    .map(([person, own]) => ({ person, accounts: own.toSorted((a, b) => order(a.connection, b.connection)) }))
    .toSorted((a, b) => order(a.accounts[0]!.name, b.accounts[0]!.name) || order(a.person, b.person))
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
