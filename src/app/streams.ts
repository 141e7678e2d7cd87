import { FailureError } from '#domain/failures.ts'
import type { StreamHealth } from '#domain/stream-health.ts'
import { type DingtalkStream, openStream } from '#platforms/dingtalk/stream/client.ts'
import { registerStream } from '#platforms/dingtalk/stream/register.ts'
import { type ConnectionRow, readConnections } from '#store/setup.ts'
import type { Inbox } from './inbox.ts'
import type { AppParts } from './parts.ts'
import { factsOf, type OpenSide, openSide } from './sides.ts'

/** The Streams this process holds, by connection. */
export interface Streams {
  /** Holds the Streams of these connections and of no others; one whose secret or address has changed begins anew. */
  follow(connections: readonly ConnectionRow[]): void
  /** Starts one. Nothing is done for a connection that wants none, or whose Stream runs already as it should. */
  start(connection: ConnectionRow): void
  /** Ends one: resolves when what was being kept is answered and its sockets are let go. */
  stop(key: string): Promise<void>
  /** By the connection's key. */
  health(): Record<string, StreamHealth>
  /** Ends all. */
  close(): Promise<void>
}

type Running = { print: string; stream: DingtalkStream; stopping: AbortController }

/** The same trouble of one connection is logged once in this time. */
const tellAgainMs = 60_000
/** How soon a changed setup is taken up. */
const lookEveryMs = 5_000

/** Does this connection have its events sent over a Stream? */
export const wantsStream = ({ platform, facts }: ConnectionRow): boolean =>
  platform === 'dingtalk' && facts['events'] === 'stream'

/** Holds the tenant's Streams as its setup has them, and as it changes, until the signal ends it. */
export async function serveStreams(parts: AppParts, streams: Streams, signal: AbortSignal): Promise<void> {
  const { clock, database, tenant } = parts
  while (!signal.aborted) {
    try {
      const connections = await readConnections(database.kysely, tenant)
      if (!signal.aborted) streams.follow(connections)
    } catch (error) {
      // The database is away; those who work with it say so. What is held is held on.
      if (!(error instanceof FailureError)) parts.onBug(error)
    }
    await clock.sleep(lookEveryMs, signal).catch(() => {})
  }
  await streams.close()
}

/** Nothing runs yet. Events go to the inbox before they are acknowledged; registrations pass the connection's gate. */
export function openStreams(parts: AppParts, inbox: Inbox): Streams {
  const running = new Map<string, Running>()
  const leaving = new Set<Promise<void>>()
  const { openSocket } = parts

  const leave = (key: string): Promise<void> => {
    const found = running.get(key)
    if (!found) return Promise.resolve()
    running.delete(key)
    found.stopping.abort()
    const left = found.stream.done.finally(() => leaving.delete(left))
    leaving.add(left)
    return left
  }
  const start = (connection: ConnectionRow): void => {
    if (!openSocket || !wantsStream(connection)) return
    const { key } = connection
    const print = printOf(connection)
    if (running.get(key)?.print === print) return
    void leave(key)
    const stopping = new AbortController()
    const stream = openOne({ ...parts, openSocket }, inbox, connection, stopping.signal)
    running.set(key, { print, stream, stopping })
  }

  return {
    start,
    stop: leave,
    follow(connections) {
      const wanted = connections.filter(wantsStream)
      for (const key of running.keys()) if (!wanted.some((row) => row.key === key)) void leave(key)
      wanted.forEach(start)
    },
    health: () => Object.fromEntries([...running].map(([key, { stream }]) => [key, stream.health()])),
    async close() {
      for (const key of [...running.keys()]) void leave(key)
      await Promise.all(leaving)
    },
  }
}

const printOf = ({ id, corpId, facts, secretPrint }: ConnectionRow): string =>
  JSON.stringify([id, corpId, secretPrint, facts['clientId'], facts['endpoints']])

function openOne(
  parts: AppParts & Required<Pick<AppParts, 'openSocket'>>,
  inbox: Inbox,
  connection: ConnectionRow,
  signal: AbortSignal,
): DingtalkStream {
  const { clock, random, options, log } = parts
  const { key, corpId } = connection
  const told = new Map<string, number>()
  let opening: Promise<OpenSide> | null = null
  return openStream({
    ...{ clock, random, signal, corpId },
    connections: options.streamConnections,
    open: parts.openSocket,
    keep: inbox.keeper(connection),
    async register() {
      // one gate for the Stream's life and all its sockets, so that a ban or a limit it met is kept to
      opening ??= openSide(parts, connection, signal)
      opening.catch(() => {
        opening = null
      })
      const side = await opening
      try {
        return await registerStream(side.gate, factsOf(parts, connection), `qintong/${options.version}`)
      } finally {
        await side.close()
      }
    },
    onTrouble(error) {
      if (!(error instanceof FailureError)) return void parts.onBug(error)
      const { code } = error.failure
      const now = clock.now().epochMilliseconds
      if (now < (told.get(code) ?? Number.NEGATIVE_INFINITY) + tellAgainMs) return
      told.set(code, now)
      log.warn({ connection: key, code, facts: error.failure.facts }, 'stream trouble')
    },
    onLine: (line, code) => log.info({ connection: key, line, code }, 'stream'),
  })
}
