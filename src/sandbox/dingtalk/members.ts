import { type Account, isThere, type Person } from '../company.ts'
import type { World } from '../world.ts'

/** Someone with a DingTalk account. */
export type Member = Person & { dingtalk: Account }
/** Everyone with a DingTalk account now. */
export const members = ({ company }: World): Member[] =>
  company.people.filter((p): p is Member => isThere(p.dingtalk))
/** Inside the app's range: outside it nobody has details. */
export const isInRange = ({ faults }: World, userId: string): boolean =>
  !(faults.values.memberOutOfRange.dingtalk ?? []).includes(userId)
