import { BlockList, isIP } from 'node:net'

/** Where a cloud keeps its machines' own secrets. A notice has no business there. */
const metadata = new BlockList()
metadata.addSubnet('169.254.0.0', 16, 'ipv4')
metadata.addAddress('100.100.100.200', 'ipv4')
metadata.addAddress('192.0.0.192', 'ipv4')
metadata.addSubnet('fe80::', 10, 'ipv6')
metadata.addAddress('fd00:ec2::254', 'ipv6')
const metadataNames = /(^|\.)metadata(\.google\.internal|\.tencentyun\.com|\.aliyuncs\.com)?$/

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** `localhost`, or an address of this machine itself. */
export function isLoopback(host: string): boolean {
  const name = bare(host)
  return name === 'localhost' || isIn(loopback, name)
}

/**
 * An address that notices may be sent to: https, or http on this machine; no metadata service, no link-local address,
 * no user name. A name is not looked up: behind https its certificate has to be right.
 */
export function isOutward(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) return false
  const host = bare(hostname)
  if (isIn(metadata, host) || metadataNames.test(host)) return false
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(host))
}

/** Without the brackets of an IPv6 address and the dot at the end of a full name. */
const bare = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')

const isIn = (list: BlockList, host: string): boolean => {
  const version = isIP(host)
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
