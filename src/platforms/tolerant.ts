import { z } from 'zod'

/**
 * Building blocks for answers: both platforms quote numbers and booleans at will, send null for a missing value
 * and add keys without notice. Ask strictly, read tolerantly.
 */

/** Text that may arrive as a number, e.g. a job number `1001`. */
export const text = z.union([z.string(), z.number().transform(String)])

/** A number that may arrive as digits in quotes; coordinates too. */
export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*$/)
    .transform(Number),
])

/** A boolean that may arrive as `"true"`, `"1"`, 1 or 0. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((said) => said === 'true' || said === '1'),
  z.literal([0, 1]).transform((said) => said === 1),
])

/** A field that may be absent, null, or of a kind nobody told us about: then it counts as absent. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined)

/** A query value that must be a whole number: callers pass a number, a server reads digits from the query. */
export const wholeInQuery = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])
