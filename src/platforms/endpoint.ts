import type { Endpoint } from '#platforms/ports.ts'

/** Declares one platform call; its types follow from the schemas. */
export const endpoint = <Q, A>(declaration: Endpoint<Q, A>): Endpoint<Q, A> => declaration
