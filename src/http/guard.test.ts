import { expect, test } from 'vitest'
import { decideEntry, isPassedOn, type Knock, longestBody, longestUrl } from './guard.ts'
import { hostName, isLoopback, urlHost } from './loopback.ts'
import { languageOf, wantsPage } from './reader.ts'

const knock = (change: Partial<Knock> = {}): Knock => ({
  method: 'GET',
  url: '/',
  host: '127.0.0.1:3000',
  contentLength: undefined,
  transferEncoding: undefined,
  isForwarded: false,
  ...change,
})
const callback = '/callbacks/wecom/hq-wecom?nonce=1'
const here = { listensOn: '127.0.0.1', publicName: null }
const open = { listensOn: '0.0.0.0', publicName: null }
const named = { listensOn: '127.0.0.1', publicName: 'kaoqin.example.com' }

test.for([
  { when: 'a browser on this machine asks', gives: null },
  { when: 'it says localhost', knock: { host: 'localhost:3000' }, gives: null },
  { when: 'it says [::1]', knock: { host: '[::1]:3000' }, gives: null },
  {
    when: 'it says localhost in capitals and with a final dot',
    knock: { host: 'LOCALHOST.:3000' },
    gives: null,
  },
  { when: 'a hostile name was pointed at us', knock: { host: 'evil.example:3000' }, gives: 'wrong-host' },
  { when: 'a name only begins like ours', knock: { host: 'localhost.evil.example' }, gives: 'wrong-host' },
  { when: 'a name only ends like ours', knock: { host: 'evil-localhost' }, gives: 'wrong-host' },
  { when: 'there is no Host at all', knock: { host: undefined }, gives: 'wrong-host' },
  { when: 'the Host is no host', knock: { host: 'user@127.0.0.1' }, gives: 'wrong-host' },
  {
    when: 'a hostile name asks for the metrics',
    knock: { host: 'evil.example', url: '/metrics' },
    gives: 'wrong-host',
  },
  { when: 'a hostile name asks for health', knock: { host: 'evil.example', url: '/healthz' }, gives: null },
  {
    when: 'the page is asked for by the public name',
    knock: { host: 'kaoqin.example.com' },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'the figures are asked for by the public name',
    knock: { host: 'kaoqin.example.com', url: '/metrics' },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'the status is asked for by the public name, with a port, in capitals and with a final dot',
    knock: { host: 'KAOQIN.example.com.:443', url: '/api/status' },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'an unknown path is asked for by the public name',
    knock: { host: 'kaoqin.example.com', url: '/callbacks' },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'a path only begins like a callback and leaves it again',
    knock: { host: 'kaoqin.example.com', url: '//callbacks/wecom' },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'a platform calls back by the public name',
    knock: { method: 'POST', url: callback, host: 'kaoqin.example.com', contentLength: '400' },
    door: named,
    gives: null,
  },
  {
    when: 'a proxy passes a callback on by the public name',
    knock: { method: 'POST', url: callback, host: 'kaoqin.example.com', isForwarded: true },
    door: named,
    gives: null,
  },
  {
    when: 'a proxy that does not keep the name passes a callback on',
    knock: { method: 'POST', url: callback, host: '127.0.0.1:3000', isForwarded: true },
    door: named,
    gives: null,
  },
  {
    when: 'a platform asks for the proof by the public name',
    knock: { url: '/WW_verify_a1.txt', host: 'kaoqin.example.com', isForwarded: true },
    door: named,
    gives: null,
  },
  {
    when: 'health is asked for by the public name',
    knock: { url: '/healthz', host: 'kaoqin.example.com', isForwarded: true },
    door: named,
    gives: null,
  },
  {
    when: 'a proxy that does not keep the name passes the page on',
    knock: { host: '127.0.0.1:3000', isForwarded: true },
    door: named,
    gives: 'sign-in-needed',
  },
  {
    when: 'a proxy passes the figures on where no public name is set',
    knock: { url: '/metrics', host: 'localhost:3000', isForwarded: true },
    gives: 'sign-in-needed',
  },
  { when: 'the page is asked for by a loopback name beside it', door: named, gives: null },
  {
    when: 'the public name is itself a loopback one',
    knock: { host: '127.0.0.1:3000' },
    door: { ...here, publicName: '127.0.0.1' },
    gives: null,
  },
  {
    when: 'another name is used beside it',
    knock: { host: 'other.example.com' },
    door: named,
    gives: 'wrong-host',
  },
  { when: 'the public name is used but not set', knock: { host: 'kaoqin.example.com' }, gives: 'wrong-host' },
  { when: 'we listen to the world', door: open, gives: 'sign-in-needed' },
  {
    when: 'a platform calls back',
    knock: { method: 'POST', url: callback, contentLength: '400' },
    gives: null,
  },
  {
    when: 'it calls back in chunks',
    knock: { method: 'POST', url: callback, transferEncoding: 'chunked' },
    gives: null,
  },
  {
    when: 'its body is as large as may be',
    knock: { method: 'POST', url: callback, contentLength: String(longestBody) },
    gives: null,
  },
  {
    when: 'its body is a byte larger',
    knock: { method: 'POST', url: callback, contentLength: String(longestBody + 1) },
    gives: 'body-too-large',
  },
  { when: 'it deletes', knock: { method: 'DELETE', url: callback }, gives: 'method-not-allowed' },
  {
    when: 'it calls back under another name',
    knock: { method: 'POST', url: callback, host: 'evil.example' },
    gives: 'wrong-host',
  },
  {
    when: 'it calls back to the world',
    knock: { method: 'POST', url: callback },
    door: open,
    gives: 'sign-in-needed',
  },
  {
    when: 'it calls back to the world by its public name',
    knock: { method: 'POST', url: callback, host: 'kaoqin.example.com' },
    door: { ...named, listensOn: '0.0.0.0' },
    gives: null,
  },
  {
    when: 'it calls back to the world and only says localhost',
    knock: { method: 'POST', url: callback },
    door: { ...named, listensOn: '0.0.0.0' },
    gives: 'sign-in-needed',
  },
  {
    when: 'the domain is to be proven to the world',
    knock: { url: '/WW_verify_a1.txt', host: 'kaoqin.example.com' },
    door: { ...named, listensOn: '0.0.0.0' },
    gives: null,
  },
  {
    when: 'a proof is posted',
    knock: { method: 'POST', url: '/WW_verify_a1.txt' },
    gives: 'method-not-allowed',
  },
  {
    when: 'the console is asked for by the public name, from the world',
    knock: { host: 'kaoqin.example.com' },
    door: { ...named, listensOn: '0.0.0.0' },
    gives: 'sign-in-needed',
  },
  {
    when: 'we listen to the world and it says localhost',
    knock: { host: 'localhost' },
    door: open,
    gives: 'sign-in-needed',
  },
  {
    when: 'the metrics are asked for from the world',
    knock: { url: '/metrics' },
    door: open,
    gives: 'sign-in-needed',
  },
  {
    when: 'health is asked for from the world',
    knock: { url: '/healthz?x=1', host: '10.0.0.9' },
    door: open,
    gives: null,
  },
  {
    when: 'readiness is asked for from the world',
    knock: { url: '/readyz', host: '10.0.0.9' },
    door: open,
    gives: null,
  },
  {
    when: 'a path only begins like health',
    knock: { url: '/healthz/../' },
    door: open,
    gives: 'sign-in-needed',
  },
  { when: 'somebody writes', knock: { method: 'POST' }, gives: 'method-not-allowed' },
  {
    when: 'somebody writes to health',
    knock: { method: 'DELETE', url: '/healthz' },
    gives: 'method-not-allowed',
  },
  { when: 'only the head is asked for', knock: { method: 'HEAD' }, gives: null },
  { when: 'a body comes along', knock: { contentLength: '5' }, gives: 'no-body-accepted' },
  {
    when: 'a body of unknown length comes along',
    knock: { transferEncoding: 'chunked' },
    gives: 'no-body-accepted',
  },
  { when: 'an empty body comes along', knock: { contentLength: '0' }, gives: null },
  {
    when: 'the address is as long as it may be',
    knock: { url: `/${'a'.repeat(longestUrl - 1)}` },
    gives: null,
  },
  { when: 'the address is longer', knock: { url: `/${'a'.repeat(longestUrl)}` }, gives: 'address-too-long' },
])('$when: $gives', ({ knock: change = {}, door = here, gives }) => {
  expect(decideEntry(knock(change), door)).toBe(gives)
})

