import type { z } from 'zod'
import type { Answered, Call } from '../exchange.ts'
import type { World } from '../world.ts'

/** One endpoint of DingTalk, as the platform serves it. */
export type Route = {
  method: 'GET' | 'POST'
  /** `{x}` stands for any one segment. */
  path: string
  schema: z.ZodType
  /** The permission it needs; null for tokens. */
  scope: string | null
  metered: boolean
  answer: (ask: never, world: World, call: Call) => Answered
}

/** Declares an endpoint; its answer is given a request that has been validated. */
export const route = <Q>(
  method: 'GET' | 'POST',
  path: string,
  schema: z.ZodType<Q>,
  needs: { scope: string | null; metered?: boolean },
  answer: (ask: Q, world: World, call: Call) => Answered,
): Route => ({ method, path, schema, scope: needs.scope, metered: needs.metered ?? false, answer })

/** Does a path fit a pattern? */
export const matches = (pattern: string, path: string): boolean =>
  pattern === path ||
  (pattern.includes('{') && new RegExp(`^${pattern.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
