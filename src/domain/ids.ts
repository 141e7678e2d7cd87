declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** A tenant's row number. It leads every key in the store. */
export type TenantId = Branded<number, 'TenantId'>
/** A connection's row number inside the store; people see its `key`, e.g. `hq-dingtalk`. */
export type ConnectionId = Branded<number, 'ConnectionId'>
/** A route's row number inside the store; people see its `key`, e.g. `hq`. */
export type RouteId = Branded<number, 'RouteId'>

export type PlatformName = 'dingtalk' | 'wecom'

/**
 * How two spellings of one user id are compared: WeCom ids are unique without regard to case,
 * DingTalk ids are exact. What a platform sent is stored as received; keys are for comparing only.
 */
export const accountKey = (platform: PlatformName, userId: string): string =>
  platform === 'wecom' ? userId.toLowerCase() : userId
