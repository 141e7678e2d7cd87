import type { TenantEntry } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import type { TenantId } from '#domain/ids.ts'
import type { Executor } from '#store/database.ts'
import { audit, ensureTenant, readTenants } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

const tenantKey = /^[a-z0-9][a-z0-9-]{0,39}$/

/** Every tenant, the first one first. */
export async function tenants({ database }: AppParts): Promise<TenantEntry[]> {
  return (await readTenants(database.kysely)).map(({ key, name }) => ({ tenant: key, name }))
}

/** Adds a tenant, or gives it another name. Fails with `usage.invalid`. */
export async function addTenant(
  { database, clock, actor }: AppParts,
  ask: { key: string; name?: string | undefined },
): Promise<TenantEntry & { created: boolean }> {
  const { key, name = key } = ask
  if (!tenantKey.test(key)) fail('usage.invalid', { what: key, instead: '[a-z0-9][a-z0-9-]{0,39}' })
  return database.transaction(
    async (tx) => {
      const isNew = (await readTenants(tx)).every((row) => row.key !== key)
      const id = await ensureTenant(tx, key, name)
      await audit(tx, id, { at: clock.now(), actor, act: 'tenant', subject: key, details: { name } })
      return { tenant: key, name, created: isNew }
    },
    { isDurable: true },
  )
}

/** The tenant with this key. Fails with `usage.unknown-tenant`. */
export async function tenantNamed(db: Executor, key: string): Promise<TenantId> {
  const known = await readTenants(db)
  const found = known.find((row) => row.key === key)
  return found ? found.id : fail('usage.unknown-tenant', { tenant: key, known: known.map((row) => row.key) })
}
