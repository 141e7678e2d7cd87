import { type JobNumber, readJobNumber } from './job-number.ts'
import type { StaffAccount } from './staff-account.ts'
import type { WrittenName } from './written-name.ts'

/** An account made ready for comparing: every field read once. */
export type Profile = {
  account: StaffAccount
  /** The connection's place in the list of connections. */
  connection: number
  name: WrittenName
  job: JobNumber | null
  email: Address | null
  userId: Address
  departments: readonly Department[]
  title: string | null
  managerName: string | null
  /** Days since 1970; −∞ when unknown. */
  hired: number
  /** The last day; +∞ while employed or unknown. */
  left: number
  hasLeft: boolean
}

/** The part of an e-mail address before the @, or a user id. */
export type Address = {
  /** The whole, in lower case. */
  whole: string
  local: string
  /** Spelt from the holder's own name, so that it says little that the name does not. */
  isFromName: boolean
}

/** `id` is the same for the same path. `tails`: the path's ends, the shortest first; trees of two platforms differ at their roots. */
export type Department = { id: number; last: string; parts: readonly string[]; tails: readonly string[] }

/** How the fields that many accounts share are read; `managerName`: the superior's, when known. */
type Shared = {
  nameOf: (written: string) => WrittenName
  dayOf: (date: string | null) => number | null
  departmentsOf: (paths: readonly string[]) => readonly Department[]
  titleOf: (written: string | null) => string | null
  managerName: string | null
}

/** Reads one account. */
export function profileOf(
  account: StaffAccount,
  connection: number,
  { nameOf, dayOf, departmentsOf, titleOf, managerName }: Shared,
): Profile {
  const name = nameOf(account.name)
  const left = dayOf(account.leftOn)
  return {
    account,
    connection,
    name,
    job: readJobNumber(account.jobNumber),
    email: emailOf(account.email, name),
    userId: addressOf(account.userId, name),
    departments: departmentsOf(account.departments),
    title: titleOf(account.title),
    managerName,
    hired: dayOf(account.hiredOn) ?? Number.NEGATIVE_INFINITY,
    left: left ?? Number.POSITIVE_INFINITY,
    hasLeft: left !== null || name.saysLeft,
  }
}

/** Without width, blanks around it and case. Most addresses are so already and stay the same text. */
const plain = (text: string): string =>
  (/^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKC')).trim().toLowerCase()

function emailOf(email: string | null, name: WrittenName): Address | null {
  const whole = email === null ? '' : plain(email)
  const at = whole.indexOf('@')
  return at > 0 && at < whole.length - 3 ? { ...addressOf(whole.slice(0, at), name), whole } : null
}

function addressOf(text: string, name: WrittenName): Address {
  const local = plain(text)
  return { whole: local, local, isFromName: isSpeltFrom(local, name) }
}

/** `wangwei`, `wei.wang`, `wangw`, `ww3`: the letters are the name's, whatever digits follow. */
export function isSpeltFrom(local: string, name: WrittenName): boolean {
  const letters = local.replace(/[^a-z]/g, '').replace(/([ln])(?:v|yu)/g, '$1u')
  if (letters.length < 2) return false
  if (name.chars.length === 0)
    return name.latin.some((word) => letters.includes(word)) || name.pinyinKeys.includes(letters)
  const sounds = name.syllables.filter((sound) => sound !== '')
  if (sounds.length === 0) return false
  const [family, given] = [sounds.slice(0, name.surname), sounds.slice(name.surname)]
  const initials = (part: readonly string[]) => part.map((sound) => sound[0]).join('')
  const forms = [family, given].map((part) => [part.join(''), initials(part)])
  return (
    name.latin.some((word) => word.length > 2 && letters.includes(word)) ||
    forms[0]!.some((first) =>
      forms[1]!.some((second) => letters === first + second || letters === second + first),
    ) ||
    (letters.length > 3 && letters === given.join(''))
  )
}

/** Whether two people can be one who left and came back: their times on one connection do not overlap. */
export const isAfterOther = (a: Profile, b: Profile): boolean => a.left < b.hired || b.left < a.hired
