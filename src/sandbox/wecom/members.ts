import type { Account, Person } from '../company.ts'
import type { World } from '../world.ts'

/** Someone with a WeCom account. */
export type Member = Person & { wecom: Account }
/** Everyone with a WeCom account. */
export const members = ({ company }: World): Member[] =>
  company.people.filter((p): p is Member => p.wecom !== null)
/** Inside the app's visible range. Ids have no case. */
export const isVisible = ({ faults }: World, userid: string): boolean =>
  !(faults.values.memberOutOfRange.wecom ?? []).some((id) => id.toLowerCase() === userid.toLowerCase())
/** The member of an id, in whatever case; null when there is none. */
export const memberOf = ({ company }: World, userid: string): Member | null =>
  (company.byWecom.get(userid.toLowerCase()) as Member | undefined) ?? null
