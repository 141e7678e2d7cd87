import type { Staff } from './generate-staff.ts'

/**
 * Answers `whose number is this?` as the platforms do: the account of `connection` that has the mobile of `account`,
 * by `StaffAccount.id`, or null, which the platform counts as a wrong probe. Where two have one number, the one whose
 * own it is answers. Closed accounts never do.
 */
export type ProbeOracle = (ask: { account: string; connection: string }) => string | null

export function createProbeOracle({ accounts, generated }: Staff): ProbeOracle {
  const owners = new Map<string, string>()
  for (const { id, connection } of accounts) {
    const { ownedMobile, to, human } = generated.get(id)!
    if (ownedMobile === null || to !== null) continue
    const key = `${connection} ${ownedMobile}`
    if (!owners.has(key) || human.mobile === ownedMobile) owners.set(key, id)
  }
  return ({ account, connection }) => {
    const mobile = generated.get(account)?.account.mobile ?? null
    return mobile === null ? null : (owners.get(`${connection} ${mobile}`) ?? null)
  }
}
