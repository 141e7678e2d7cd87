import type { Account, Person } from '../company.ts'
import type { World } from '../world.ts'

/** Someone with a DingTalk account. */
export type Member = Person & { dingtalk: Account }
/** Everyone with a DingTalk account. */
export const members = ({ company }: World): Member[] =>
  company.people.filter((p): p is Member => p.dingtalk !== null)
/** Inside the app's range: outside it nobody has details. */
export const isInRange = ({ faults }: World, userId: string): boolean =>
  !(faults.values.memberOutOfRange.dingtalk ?? []).includes(userId)
