import type { Clock } from '#domain/effects.ts'
import type { PlatformName } from '#domain/ids.ts'

/** An address that a platform answers nothing until then. `host`: whose, since a dedicated cloud bans for itself. */
export type AddressBan = { platform: PlatformName; host: string; until: Temporal.Instant }

/** Where processes of one address leave word for each other. */
export type SharedBans = {
  /** Bans that are not over. */
  read(): Promise<AddressBan[]>
  save(ban: AddressBan): Promise<void>
}

/** Whose address it is that is banned. */
export type Banned = { platform: PlatformName; hosts: { oapi: string } }

/**
 * Bans of this process's source address. A platform bans the address and not whoever called too much, so what one
 * connection meets keeps all others of that platform away: going on calling may prolong it.
 */
export interface AddressBans {
  /** Until when nothing may be sent, epoch ms, as far as is known; null: nothing is. */
  until(where: Banned): number | null
  /** Hears of what others of this address met. Never fails: without word there is none. */
  learn(): Promise<void>
  /** A ban was met. */
  met(where: Banned, until: number): void
}

/** How old word of others may be. */
const freshMs = 5_000

export function createAddressBans({ clock, shared }: { clock: Clock; shared?: SharedBans }): AddressBans {
  const bans = new Map<string, number>()
  const now = () => clock.now().epochMilliseconds
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  const keep = (key: string, until: number) => bans.set(key, Math.max(until, bans.get(key) ?? 0))
  const read = async () => {
    readAt = now()
    const found = await shared!.read().catch(() => [])
    for (const { platform, host, until } of found) keep(`${platform} ${host}`, until.epochMilliseconds)
  }
  return {
    until(where) {
      const until = bans.get(keyOf(where))
      return until !== undefined && until > now() ? until : null
    },
    async learn() {
      if (!shared || now() < readAt + freshMs) return reading ?? undefined
      reading ??= read().finally(() => {
        reading = null
      })
      await reading
    },
    met(where, until) {
      keep(keyOf(where), until)
      const ban = { platform: where.platform, host: hostOf(where) }
      const at = Temporal.Instant.fromEpochMilliseconds(Math.round(until))
      shared?.save({ ...ban, until: at }).catch(() => {})
    },
  }
}

const hostOf = ({ hosts }: Banned): string =>
  URL.canParse(hosts.oapi) ? new URL(hosts.oapi).host : hosts.oapi
const keyOf = (where: Banned): string => `${where.platform} ${hostOf(where)}`
