import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A stretch of network between a process and a server on this machine, which can fail. */
export type Cable = {
  port: number
  /** Nothing comes through either way any more, and nobody is told. New connections are taken, and stay silent, too. */
  freeze(): void
  /** All connections end at once, and new ones are refused. */
  cut(): Promise<void>
  /** As new; what was sent during a freeze arrives now, unless the cable was cut meanwhile. */
  heal(): Promise<void>
  close(): Promise<void>
}

/** Lays one to this loopback port, on a port of its own. */
export async function layCable(to: number): Promise<Cable> {
  const pairs = new Set<[Socket, Socket]>()
  let isFrozen = false
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [one, other] of [pair, [far, near]] as const) {
      one.on('data', (chunk) => other.write(chunk))
      one.on('error', () => other.destroy())
      one.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
      if (isFrozen) one.pause()
    }
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  const end = async () => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : null
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy()
    await closed
  }
  return {
    port,
    freeze() {
      isFrozen = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    cut: end,
    async heal() {
      isFrozen = false
      if (!server.listening) await listen(port)
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    close: end,
  }
}
