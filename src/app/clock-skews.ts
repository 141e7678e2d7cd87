import { alarmThresholds as thresholds } from '#domain/alarms/policy.ts'
import type { Clock } from '#domain/effects.ts'
import type { TenantId } from '#domain/ids.ts'
import type { AppParts } from './parts.ts'

/** What the platforms' answers say of this machine's clock. */
export type ClockSkews = {
  note: NonNullable<AppParts['onSkew']>
  /** Platform's clock minus ours in seconds, by connection; of those that answered in the last `skewHours` only. */
  of(tenant: TenantId): Record<string, number>
}

/** Remembers the latest of each connection for as long as this process lives: every process has its machine's clock. */
export function openClockSkews(clock: Clock): ClockSkews {
  const tenants = new Map<TenantId, Map<string, { seconds: number; at: Temporal.Instant }>>()
  return {
    note({ tenant, connection, seconds }) {
      const known = tenants.get(tenant) ?? new Map<string, { seconds: number; at: Temporal.Instant }>()
      tenants.set(tenant, known.set(connection, { seconds, at: clock.now() }))
    },
    of(tenant) {
      const since = clock.now().subtract({ hours: thresholds.skewHours })
      const fresh = [...(tenants.get(tenant) ?? [])].filter(
        ([, { at }]) => Temporal.Instant.compare(at, since) >= 0,
      )
      return Object.fromEntries(fresh.map(([connection, { seconds }]) => [connection, seconds]))
    },
  }
}
