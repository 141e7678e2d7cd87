import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#domain/effects.ts'
import { FailureError } from '#domain/failures.ts'
import type { PlatformName } from '#domain/ids.ts'
import { longestBody } from './guard.ts'
import type { Metrics } from './metrics.ts'
import type { PageProblem } from './problems.ts'

/** A request to a callback address as it arrived. */
export type CallbackKnock = {
  platform: PlatformName
  /** The connection's key, as the address has it. */
  connection: string
  method: 'GET' | 'POST'
  query: Record<string, string>
  body: Uint8Array
}

/** What became of a callback. All but the first three made the platform no promise. */
export type CallbackOutcome =
  | 'kept'
  | 'known'
  | 'verified'
  | 'unknown'
  | 'bad-signature'
  | 'wrong-receiver'
  | 'stale'
  | 'malformed'
  | 'too-large'
  | 'too-deep'

/**
 * Opens callbacks and keeps what is in them. An answer acknowledges: what it is given for has been kept. Whatever it
 * throws means that nothing was kept.
 */
export type CallbackDesk = (knock: CallbackKnock) => Promise<{
  /** null: there is no such connection. */
  connection: string | null
  outcome: CallbackOutcome
  answer: { contentType: string; body: string } | null
}>

/** What the sender is told of each refusal. Which part of the secret was wrong is for operations alone. */
const problems = {
  unknown: 'not-found',
  'bad-signature': 'callback-refused',
  'wrong-receiver': 'callback-refused',
  stale: 'callback-refused',
  malformed: 'callback-unreadable',
  'too-deep': 'callback-unreadable',
  'too-large': 'body-too-large',
} as const satisfies Partial<Record<CallbackOutcome, PageProblem>>

/** How callbacks are taken in and told of. */
export type CallbackParts = {
  desk: CallbackDesk
  /** One callback and what came of it: an outcome, or `not-kept` when it could not be written down. */
  onCallback: (connection: string, outcome: CallbackOutcome | 'not-kept') => void
  refuse: (request: FastifyRequest, reply: FastifyReply, problem: PageProblem) => FastifyReply
}

const promised: readonly string[] = ['kept', 'known', 'verified']
const tellEveryMs = 60_000

/** Counts every callback, and tells of each kind of refusal once a minute: a stranger must not be able to fill the log. */
export function countCallbacks(parts: {
  metrics: Pick<Metrics, 'recordCallback'>
  clock: Clock
  onRefusedCallback?: (connection: string, outcome: string) => void
}): CallbackParts['onCallback'] {
  const toldAt = new Map<string, number>()
  return (connection, outcome) => {
    parts.metrics.recordCallback(connection, outcome)
    const kind = `${connection} ${outcome}`
    const now = parts.clock.now().epochMilliseconds
    if (promised.includes(outcome) || now < (toldAt.get(kind) ?? Number.NEGATIVE_INFINITY) + tellEveryMs)
      return
    toldAt.set(kind, now)
    parts.onRefusedCallback?.(connection, outcome)
  }
}

/** `/callbacks/{platform}/{connection}`: read raw, kept, and only then acknowledged. */
export function addCallbacks(app: FastifyInstance, { desk, onCallback, refuse }: CallbackParts): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const take = (platform: PlatformName) => async (request: FastifyRequest, reply: FastifyReply) => {
      const { connection: key } = request.params as { connection: string }
      const query = queryOf(request.url)
      const method = request.method === 'POST' ? 'POST' : 'GET'
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
      if (query === null) {
        onCallback('', 'malformed')
        return refuse(request, reply, 'callback-unreadable')
      }
      try {
        const { connection, outcome, answer } = await desk({ platform, connection: key, method, query, body })
        onCallback(connection ?? '', outcome)
        if (answer) return reply.type(answer.contentType).send(answer.body)
        return refuse(request, reply, problems[outcome as keyof typeof problems])
      } catch (error) {
        onCallback('', 'not-kept')
        if (!(error instanceof FailureError)) throw error
        reply.header('retry-after', '5')
        return refuse(request, reply, 'not-ready')
      }
    }
    scope.post('/callbacks/dingtalk/:connection', { bodyLimit: longestBody }, take('dingtalk'))
    scope.route({
      method: ['GET', 'POST'],
      url: '/callbacks/wecom/:connection',
      bodyLimit: longestBody,
      exposeHeadRoute: false,
      handler: take('wecom'),
    })
  })
}

/**
 * The query by name, decoded once; a plus is a plus, since it stands for itself in base64 and nothing sent here holds a
 * blank. The first of two with one name counts. null: not decodable.
 */
export function queryOf(url: string): Record<string, string> | null {
  const start = url.indexOf('?')
  const query: Record<string, string> = Object.create(null)
  if (start < 0) return query
  try {
    for (const pair of url.slice(start + 1).split('&')) {
      const equals = pair.indexOf('=')
      const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals))
      query[name] ??= equals < 0 ? '' : decodeURIComponent(pair.slice(equals + 1))
    }
    return query
  } catch {
    return null
  }
}
