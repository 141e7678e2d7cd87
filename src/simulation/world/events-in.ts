import type { PlatformName } from '#domain/ids.ts'
import { readConnections } from '#store/setup.ts'
import { openInbox } from '../../app/inbox.ts'
import type { World, WorldProcess } from './found-world.ts'

/** The way events take into the product, through whichever process is there to hear them. */
export interface EventsIn {
  /** Bodies of events that a process said it had: it must have kept them. */
  readonly acknowledged: string[]
  /** Who hears from now on. */
  heardBy(process: WorldProcess): Promise<void>
  /** When the platforms have something to tell, epoch ms. */
  nextDueMs(): number | null
  /** Lets them tell what is due. */
  tell(): Promise<void>
}

type Event = { eventId: string | null; type: string; body: string }

/** Subscribes to both platforms. An event that no process answers comes again, as often as they do. */
export function subscribe({ sandbox, wakeUps, lane, time }: World): EventsIn {
  const acknowledged: string[] = []
  let keep: (platform: PlatformName, event: Event) => Promise<boolean> = async () => false
  const hear = async (platform: PlatformName, event: Event): Promise<boolean> => {
    const isKept = await keep(platform, event).catch(() => false)
    if (isKept) acknowledged.push(event.body)
    return isKept
  }
  sandbox.world.events.setDeliverer(async ({ eventId, eventType, data }) => {
    const isTaken = await hear('dingtalk', { eventId, type: eventType, body: JSON.stringify(data) })
    return isTaken ? 'acknowledged' : 'later'
  })
  sandbox.world.wecomEvents.setDeliverer((message) =>
    hear('wecom', { eventId: null, type: 'change_contact', body: message }),
  )
  return {
    acknowledged,
    async heardBy({ parts, mortal }) {
      const connections = await readConnections(parts.database.kysely, parts.tenant)
      const inbox = openInbox(parts)
      keep = async (platform, event) => {
        const kept = inbox
          .keeper(connections.find((one) => one.platform === platform)!)({
            ...event,
            via: platform === 'dingtalk' ? 'stream' : 'http',
            at: time.now(),
          })
          .then(() => true)
        // The platform waits a few seconds for somebody who stands still, and then asks again.
        const isKept = await Promise.race([kept, mortal.still.then(() => false)])
        kept.catch(() => {})
        return isKept && !mortal.isDead
      }
    },
    nextDueMs: () => sandbox.subscriptions.nextDueMs(),
    async tell() {
      const before = acknowledged.length
      await sandbox.subscriptions.work()
      // As the inbox does for what it did not know; here nothing waits for a second event meanwhile.
      if (acknowledged.length > before) await wakeUps.now(lane)
    },
  }
}
