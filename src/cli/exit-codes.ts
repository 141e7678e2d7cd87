import type { Failure } from '#domain/failures.ts'

export const exitCodes = { done: 0, failed: 1, usage: 2, open: 3 } as const

/** 2 where the user has to write something else: usage, setup file, settings; 1 for all other failures. */
export function exitCodeOf({ code }: Failure): number {
  const isConfiguration =
    code.startsWith('usage.') ||
    code.startsWith('setup.') ||
    code.startsWith('sheet.') ||
    code.startsWith('links.') ||
    code === 'home.bad-key' ||
    code === 'server.not-loopback'
  return isConfiguration ? exitCodes.usage : exitCodes.failed
}
