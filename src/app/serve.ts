import type { Operations, ServeAsk } from '#cli/operations.ts'
import type { AppParts } from './parts.ts'

/** Placeholder until the pages are wired. */
export async function serve(_parts: AppParts, _operations: Operations, _ask: ServeAsk): Promise<void> {}
