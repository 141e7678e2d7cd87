import { expect, test } from 'vitest'
import { isStreamAddress, withTicket } from './address.ts'

test.for([
  { address: 'wss://wss-open-connection.dingtalk.com:443/connect', may: true },
  { address: 'wss://wss-open-connection-union.dingtalk.com/connect', may: true },
  { address: 'ws://127.0.0.1:4001/connect', may: true },
  { address: 'ws://localhost:4001/connect', may: true },
  { address: 'ws://[::1]:4001/connect', may: true },
  { address: 'ws://wss-open-connection.dingtalk.com/connect', may: false },
  { address: 'ws://127.0.0.1.example.com/connect', may: false },
  { address: 'ws://10.0.0.5/connect', may: false },
  { address: 'http://127.0.0.1/connect', may: false },
  { address: 'https://api.dingtalk.com/connect', may: false },
  { address: 'wss://user:secret@example.com/connect', may: false },
  { address: 'file:///etc/passwd', may: false },
  { address: '/connect', may: false },
  { address: '', may: false },
])('a Stream at “$address”: $may', ({ address, may }) => {
  expect(isStreamAddress(address)).toBe(may)
})

test('the ticket arrives as it was given, whatever is in it', () => {
  const ticket = 'a+b/c=&d e?#中'
  const url = new URL(withTicket('wss://example.com/connect?zone=1', ticket))
  expect(url.searchParams.get('ticket')).toBe(ticket)
  expect(url.searchParams.get('zone')).toBe('1')
})
