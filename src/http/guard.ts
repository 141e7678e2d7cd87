import { hostName, isLoopback } from './loopback.ts'

/** What a request shows before anything is read of it. */
export type Knock = {
  method: string
  /** Path and query, as sent. */
  url: string
  host: string | undefined
  contentLength: string | undefined
  transferEncoding: string | undefined
}

/** The door's own rules: the host it listens on, and the names it may be called by besides the loopback ones. */
export type Door = { listensOn: string; publicName: string | null }

export type Refusal =
  | 'method-not-allowed'
  | 'no-body-accepted'
  | 'address-too-long'
  | 'wrong-host'
  | 'sign-in-needed'

/** Longer than any address of ours ever is. */
export const longestUrl = 2_048

/** Answered everywhere, whoever asks by whatever name: they hold nothing but yes or no. */
const health = ['/healthz', '/readyz']

/** Whether a request may come in; the first rule that refuses wins. */
export function decideEntry(knock: Knock, door: Door): Refusal | null {
  if (knock.url.length > longestUrl) return 'address-too-long'
  if (knock.transferEncoding !== undefined || Number(knock.contentLength ?? 0) !== 0)
    return 'no-body-accepted'
  const isRead = knock.method === 'GET' || knock.method === 'HEAD'
  const path = knock.url.split('?', 1)[0]!
  if (health.includes(path)) return isRead ? null : 'method-not-allowed'
  if (!isLoopback(door.listensOn)) return 'sign-in-needed'
  const name = hostName(knock.host)
  const isOurs =
    name === 'localhost' ||
    name === '127.0.0.1' ||
    name === '::1' ||
    (name !== null && name === door.publicName)
  if (!isOurs) return 'wrong-host'
  return isRead ? null : 'method-not-allowed'
}
