import type { AddressInfo } from 'node:net'
import { fail } from '#domain/failures.ts'
import { createHttp, type HttpOptions } from './create-http.ts'
import { isLoopback, urlHost } from './loopback.ts'

/** Where the pages are, and how to put them away. */
export type RunningHttp = {
  /** What a person on this machine opens, e.g. `http://127.0.0.1:3000`. */
  url: string
  host: string
  port: number
  /** Lets the answers in flight end; whoever reads too slowly is cut off. */
  close(): Promise<void>
}

/** How long the answers in flight may take once the product is being put away. */
const closeWithinMs = 5_000

/**
 * Serves the pages on `host`:`port` (0: whichever is free). Failures: `server.port-taken`; `usage.invalid` where this
 * machine has no such host, or the port needs rights that the process does not have.
 */
export async function startHttp({ port, ...options }: HttpOptions & { port: number }): Promise<RunningHttp> {
  const { host, clock } = options
  const app = createHttp(options)
  app.server.maxConnections = 512
  try {
    await app.listen({ host, port, backlog: 128 })
  } catch (error) {
    await app.close()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') fail('server.port-taken', { port, host }, error)
    if (code === 'EACCES') fail('usage.invalid', { what: `--port ${port}`, instead: '--port 3000' }, error)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAFNOSUPPORT')
      fail('usage.invalid', { what: `--host ${host}`, instead: '--host 127.0.0.1' }, error)
    throw error
  }
  const bound = (app.server.address() as AddressInfo).port
  const opened = isLoopback(host) ? host : '127.0.0.1'
  return {
    url: `http://${urlHost(opened)}:${bound}`,
    host,
    port: bound,
    async close() {
      const isClosed = new AbortController()
      const late = clock.sleep(closeWithinMs, isClosed.signal).then(
        () => app.server.closeAllConnections(),
        () => {},
      )
      await app.close()
      isClosed.abort()
      await late
    },
  }
}
