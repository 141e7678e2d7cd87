import type { z } from 'zod'
import type { Answered, Call } from '../exchange.ts'
import type { World } from '../world.ts'

/**
 * What a secret must be for a call: the app's (`agent` where nothing else can be missing), the contacts-sync one, or
 * either; null before there is a token.
 */
export type Needs = 'checkin' | 'agent' | 'contacts' | 'ids' | 'contacts-sync' | 'any' | null

/** One endpoint of WeCom, as the platform serves it. */
export type Route = {
  method: 'GET' | 'POST'
  path: string
  schema: z.ZodType
  needs: Needs
  /** The empty collection that accompanies a refusal. */
  empty: Record<string, unknown>
  answer: (ask: never, world: World, call: Call) => Answered
}

/** Declares an endpoint; its answer is given a request that has been validated. */
export const route = <Q>(
  method: 'GET' | 'POST',
  name: string,
  schema: z.ZodType<Q>,
  needs: Needs,
  empty: Record<string, unknown>,
  answer: (ask: Q, world: World, call: Call) => Answered,
): Route => ({ method, path: `/cgi-bin/${name}`, schema, needs, empty, answer })
