/** One HTTP exchange, as the sandbox sees it: the structure of `Transport`, retold so that nothing of ours is imported. */
export type HttpRequest = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
}
/** Header names are lower-case. */
export type HttpAnswer = { status: number; headers: Record<string, string>; text: string }
/** A fetch-shaped function: rejects only with a transportError. */
export type Handler = (request: HttpRequest) => Promise<HttpAnswer>

/** What became of one exchange: the answer, how long it takes, and whether it is lost on the way back. */
export type Outcome = { answer: HttpAnswer; delayMs: number; lost: boolean }

/** The error a real transport would throw: `name` 'TransportError' and its `kind`. */
export const transportError = (kind: 'timeout' | 'reset' | 'unreachable', message: string): Error =>
  Object.assign(new Error(message), { name: 'TransportError', kind })

/** An answer in JSON; a text is taken to be JSON already. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

/** Header names in any case → the value, '' when absent. */
export function headerOf(headers: Record<string, string>, name: string): string {
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value
  return ''
}
