import type { PlatformName } from '#domain/ids.ts'
import { dayZone } from '#domain/window.ts'
import type { Lanes } from '#engine/lane.ts'
import { createDingtalkConnector } from '#platforms/dingtalk/connector.ts'
import { quotaOf } from '#platforms/dingtalk/limits.ts'
import { createGate, type Gate } from '#platforms/gate.ts'
import type { Platform } from '#platforms/platform.ts'
import type { CallRecord, ConnectionFacts } from '#platforms/ports.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'
import { readRecentCalls, saveCalls, takeQuota, tokenStore } from '#store/calls.ts'
import type { ConnectionRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** A connection with its gate open. `close` writes the rest of the call log down. */
export type OpenSide = { connection: ConnectionRow; platform: Platform; gate: Gate; close(): Promise<void> }

const publicHosts: Record<PlatformName, ConnectionFacts['hosts']> = {
  dingtalk: { oapi: 'https://oapi.dingtalk.com', api: 'https://api.dingtalk.com' },
  wecom: { oapi: 'https://qyapi.weixin.qq.com', api: 'https://qyapi.weixin.qq.com' },
}
/** A new gate starts its pace from the calls of the last minute, the longest window a limit is counted in. */
const paceMemoryMs = 60_000
const callsPerSave = 100

/** The same parts, keeping these lanes before every call: whoever has lost them calls no more, and fails with `lane.lost`. */
export const keeping = (lanes: Pick<Lanes, 'keep'>, parts: AppParts): AppParts => ({
  ...parts,
  async transport(request) {
    await lanes.keep()
    return parts.transport(request)
  },
})

/** Opens the gate of one connection for one piece of work. */
export async function openSide(
  parts: AppParts,
  connection: ConnectionRow,
  signal: AbortSignal,
): Promise<OpenSide> {
  const { database, tenant, clock, seal, options } = parts
  const db = database.kysely
  const facts = factsOf(parts, connection)
  const log = callLog(parts, connection)
  const gate = createGate({
    facts,
    transport: parts.transport,
    clock,
    random: parts.random,
    callLog: log,
    quota: {
      async take(at) {
        const date = at.toZonedDateTimeISO(dayZone).toPlainDate()
        const quota = quotaOf(facts.edition, date)
        const ask = { month: date.with({ day: 1 }), quota, isByHand: parts.isByHand ?? false }
        return { ...(await takeQuota(db, tenant, connection.corpId, ask)), quota }
      },
    },
    tokens: tokenStore(db, seal, tenant, connection.id, connection.secretPrint),
    pace: options.pace,
    addressPace: parts.addressPace,
    timeoutMs: { read: options.timeoutMs, write: options.timeoutMs },
    signal,
    onSkew: (seconds) => parts.onSkew?.({ tenant, connection: connection.key, seconds }),
    ...(parts.onCall && { onCall: (api, outcome, ms) => parts.onCall!(connection.key, api, outcome, ms) }),
  })
  gate.seedPacer(
    await readRecentCalls(db, tenant, connection.id, clock.now().subtract({ milliseconds: paceMemoryMs })),
  )
  const platform =
    connection.platform === 'dingtalk'
      ? createDingtalkConnector({ gate, facts, clock })
      : createWecomConnector({
          gate,
          facts,
          clock,
          jobNumber: jobNumberSource(connection.facts['jobNumber']),
        })
  return { connection, platform, gate, close: log.flush }
}

/** What the gate needs to know about this connection, its secret unsealed. */
export function factsOf(parts: Pick<AppParts, 'seal'>, connection: ConnectionRow): ConnectionFacts {
  const secrets = JSON.parse(parts.seal.open(connection.sealed)) as Record<string, string>
  const { clientId, edition, endpoints } = connection.facts as {
    clientId?: string
    edition?: string[]
    endpoints: { oapi?: string | null; api?: string | null }
  }
  const hosts = publicHosts[connection.platform]
  return {
    key: connection.key,
    platform: connection.platform,
    corpId: connection.corpId,
    clientId: clientId ?? '',
    secret: secrets['clientSecret'] ?? secrets['secret'] ?? '',
    hosts: { oapi: endpoints.oapi ?? endpoints.api ?? hosts.oapi, api: endpoints.api ?? hosts.api },
    edition: edition ?? [],
  }
}

type JobNumber = Parameters<typeof createWecomConnector>[0]['jobNumber']

function jobNumberSource(written: unknown): JobNumber {
  const { from, name } = (written ?? { from: 'none' }) as { from: string; name: string | null }
  if (from === 'extattr') return { from, name: name ?? '工号' }
  return from === 'userid' ? { from } : { from: 'none' }
}

/** Collects finished calls and writes them down a hundred at a time. A log that cannot be written stops no punch. */
function callLog(parts: AppParts, connection: ConnectionRow) {
  let waiting: CallRecord[] = []
  let writing: Promise<void> = Promise.resolve()
  const write = (calls: CallRecord[]) => {
    const rows = calls.map(({ connection: _, at, ...call }) => ({ ...call, at }))
    writing = writing
      .then(async () => {
        await saveCalls(parts.database.kysely, parts.tenant, connection.id, rows)
      })
      .catch(() => {})
  }
  return {
    record(call: CallRecord) {
      waiting.push(call)
      if (waiting.length < callsPerSave) return
      write(waiting)
      waiting = []
    },
    async flush() {
      if (waiting.length > 0) write(waiting)
      waiting = []
      await writing
    },
  }
}
