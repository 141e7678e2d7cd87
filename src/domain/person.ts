/** A user id on one platform, as its roster tells it. Text fields are as received, trimmed; '' becomes null. */
export type Account = {
  userId: string
  name: string
  /** E.164, e.g. `+8613800000000`; null when hidden, empty or not a phone number. In memory only: never logged, never stored in clear. */
  mobile: string | null
  jobNumber: string | null
  email: string | null
  /** Department names, most specific last within a path, e.g. `['总部/研发中心']`. */
  departments: string[]
  departmentIds: string[]
  /** False for accounts that never activated; they can still punch on a machine. */
  isActive: boolean
  title: string | null
  hiredOn: Temporal.PlainDate | null
  /** The user id of the direct superior. */
  manager: string | null
  /** The platform's own id of the human behind the account: the same human keeps it under whatever user id. */
  humanId: string | null
}

export type LinkStatus = 'linked' | 'suggested' | 'conflicting' | 'unmatched'
