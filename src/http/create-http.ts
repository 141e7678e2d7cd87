import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Clock } from '#domain/effects.ts'
import { type Failure, FailureError } from '#domain/failures.ts'
import type { StreamHealth } from '#domain/stream-health.ts'
import type { InboxCount } from '#store/inbox.ts'
import { addCallbacks, type CallbackDesk, countCallbacks } from './callbacks.ts'
import type { PersonEntry, Problem, Sources } from './contract.ts'
import { type Door, decideEntry, isPassedOn } from './guard.ts'
import { safeHeaders } from './headers.ts'
import { hostName } from './loopback.ts'
import type { Metrics } from './metrics.ts'
import { type PageProblem, pageProblem, problemOf, storeProblem } from './problems.ts'
import { languageOf, wantsPage } from './reader.ts'
import type { Viewing } from './status-page/layout.ts'
import { iconFile } from './status-page/marks.ts'
import { problemPage } from './status-page/problem-page.ts'
import { statusPage } from './status-page/status-page.ts'
import { unidentified } from './verdict.ts'

export type HttpOptions = {
  operations: Sources
  /** The database answers and its migrations are done. One that throws is not ready. */
  isReady: () => Promise<boolean> | boolean
  /** What is wrong with the database just now; null: nothing. Answers within seconds, whatever state that is in. */
  store?: () => Promise<Failure | null>
  metrics: Metrics
  clock: Clock
  /** The host it will listen on: anything but loopback answers health only, until there is sign-in. */
  host: string
  /** `QINTONG_PUBLIC_URL`: under its name come callbacks, proofs of the domain and health, and nothing else. */
  publicUrl?: string | undefined
  /** The product runs on the demo's home, so commands on the page say `--demo`. */
  isDemo?: boolean
  /** The page of the sandbox that plays the platforms, in the demo. */
  sandboxPage?: string | undefined
  /** Takes the platforms' callbacks; absent: there are no such addresses. */
  callbacks?: CallbackDesk
  /** How full each connection's inbox is, for the figures. */
  inbox?: () => Promise<InboxCount[]>
  /** The Streams this process holds, by connection, for the figures. */
  streams?: () => Record<string, StreamHealth>
  /** Codes of `/WW_verify_<code>.txt`, with which WeCom proves that a domain is ours. */
  domainProofs?: readonly string[]
  /** A callback that was refused, for the log: the first of its kind in a minute. */
  onRefusedCallback?: (connection: string, outcome: string) => void
  /** Keeps an error that is not a FailureError whole, and gives the reference the reader is told. */
  onBug: (error: unknown) => string
}

/** A question that takes longer is given up with `not-ready`; the reader's page asks again by itself. */
const answerWithinMs = 15_000
/** Runs read for the page: enough to find each route's latest failure. */
const runsRead = 50

/** What fastify throws at requests by itself. */
const transportProblems: Record<string, PageProblem> = {
  FST_ERR_HANDLER_TIMEOUT: 'not-ready',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad-request',
  ECONNRESET: 'bad-request',
}

