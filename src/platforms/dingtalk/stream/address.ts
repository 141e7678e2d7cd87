import { isIP } from 'node:net'

/**
 * May a Stream be opened there? Encrypted anywhere, in the clear on this machine only (the sandbox): the address comes
 * in an answer, and whoever forges that answer must not be given events in the clear or reach into the local network.
 */
export function isStreamAddress(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, username, password } = new URL(endpoint)
  if (username !== '' || password !== '') return false
  return protocol === 'wss:' || (protocol === 'ws:' && isLoopback(hostname))
}

/** The address with its ticket. It is a secret for as long as the ticket is good: never logged. */
export function withTicket(endpoint: string, ticket: string): string {
  const url = new URL(endpoint)
  url.searchParams.set('ticket', ticket)
  return url.href
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
