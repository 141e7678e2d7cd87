import type { Subscriptions } from './subscriptions.ts'
import { type Handler, transportError } from './transport.ts'

const TICK_MS = 200

/** One request out of the sandbox, over the network. Redirects are not followed: the platforms do not either. */
export const postOut: Handler = async ({ method, url, headers, body, timeoutMs }) => {
  try {
    const answer = await fetch(url, {
      ...{ method, headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
      ...(body !== undefined && { body }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text }
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    throw isLate
      ? transportError('timeout', `no answer within ${timeoutMs} ms`)
      : transportError('unreachable', `no answer from ${new URL(url).host}`)
  }
}

/** Makes time pass for the platforms' events. */
export function serveEvents(subscriptions: Subscriptions): { close: () => void } {
  let isClosed = false
  const ticking = setInterval(() => {
    if (subscriptions.nextDueMs() === null) return
    subscriptions.work().catch((error: unknown) => {
      // What was under way when the world was closed has nowhere to be written down.
      if (!isClosed) throw error
    })
  }, TICK_MS)
  return {
    close() {
      isClosed = true
      clearInterval(ticking)
    },
  }
}
