import { hash } from 'node:crypto'
import type { SourcePunch } from './punch.ts'

/**
 * Every field we use of a punch, in one order, with the account's comparing key. Change times of the row are left out on
 * purpose: a platform touches them when nothing we use has changed, and each touch would look like a revision.
 */
export const contentOf = (punch: SourcePunch, accountKey: string): string =>
  JSON.stringify([
    punch.externalId,
    accountKey,
    punch.at.epochMilliseconds,
    punch.workDate === null ? null : punch.workDate.toString(),
    punch.origin,
    punch.isVoid,
    punch.voidReason,
    punch.result,
    punch.device,
    punch.address,
    punch.latitude,
    punch.longitude,
    punch.slot === null ? null : punch.slot.plannedAt.epochMilliseconds,
    punch.slot === null ? null : punch.slot.kind,
  ])

/** SHA-256 (base64url) of a punch's content: what tells a new revision from the same row read again. */
export const contentHash = (punch: SourcePunch, accountKey: string): string =>
  hash('sha256', contentOf(punch, accountKey), 'base64url')

/**
 * Stands for the content of a punch that only the machines' own list has told: the ordinary read shows less of it, or
 * nothing yet, and when it does, its row is a new revision.
 */
export const machineOnly = 'machine'