test.for([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['[::1]', true],
  ['localhost', true],
  ['LocalHost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.4', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.localdomain', false],
  ['', false],
] as const)('%s is loopback: %s', ([host, gives]) => {
  expect(isLoopback(host)).toBe(gives)
})

test('a host stands in a URL as URLs want it', () => {
  expect([urlHost('::1'), urlHost('127.0.0.1'), urlHost('localhost')]).toEqual([
    '[::1]',
    '127.0.0.1',
    'localhost',
  ])
  expect(hostName('[::1]:3000')).toBe('::1')
})

test.for([
  { asked: undefined, header: undefined, gives: 'zh' },
  { asked: 'en', header: 'zh-CN', gives: 'en' },
  { asked: 'zh', header: 'en', gives: 'zh' },
  { asked: 'fr', header: undefined, gives: 'zh' },
  { asked: ['en', 'zh'], header: undefined, gives: 'zh' },
  { asked: undefined, header: 'en-US,en;q=0.9', gives: 'en' },
  { asked: undefined, header: 'en-US,en;q=0.9,zh;q=0.1', gives: 'zh' },
  { asked: undefined, header: 'en, zh;q=0', gives: 'en' },
  { asked: undefined, header: 'fr-FR, de', gives: 'zh' },
  { asked: undefined, header: ';;,q=,', gives: 'zh' },
] as const)('?lang=$asked with Accept-Language "$header" is read in $gives', ({ asked, header, gives }) => {
  expect(languageOf(asked, header)).toBe(gives)
})

test.for([
  ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', true],
  ['*/*', false],
  ['application/json', false],
  ['text/html;q=0', false],
  [undefined, false],
] as const)('Accept "%s" waits for a page: %s', ([accept, gives]) => {
  expect(wantsPage(accept)).toBe(gives)
})

test.for([
  ['x-forwarded-for', true],
  ['x-forwarded-host', true],
  ['x-forwarded', true],
  ['forwarded', true],
  ['via', true],
  ['x-real-ip', true],
  ['x-forward', false],
  ['accept', false],
] as const)('a request with %s was passed on: %s', ([name, gives]) => {
  expect(isPassedOn({ host: '127.0.0.1', [name]: '203.0.113.9' })).toBe(gives)
})
