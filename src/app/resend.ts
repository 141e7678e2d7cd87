import { resendDeliveries } from '#store/deliveries.ts'
import { audit } from '#store/setup.ts'
import type { AppParts } from './parts.ts'
import { routeNamed } from './route-ends.ts'

/** A person overrules what the product may not decide by itself: see `resendDeliveries`. */
export async function resend(parts: AppParts, name: string): Promise<{ route: string; resent: number }> {
  const { database, tenant, clock, actor } = parts
  const { route } = await routeNamed(parts, name)
  return database.transaction(
    async (tx) => {
      const resent = await resendDeliveries(tx, tenant, route.id)
      await audit(tx, tenant, { at: clock.now(), actor, act: 'resend', subject: name, details: { resent } })
      return { route: name, resent }
    },
    { isDurable: true },
  )
}
