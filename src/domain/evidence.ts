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
