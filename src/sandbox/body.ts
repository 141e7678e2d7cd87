import type { z } from 'zod'
import { type HttpRequest, headerOf } from './transport.ts'

/** What came as the body of a POST. */
export type Body =
  | { kind: 'json'; value: unknown }
  | { kind: 'form' }
  | { kind: 'empty' }
  | { kind: 'broken' }

/** What a POST carries. DingTalk goes by the content type; `anyType`: WeCom reads JSON whatever it is called. */
export function bodyOf(request: HttpRequest, anyType: boolean): Body {
  const type = anyType ? '' : headerOf(request.headers, 'content-type').toLowerCase()
  if (request.body === undefined || request.body === '') return { kind: 'empty' }
  if (type !== '' && !type.includes('json')) return { kind: 'form' }
  try {
    return { kind: 'json', value: JSON.parse(request.body) }
  } catch {
    return { kind: 'broken' }
  }
}

/** Validates a request; with `strict` off, fields nobody knows are let pass. */
export function ask<T>(
  schema: z.ZodType<T>,
  value: unknown,
  strict: boolean,
): { ok: true; ask: T } | { ok: false; what: string } {
  const chosen =
    strict || !('loose' in schema) ? schema : (schema as unknown as { loose(): z.ZodType<T> }).loose()
  const result = chosen.safeParse(value)
  if (result.success) return { ok: true, ask: result.data }
  const issue = result.error.issues[0]!
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.join(',') : issue.path.join('.')
  return { ok: false, what: `${keys}: ${issue.message}` }
}
