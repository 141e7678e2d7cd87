/** Why two accounts are, may be or may not be one person. messages/ finds the words. */
export type Reason =
  | { code: 'explicit-link' }
  | { code: 'mobile'; tail: string }
  | { code: 'job-number'; jobNumber: string }
  | { code: 'same-name'; name: string }
  | { code: 'name-differs'; ours: string; theirs: string }
  | { code: 'shared-mobile'; tail: string; people: number }
  | { code: 'reused-job-number'; jobNumber: string; people: number }
  | { code: 'evidence-disagrees'; mobileSays: string; jobNumberSays: string }
  | { code: 'several-candidates'; count: number }
  | { code: 'no-counterpart' }
  | { code: 'twin-not-visible'; userId: string }
  | { code: 'twin-taken'; by: string }
  /** A namesake has nobody on the other side yet, and lists are joined by name: they may have been mixed up. */
  | { code: 'namesake-open'; userId: string }
  /** All but the job number speaks for a namesake. */
  | { code: 'namesake-fits'; userId: string }
  /** The names agree in another way than by their characters. */
  | { code: 'name-alike'; how: NameLikeness; ours: string; theirs: string }
  /** One of the names (a nickname) says nothing about the other. */
  | { code: 'name-unclear'; ours: string; theirs: string }
  /** Nothing but the name speaks for it. */
  | { code: 'name-only' }
  /** Sure enough by the numbers, but what speaks for it beside the name is too weak to link without a person. */
  | { code: 'little-beside-name' }
  | { code: 'job-number-alike'; ours: string; theirs: string }
  | { code: 'same-email'; email: string }
  | { code: 'email-alike'; ours: string; theirs: string }
  | { code: 'same-user-id'; userId: string }
  | { code: 'mobile-tail'; tail: string }
  | { code: 'same-department'; department: string }
  /** Two names of one department, as most of its people show. */
  | { code: 'department-alike'; ours: string; theirs: string }
  | { code: 'same-title'; title: string }
  | { code: 'same-hire-date'; on: string }
  | { code: 'near-hire-date'; ours: string; theirs: string }
  | { code: 'same-manager' }
  | { code: 'punched-together'; times: number }
  | { code: 'mobile-differs' }
  | { code: 'job-number-differs'; ours: string; theirs: string }
  | { code: 'department-differs'; ours: string; theirs: string }
  | { code: 'hire-date-differs'; ours: string; theirs: string }
  /** One had left before the other came. */
  | { code: 'periods-apart' }
  /** Both are the same person as a third account. */
  | { code: 'through'; userId: string }
  /** A person has said that this account is somebody else. `at` is RFC 3339; `by` is null where nobody wrote it down. */
  | { code: 'parted'; userId: string; by: string | null; at: string }
  /** So many have this name that not all of them were compared. */
  | { code: 'too-many-namesakes'; name: string; people: number }

/** How two names can agree without being written alike. */
export type NameLikeness = 'homophone' | 'pinyin' | 'stand-in' | 'look-alike' | 'one-off'

/** What a person can do that would change an outcome. messages/ finds the words. */
export type Remedy =
  /** The same mobile (job number) entered where it is missing now. */
  | { code: 'enter-mobile'; connections: string[] }
  | { code: 'enter-job-number'; connections: string[] }
  /** A mobile that nobody shares, in place of the one that several people have. */
  | { code: 'enter-own-mobile'; connections: string[] }
  | { code: 'correct-mobile' }
  | { code: 'correct-job-number'; ours: string; theirs: string }
  | { code: 'correct-name'; ours: string; theirs: string }
  /** The platform can be asked who owns the mobile. */
  | { code: 'ask-platform'; connection: string }
  /** A day of leaving that is missing now would tell two holders apart. */
  | { code: 'enter-leave-date' }
  | { code: 'confirm' }
  /** A person's word against their earlier one. Both are `connection:userId`. */
  | { code: 'link'; accounts: [string, string] }
  /** Nobody resembles this account: only a person can say who it is. */
  | { code: 'name-twin' }
  /** The account that a person named is to be seen by the app, or another one named. */
  | { code: 'show-twin'; userId: string }
  | { code: 'unlink' }

/** The same fact told from the other account's side. */
export const turned = <T extends Reason | Remedy>(fact: T): T =>
  'ours' in fact ? { ...fact, ours: fact.theirs, theirs: fact.ours } : fact

/** Each fact once, where it stood first. */
export function distinctFacts<T extends Reason | Remedy>(facts: readonly T[]): T[] {
  const seen = new Map<string, T>()
  for (const fact of facts) {
    const key = JSON.stringify(fact)
    if (!seen.has(key)) seen.set(key, fact)
  }
  return [...seen.values()]
}
