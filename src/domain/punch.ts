/** How a punch came about: by the person, or supplied afterwards by an administrator or an approval. */
export type PunchOrigin = 'person' | 'correction' | 'approval'

/**
 * One punch 打卡 as one platform tells it now, in our words. Voids are included; synthetic rows
 * (NotSigned, 未打卡) never become a SourcePunch.
 */
export type SourcePunch = {
  /** The platform's natural key: DingTalk's record id; WeCom `<userid lower-case>@<epoch second>`. */
  externalId: string
  userId: string
  /** Whole seconds. */
  at: Temporal.Instant
  /** The day it counts for, as the platform says; null where the platform does not say. */
  workDate: Temporal.PlainDate | null
  origin: PunchOrigin
  isVoid: boolean
  /** The platform's own words for why it is void. */
  voidReason: string | null
  /** The platform's own verdict, in words a person can read, e.g. `迟到 外勤`. Never judged by us. */
  result: string | null
  /** The machine's name, where a machine took it. */
  device: string | null
  address: string | null
  latitude: number | null
  longitude: number | null
  /**
   * The planned slot the platform filed it under, where it says: used to see that another punch of the
   * same slot shows instead, and that a slot was filled by an approval.
   */
  slot: { plannedAt: Temporal.Instant; kind: 'in' | 'out' } | null
}

/** A punch on its way to the other platform. All text is already cut to the target's limits. */
export type PunchToWrite = {
  userId: string
  at: Temporal.Instant
  placeTitle: string
  placeDetail: string
  note: string
  deviceName: string
  byMachine: boolean
  latitude: number | null
  longitude: number | null
}
