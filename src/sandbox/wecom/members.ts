import { type Account, isThere, type Person } from '../company.ts'
import type { World } from '../world.ts'

/** Someone with a WeCom account. */
export type Member = Person & { wecom: Account }
/** Everyone with a WeCom account now. */
export const members = ({ company }: World): Member[] =>
  company.people.filter((p): p is Member => isThere(p.wecom))
/** Inside the app's visible range. Ids have no case. */
export const isVisible = ({ faults }: World, userid: string): boolean =>
  !(faults.values.memberOutOfRange.wecom ?? []).some((id) => id.toLowerCase() === userid.toLowerCase())
/** The member of an id, in whatever case; null when there is none. */
export const memberOf = ({ company }: World, userid: string): Member | null => {
  const person = company.byWecom.get(userid.toLowerCase())
  return person && isThere(person.wecom) ? (person as Member) : null
}
