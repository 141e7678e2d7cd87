import { type Dispatcher, Pool, ProxyAgent } from 'undici'
import type { HttpAnswer, HttpRequest, Transport } from '#platforms/ports.ts'

/**
 * unreachable: the request certainly never reached the server (no address, refused, no connection, no TLS). too-late: it
 * was not even tried, since its time had passed. timeout, reset: it may have reached it; nobody knows. too-large: the
 * answer was longer than we are willing to hold.
 */
export type TransportKind = 'unreachable' | 'too-late' | 'timeout' | 'reset' | 'too-large'

export class TransportError extends Error {
  override name = 'TransportError'
  readonly kind: TransportKind
  constructor(kind: TransportKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const kinds: readonly string[] = [
  'unreachable',
  'too-late',
  'timeout',
  'reset',
  'too-large',
] satisfies TransportKind[]

/** The kind of a transport's error, by its shape: the sandbox throws look-alikes. null: something else, a bug. */
export function transportKind(error: unknown): TransportKind | null {
  if (!(error instanceof Error) || error.name !== 'TransportError' || !('kind' in error)) return null
  return typeof error.kind === 'string' && kinds.includes(error.kind) ? (error.kind as TransportKind) : null
}

const connectTimeoutMs = 8_000
const maxAnswerBytes = 64 * 1024 * 1024

/** Errors that can only happen before the first byte of the request went out. */
const beforeTheFirstByte = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
  'UND_ERR_PRX_CONN',
  'UND_ERR_CLOSED',
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_URL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])
/** The same, for the system's own errors: EHOSTUNREACH may also end a connection that carried the request already. */
const beforeConnected = new Set(['connect', 'getaddrinfo'])
const tooSlow = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

/**
 * The real network: one pool of connections per host, kept alive. `proxy` (HTTPS_PROXY) carries every https address,
 * so that the platforms see one fixed egress address; plain http (the sandbox on loopback) goes direct.
 * Throws only TransportError. The answer's body is always read to its end, and never past 64 MiB.
 */
export function createHttpTransport(options: {
  proxy?: string
  maxBytes?: number
}): Transport & { close(): Promise<void> } {
  const maxResponseSize = options.maxBytes ?? maxAnswerBytes
  const pools = new Map<string, Dispatcher>()
  const open = (origin: string): Dispatcher => {
    const settings = {
      connections: 8,
      allowH2: false,
      maxResponseSize,
      connect: { timeout: connectTimeoutMs },
    }
    return options.proxy && origin.startsWith('https:')
      ? new ProxyAgent({ ...settings, uri: options.proxy })
      : new Pool(origin, settings)
  }
  const poolOf = (origin: string): Dispatcher => {
    const pool = pools.get(origin) ?? open(origin)
    pools.set(origin, pool)
    return pool
  }

  const transport = async (request: HttpRequest): Promise<HttpAnswer> => {
    const deadline = AbortSignal.timeout(request.timeoutMs)
    try {
      const url = new URL(request.url)
      const answer = await poolOf(url.origin).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs,
        signal: deadline,
      })
      return { status: answer.statusCode, headers: flat(answer.headers), text: await answer.body.text() }
    } catch (error) {
      throw toTransportError(error, deadline.aborted)
    }
  }
  const close = async () => {
    const open = [...pools.values()]
    pools.clear()
    await Promise.all(open.map((pool) => pool.close()))
  }
  return Object.assign(transport, { close })
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return Object.fromEntries(entries)
}

/** The message is the error's code only: undici's texts may hold the URL, and a URL holds the token. */
function toTransportError(error: unknown, isPastDeadline: boolean): TransportError {
  const chain = chainOf(error)
  const codes = chain.map(({ code }) => code)
  const early = chain.find(
    ({ code, syscall }) => beforeTheFirstByte.has(code) || beforeConnected.has(syscall),
  )
  const code = early?.code ?? codes[0] ?? (error instanceof Error ? error.name : 'unknown')
  if (early || isProxyRefusal(error)) return new TransportError('unreachable', code)
  if (codes.includes('UND_ERR_RES_EXCEEDED_MAX_SIZE')) return new TransportError('too-large', code)
  if (isPastDeadline || codes.some((each) => tooSlow.has(each))) return new TransportError('timeout', code)
  return new TransportError('reset', code)
}

/** The error and all it was caused by; one host may have several addresses, each with its own error. */
function chainOf(error: unknown, depth = 0): { code: string; syscall: string }[] {
  if (!(error instanceof Error) || depth > 4) return []
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : ''
  const inner = error instanceof AggregateError ? error.errors : []
  const causes = [...inner, error.cause].flatMap((each) => chainOf(each, depth + 1))
  return code === '' ? causes : [{ code, syscall }, ...causes]
}

/** The proxy answered CONNECT with something else than 200: the platform was never spoken to. */
const isProxyRefusal = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Proxy response')
