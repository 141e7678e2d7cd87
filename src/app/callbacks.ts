import type { PlatformName } from '#domain/ids.ts'
import type { CallbackDesk, CallbackOutcome } from '#http/callbacks.ts'
import type { CallbackRead, CallbackRequest } from '#platforms/callback.ts'
import { readDingtalkCallback } from '#platforms/dingtalk/callback.ts'
import { readWecomCallback } from '#platforms/wecom/callback.ts'
import { type ConnectionRow, readConnections } from '#store/setup.ts'
import type { Inbox } from './inbox.ts'
import type { AppParts } from './parts.ts'

/** How long the connections are remembered: a burst reads them once, and one that is gone is refused a second later. */
const rememberMs = 1_000

/** Opens what arrives at the callback addresses with the secrets of its connection, and keeps it. */
export function callbackDesk(parts: AppParts, inbox: Inbox): CallbackDesk {
  const connections = remembered(parts)
  return async ({ platform, connection: key, ...request }) => {
    const connection = (await connections()).get(`${platform} ${key}`)
    const read = connection && readCallback(parts, connection, { ...request, at: parts.clock.now() })
    if (!connection || !read) return { connection: connection?.key ?? null, outcome: 'unknown', answer: null }
    const told = (outcome: CallbackOutcome) => ({
      connection: connection.key,
      outcome,
      answer: read.kind === 'refused' ? null : read.answer,
    })
    if (read.kind === 'refused') return told(read.because)
    if (read.kind === 'verification') return told('verified')
    return told(await inbox.keeper(connection)(read.event))
  }
}

/** undefined: this connection takes no callbacks. */
function readCallback(
  { seal, random, options }: AppParts,
  connection: ConnectionRow,
  request: CallbackRequest,
): CallbackRead | undefined {
  const { corpId, facts } = connection
  const secrets = JSON.parse(seal.open(connection.sealed)) as {
    events?: { token: string; aesKey: string } | null
    callback?: { token: string; encodingAesKey: string } | null
  }
  if (connection.platform === 'dingtalk') {
    if (!secrets.events) return undefined
    const keys = { ...secrets.events, corpId, clientId: String(facts['clientId']) }
    return readDingtalkCallback(keys, request, random)
  }
  if (!secrets.callback) return undefined
  const { token, encodingAesKey: aesKey } = secrets.callback
  return readWecomCallback({ token, aesKey, corpId, maxAgeMs: options.callbackMaxAgeMs }, request)
}

/** The tenant's connections by platform and key, read again when the last reading is older than `rememberMs`. */
function remembered({ database, tenant, clock }: AppParts): () => Promise<Map<string, ConnectionRow>> {
  let until = Number.NEGATIVE_INFINITY
  let reading: Promise<Map<string, ConnectionRow>> | null = null
  const nameOf = (row: { platform: PlatformName; key: string }) => `${row.platform} ${row.key}`
  const read = async () =>
    new Map((await readConnections(database.kysely, tenant)).map((row) => [nameOf(row), row]))
  return () => {
    const now = clock.now().epochMilliseconds
    if (!reading || now >= until) {
      until = now + rememberMs
      reading = read()
      reading.catch(() => {
        reading = null
      })
    }
    return reading
  }
}
