import type { ConnectionFacts, Endpoint, HttpRequest } from '#platforms/ports.ts'

/** An endpoint's request, checked against its strict schema. Throws ZodError: a request of ours that is wrong is a bug. */
export function prepare<Q, A>(endpoint: Endpoint<Q, A>, input: Q): Record<string, unknown> {
  const asked: unknown = endpoint.request.parse(input)
  if (typeof asked !== 'object' || asked === null)
    throw new TypeError(`${endpoint.name} must be asked with an object`)
  return asked as Record<string, unknown>
}

/** The HTTP request for it. The URL holds the token: it goes to the transport and nowhere else. */
export function toHttp<Q, A>(
  endpoint: Endpoint<Q, A>,
  asked: Record<string, unknown>,
  token: string | null,
  facts: ConnectionFacts,
  timeoutMs: number,
): HttpRequest {
  const query = new URLSearchParams()
  if (token !== null && endpoint.token === 'query') query.set('access_token', token)
  if (endpoint.method === 'GET')
    for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, String(value))
  const search = query.size > 0 ? `?${query}` : ''
  const headers: Record<string, string> = { accept: 'application/json' }
  if (token !== null && endpoint.token === 'header') headers['x-acs-dingtalk-access-token'] = token
  if (endpoint.method === 'POST') headers['content-type'] = 'application/json'
  return {
    method: endpoint.method,
    url: `${facts.hosts[endpoint.host].replace(/\/+$/, '')}${endpoint.path}${search}`,
    headers,
    timeoutMs,
    ...(endpoint.method === 'POST' ? { body: JSON.stringify(asked) } : {}),
  }
}

/** The person a request is about, where it is about one only; else nobody can tell whom a refusal means. */
export function peopleIn(asked: Record<string, unknown>): string[] {
  const records = asked['records']
  const lists = [
    asked['userIds'],
    asked['useridlist'],
    Array.isArray(records) ? records.map(personOf) : undefined,
  ]
  for (const list of lists) {
    if (!Array.isArray(list)) continue
    const people = [...new Set(list.filter((id): id is string => typeof id === 'string'))]
    return people.length === 1 ? people : []
  }
  const person = personOf(asked)
  return person === undefined ? [] : [person]
}

function personOf(row: unknown): string | undefined {
  const id = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)['userid'] : undefined
  return typeof id === 'string' ? id : undefined
}
