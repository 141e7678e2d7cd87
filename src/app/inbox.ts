import { FailureError } from '#domain/failures.ts'
import type { ConnectionId, PlatformName } from '#domain/ids.ts'
import type { EventHint, KeepEvent, PlatformEvent } from '#domain/platform-event.ts'
import { isMeteredEvent } from '#platforms/dingtalk/limits.ts'
import { toDingtalkHints } from '#platforms/dingtalk/to-hint.ts'
import { toWecomHints } from '#platforms/wecom/to-hint.ts'
import { gather } from '#store/gather.ts'
import { keepEvents } from '#store/inbox.ts'
import type { ConnectionRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** Events kept in one statement at most: a burst's worth, and far from the size of a statement that hurts. */
const mostAtOnce = 500

const hintsOf: Record<PlatformName, (event: PlatformEvent) => EventHint[]> = {
  dingtalk: toDingtalkHints,
  wecom: toWecomHints,
}

/** Where events go before anybody acknowledges them. One for a process: all its events share their commits. */
export type Inbox = {
  /** Keeps for this connection. Resolves once the event survives the loss of power. */
  keeper(connection: Pick<ConnectionRow, 'id' | 'platform'>): KeepEvent
}

/** Opens the tenant's inbox. `onNews` hears of every event that was not known. */
export function openInbox(
  { database, tenant }: Pick<AppParts, 'database' | 'tenant'>,
  onNews: (connection: ConnectionId) => void = () => {},
): Inbox {
  const keep = gather({
    write: (events: readonly Parameters<typeof keepEvents>[2][number][]) =>
      keepEvents(database, tenant, events),
    most: mostAtOnce,
    isOneToBlame: (error) => !(error instanceof FailureError),
  })
  return {
    keeper:
      ({ id, platform }) =>
      async (event) => {
        const isMetered = platform === 'dingtalk' && event.via !== 'failedList' && isMeteredEvent(event.type)
        const answer = await keep({ connection: id, event, hints: hintsOf[platform](event), isMetered })
        if (answer === 'kept') onNews(id)
        return answer
      },
  }
}
