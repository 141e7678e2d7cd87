import { hostName, isLoopback } from './loopback.ts'

/** What a request shows before anything is read of it. */
export type Knock = {
  method: string
  /** Path and query, as sent. */
  url: string
  host: string | undefined
  contentLength: string | undefined
  transferEncoding: string | undefined
  /** A header says that somebody in between passes it on: `X-Forwarded-*`, `Forwarded`, `Via`, `X-Real-IP`. */
  isForwarded: boolean
}

/** The door's own rules: the host it listens on, and the name by which the platforms call it. */
export type Door = { listensOn: string; publicName: string | null }

export type Refusal =
  | 'method-not-allowed'
  | 'no-body-accepted'
  | 'body-too-large'
  | 'address-too-long'
  | 'wrong-host'
  | 'sign-in-needed'

/** Longer than any address of ours ever is. */
export const longestUrl = 2_048

/** Bytes a callback may bring; nothing else may bring any. Far above what the platforms ever send. */
export const longestBody = 1024 * 1024

/** What the platforms themselves come for: their callbacks, and the proof that the domain is ours. */
const forPlatforms = /^\/(?:callbacks\/|WW_verify_)/
const isCallback = (path: string) => path.startsWith('/callbacks/')

/** Answered everywhere, whoever asks by whatever name: they hold nothing but yes or no. */
const health = ['/healthz', '/readyz']

const passedOn = /^(?:x-forwarded(?:-|$)|forwarded$|via$|x-real-ip$)/

/** Whether these headers, lower-case, say that a proxy passes the request on. */
export const isPassedOn = (headers: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(headers).some((name) => passedOn.test(name))

/** Whether a request may come in; the first rule that refuses wins. */
export function decideEntry(knock: Knock, door: Door): Refusal | null {
  if (knock.url.length > longestUrl) return 'address-too-long'
  const path = knock.url.split('?', 1)[0]!
  const length = Number(knock.contentLength ?? 0)
  if (isCallback(path)) {
    if (length > longestBody) return 'body-too-large'
  } else if (knock.transferEncoding !== undefined || length !== 0) return 'no-body-accepted'
  const isRead = knock.method === 'GET' || knock.method === 'HEAD'
  if (health.includes(path)) return isRead ? null : 'method-not-allowed'
  const name = hostName(knock.host)
  const isPublicName = name !== null && name === door.publicName
  // Callbacks prove themselves by their signature. A public name says that somebody wants them here.
  const isForPlatforms = isPublicName && forPlatforms.test(path)
  if (!isForPlatforms) {
    if (!isLoopback(door.listensOn)) return 'sign-in-needed'
    const isLocalName = name === 'localhost' || name === '127.0.0.1' || name === '::1'
    if (!isLocalName && !isPublicName) return 'wrong-host'
    // A proxy on this machine reaches a loopback door for the whole world, under our public name or under its own.
    if (isPublicName && !isLocalName) return 'sign-in-needed'
    if (knock.isForwarded && !forPlatforms.test(path)) return 'sign-in-needed'
  }
  return isRead || (isCallback(path) && knock.method === 'POST') ? null : 'method-not-allowed'
}
