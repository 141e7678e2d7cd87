/** An event as DingTalk has it before it is put into an envelope. `bornAt`: epoch ms. */
export type DingtalkEvent = {
  eventId: string
  eventType: string
  bornAt: number
  corpId: string
  data: Record<string, unknown>
}

/**
 * Carries one event to the customer: `acknowledged` when it was taken, `later` when it must come again, `nobody` when
 * nobody is there to take it. Must answer within the transport's own deadline; what it throws counts as `later`.
 */
export type Deliver = (event: DingtalkEvent) => Promise<'acknowledged' | 'later' | 'nobody'>

/** The events of one organisation on their way out. */
export interface DingtalkEvents {
  /** Whoever carries events from now on; null: nobody, and events wait or are lost as they would without a connection. */
  setDeliverer(deliver: Deliver | null): void
}
