import type { Lang } from '#messages/messages.ts'

/** What every part of the page is given besides its own facts. */
export type View = {
  lang: Lang
  now: Temporal.Instant
  /** The product runs on the demo's home: commands then say `--demo`. */
  isDemo: boolean
}
