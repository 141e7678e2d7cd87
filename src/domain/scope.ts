/** Whom a route carries: names or ids of the source side. Nothing said means everybody. */
export type RouteScope = { departments?: string[]; people?: string[]; except?: string[] }

/** What a scope may say of an account. */
export type Scoped = { userId: string; name: string; departments: string[]; departmentIds: string[] }

/** Why the scope leaves somebody out; null when they are in. */
export type LeftOut = 'excepted' | 'not-in-scope' | null

/**
 * The pilot: departments with all below them (by id, name, or path such as `研发中心/平台组`), people by user id or name,
 * and exceptions, which win. An exception may name a department, too; by its name alone, because the ids of departments
 * and people look alike.
 */
export function leftOutOf(account: Scoped, { departments, people, except }: RouteScope): LeftOut {
  const names = departmentNames(account)
  const isNamed = (list: string[]) => list.includes(account.userId) || list.includes(account.name)
  if (except && (isNamed(except) || except.some((text) => names.has(text)))) return 'excepted'
  if (!departments && !people) return null
  if (people && isNamed(people)) return null
  const isInside = departments?.some((text) => names.has(text) || account.departmentIds.includes(text))
  return isInside ? null : 'not-in-scope'
}

export const isInScope = (account: Scoped, scope: RouteScope): boolean => leftOutOf(account, scope) === null

/** The same of one person's accounts on both sides: in where one of them is named, out where one is excepted. */
export function isAnyInScope(accounts: readonly Scoped[], scope: RouteScope): boolean {
  const out = accounts.map((account) => leftOutOf(account, scope))
  return out.includes(null) && !out.includes('excepted')
}

/** Each department on the way down to the account, by its name and by its path from the top. */
function departmentNames({ departments }: Scoped): Set<string> {
  const names = new Set<string>()
  for (const path of departments) {
    let above = ''
    for (const name of path.split('/')) {
      names.add(name)
      above = above === '' ? name : `${above}/${name}`
      names.add(above)
    }
  }
  return names
}
