import { isIPv4, isIPv6 } from 'node:net'

/** Only this machine can reach it: 127.0.0.0/8, ::1 and `localhost`. */
export function isLoopback(host: string): boolean {
  const name = unbracket(host.toLowerCase())
  if (isIPv4(name)) return name.startsWith('127.')
  if (isIPv6(name)) return name === '::1' || name === '0:0:0:0:0:0:0:1' || /^::ffff:127\./.test(name)
  return name === 'localhost'
}

/**
 * The name part of a Host header, lower-case, without port and brackets; null when it is not a host at all.
 * A page of a hostile site whose name was pointed at 127.0.0.1 still sends that site's name here.
 */
export function hostName(header: string | undefined): string | null {
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '')
  return found ? unbracket(found[1]!.toLowerCase()).replace(/\.$/, '') : null
}

/** The address as it stands in a URL. */
export const urlHost = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

const unbracket = (host: string) => host.replace(/^\[(.*)\]$/, '$1')