/** The pages, not listening yet. Reads only: whatever changes something is a command. */
export function createHttp(options: HttpOptions): FastifyInstance {
  const { operations, metrics, clock, onBug } = options
  const door: Door = {
    listensOn: options.host,
    publicName: hostName(options.publicUrl && new URL(options.publicUrl).host),
  }
  const isReady = async () => {
    try {
      return await options.isReady()
    } catch {
      return false
    }
  }
  const storeTrouble = async () => (await options.store?.()) ?? null
  /** Nobody waits for a page from a database that answers nobody. */
  const readable = async () => {
    const trouble = await storeTrouble()
    if (trouble && isUnreadable(trouble)) throw new FailureError(trouble)
    return trouble
  }
  const unreadable = (error: unknown) => {
    if (!(error instanceof FailureError)) onBug(error)
    return null
  }
  const app = fastify({
    logger: false, // a full URL is never logged
    forceCloseConnections: 'idle',
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    handlerTimeout: answerWithinMs,
    bodyLimit: 1, // bodies are refused unread; nothing may parse one
    http: { maxHeaderSize: 8_192, headersTimeout: 10_000 },
    frameworkErrors: (_error, request, reply) => {
      const refusal = decideEntry(knockOf(request), door)
      return refuse(request, reply, pageProblem(refusal ?? 'bad-request', readerOf(request).lang))
    },
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(rawProblem('bad-request'))
    },
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(safeHeaders)
    const refusal = decideEntry(knockOf(request), door)
    if (!refusal) return
    if (refusal === 'method-not-allowed')
      reply.header('allow', request.url.startsWith('/callbacks/') ? 'GET, POST' : 'GET, HEAD')
    if (refusal === 'body-too-large') metrics.recordCallback('', 'too-large')
    if (refusal === 'no-body-accepted' || refusal === 'body-too-large') reply.header('connection', 'close') // the body is never read
    return refuse(request, reply, pageProblem(refusal, readerOf(request).lang))
  })
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, pageProblem('not-found', readerOf(request).lang)),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { lang } = readerOf(request)
    const known = transportProblems[error.code]
    if (known === 'body-too-large') metrics.recordCallback('', 'too-large')
    if (known) return refuse(request, reply, pageProblem(known, lang))
    const trouble = error instanceof FailureError ? error.failure : null
    if (trouble?.code.startsWith('store.')) return refuse(request, reply, storeProblem(trouble, lang))
    return refuse(request, reply, problemOf(error, lang, onBug))
  })

  if (options.callbacks)
    addCallbacks(app, {
      desk: options.callbacks,
      onCallback: countCallbacks(options),
      refuse: (request, reply, problem) =>
        refuse(request, reply, pageProblem(problem, readerOf(request).lang)),
    })
  for (const code of options.domainProofs ?? [])
    app.get(`/WW_verify_${code}.txt`, (_request, reply) => reply.type('text/plain').send(code))
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const trouble = await storeTrouble()
    if (!trouble && (await isReady())) return { status: 'ok' }
    reply.header('retry-after', '5')
    if (trouble) return refuse(request, reply, storeProblem(trouble, readerOf(request).lang))
    return refuse(request, reply, pageProblem('not-ready', readerOf(request).lang))
  })
  app.get('/metrics', async (_request, reply) => {
    // the counters of the calls matter most when the database is away
    const trouble = await storeTrouble()
    const isAway = trouble !== null && isUnreadable(trouble)
    metrics.showStore(trouble)
    metrics.showStatus(isAway ? null : await operations.status().catch(unreadable))
    metrics.showStreams(options.streams?.() ?? {})
    metrics.showInbox(isAway ? null : ((await options.inbox?.().catch(unreadable)) ?? null))
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  app.get('/api/status', async () => {
    await readable()
    return operations.status()
  })
  app.get('/assets/icon.svg', (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(iconFile),
  )
  app.get('/', async (request, reply) => {
    const trouble = await readable()
    const status = await operations.status()
    const runs = status.routes.length === 0 ? [] : await operations.runs({ limit: runsRead })
    const people = new Map<string, PersonEntry[]>()
    for (const route of status.routes)
      if (unidentified(route) > 0) people.set(route.route, await operations.people({ route: route.route }))
    const facts = {
      status,
      runs,
      people,
      trouble,
      now: clock.now(),
      isDemo: options.isDemo ?? false,
      sandboxPage: options.sandboxPage ?? null,
    }
    return reply.type('text/html; charset=utf-8').send(statusPage(facts, viewingOf(request)))
  })
  return app
}

/** Nothing can be read, so nothing is asked; what only takes no writes is read all the same. */
const isUnreadable = ({ code }: Failure): boolean => code === 'store.gone' || code === 'store.slow'

/** A person in a browser gets a page, everything else RFC 9457; the API and the probes never answer with a page. */
function refuse(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  reply.headers(safeHeaders).code(problem.status)
  const isForMachines = /^\/(api\/|healthz|readyz|metrics)/.test(request.url)
  if (!isForMachines && wantsPage(request.headers.accept))
    return reply.type('text/html; charset=utf-8').send(problemPage(problem, viewingOf(request)))
  return reply.type('application/problem+json').serializer(JSON.stringify).send(problem)
}

const knockOf = ({ method, url, headers }: FastifyRequest) => ({
  method,
  url,
  host: headers.host,
  contentLength: headers['content-length'],
  transferEncoding: headers['transfer-encoding'],
  isForwarded: isPassedOn(headers),
})

const readerOf = (request: FastifyRequest) => ({
  lang: languageOf(asked(request, 'lang'), request.headers['accept-language']),
})

const viewingOf = (request: FastifyRequest): Viewing => ({
  ...readerOf(request),
  refreshes: asked(request, 'refresh') !== 'off',
})

const asked = ({ query }: FastifyRequest, name: string): unknown =>
  (query as Record<string, unknown> | null | undefined)?.[name]

/** For what is not even HTTP, so that nobody knows who reads it. */
function rawProblem(code: PageProblem): string {
  const problem = pageProblem(code, 'zh')
  const body = JSON.stringify(problem)
  return `HTTP/1.1 ${problem.status} Bad Request\r\ncontent-type: application/problem+json\r\nx-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}
