import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { GoneBecause, RosterChange, RosterChangeKind } from '#domain/roster-changes.ts'

type Place = { connection: string; subsidiary: string; platform: PlatformName }

/**
 * `contacts --json` prints one of these for each connection. `changes` holds `{"userId","name","kind",…}`, one entry a
 * change, with `from`, `to`, `field` or `because` where the kind has them; `uncertain: true` wants a person's eye. With a
 * `doubt` nothing was kept, and `changes` is what the read would have changed.
 */
export type ContactsReport = Place & {
  /** Accounts there now. */
  people: number
  /** What `--undo` takes back; null when nothing changed or nothing was kept. */
  import: number | null
  counts: Partial<Record<RosterChangeKind, number>>
  changes: ContactChange[]
  doubt: RosterDoubt | null
}

export type ContactChange = { userId: string; name: string; uncertain: boolean } & RosterChange

/**
 * `contacts --preview --json`: what a first import would bring, by connection; nothing is kept. `routes` is empty for the
 * side that punches are carried to.
 */
export type ContactsPreview = Place & {
  people: number
  /** Accounts the app may not see; null where the platform would not say. */
  invisible: number | null
  /** Every department with all below it, so a person counts once in each on the way down. */
  departments: { path: string; people: number }[]
  routes: {
    route: string
    carried: number
    leftOut: { userId: string; name: string; departments: string[]; because: 'excepted' | 'not-in-scope' }[]
  }[]
  /** Carried all the same: they may punch on a machine. */
  neverActivated: { userId: string; name: string }[]
}

/** `contacts --undo N --json`. `accounts`: how many are as they were before. */
export type UndoReport = { import: number; connection: string; accounts: number }

/** `contacts --history A --json`: the humans who held a user id, and what each was from when to when. */
export type AccountHistory = {
  account: { connection: string; userId: string }
  lives: {
    life: number
    person: string
    name: string
    from: string
    to: string | null
    endedBecause: GoneBecause | null
    versions: {
      from: string
      to: string | null
      causes: RosterChangeKind[]
      /** The import that brought it; `undone` when it was taken back. */
      import: number
      undone: boolean
      name: string
      jobNumber: string | null
      mobileTail: string | null
      email: string | null
      departments: string[]
      title: string | null
      active: boolean
    }[]
  }[]
}
