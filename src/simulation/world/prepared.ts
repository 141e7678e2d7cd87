import { createHash } from 'node:crypto'

/** For whoever asks the same of small tables thousands of times: like the product's own sessions, plans made once. */
export const sessionOptions =
  '-c timezone=UTC -c synchronous_commit=off -c jit=off -c plan_cache_mode=force_generic_plan'

const preparable = /^\s*(?:select|insert|update|delete|with)\b/i
const names = new Map<string, string>()

/** A statement as one that its session plans once, if it can be: `query` takes what comes out as it takes what goes in. */
export function prepared([text, values, ...rest]: unknown[]): unknown[] {
  if (typeof text !== 'string' || !Array.isArray(values) || !preparable.test(text))
    return [text, values, ...rest]
  const name = names.get(text) ?? createHash('md5').update(text).digest('hex')
  names.set(text, name)
  return [{ name, text, values }, ...rest]
}
