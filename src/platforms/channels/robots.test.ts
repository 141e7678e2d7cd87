import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChannelAnswer } from '#domain/alarms/channel.ts'
import type { Clock } from '#domain/effects.ts'
import { createHttpTransport } from '#platforms/transport.ts'
import { type SandboxServer, serveSandbox } from '#sandbox/server.ts'
import { openChannel } from './channel.ts'
import type { ChannelAddress } from './ports.ts'

/** Over real HTTP, against the sandbox's reading of the documents. */
let at = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
const clock: Clock = { now: () => at, sleep: async () => {} }
const transport = createHttpTransport({})
let server: SandboxServer
beforeAll(async () => {
  server = await serveSandbox({ port: 0, seed: 1, people: 4, now: () => at })
})
afterAll(async () => {
  await transport.close()
  await server.close()
})

const addresses = () => {
  const { addresses: hosts, credentials } = server.ready()
  const { dingtalk, wecom } = credentials
  return {
    'dingtalk-robot': { kind: 'dingtalk-robot', base: hosts.dingtalk, ...dingtalk.robot },
    'wecom-robot': { kind: 'wecom-robot', base: hosts.wecom, ...wecom.robot },
  } as { [K in 'dingtalk-robot' | 'wecom-robot']: Extract<ChannelAddress, { kind: K }> }
}
const noMail = () => Promise.reject(new Error('no mail here'))
const send = (address: ChannelAddress, text: string, id = text): Promise<ChannelAnswer> =>
  openChannel(address, { transport, clock, sendMail: noMail })({ id, subject: text, text, document: {} })
const received = () => server.sandbox.view().notices.map(({ platform, text }) => `${platform} ${text}`)

/** No window of before is open any more, and a whole minute begins. */
const muchLater = () => {
  at = at.round({ smallestUnit: 'minute', roundingMode: 'ceil' }).add({ minutes: 30 })
}
const kinds = ['dingtalk-robot', 'wecom-robot'] as const

test.for(kinds)('%s: what is sent is received as it is', async (kind) => {
  muchLater()
  const text = `【勤通】${kind} <b>*1*</b> & "2"`
  expect(await send(addresses()[kind], text)).toEqual({ kind: 'accepted' })
  expect(received()).toContain(`${kind.split('-')[0]} ${text}`)
})

test.for([
  ['dingtalk-robot', 600_000],
  ['wecom-robot', 100_000],
] as const)(
  '%s: the 21st in a minute is throttled, and after %i ms all is well again',
  async ([kind, mutedMs]) => {
    muchLater()
    const address = addresses()[kind]
    for (let n = 0; n < 20; n++) {
      expect(await send(address, `${kind} ${n}`)).toEqual({ kind: 'accepted' })
      at = at.add({ seconds: 1 })
    }
    const answer = await send(address, 'one too many')
    expect(answer).toMatchObject({ kind: 'throttled', untilMs: mutedMs })
    at = at.add({ milliseconds: mutedMs })
    expect(await send(address, 'again')).toEqual({ kind: 'accepted' })
  },
)

test.for<{ when: string; change: Partial<ChannelAddress>; kind: (typeof kinds)[number]; because: string }>([
  { when: 'the key is wrong', kind: 'wecom-robot', change: { key: 'wrong-key-0001' }, because: '93000' },
  {
    when: 'the token is wrong',
    kind: 'dingtalk-robot',
    change: { accessToken: 'wrong-token-01' },
    because: '300005',
  },
  {
    when: 'the secret is wrong',
    kind: 'dingtalk-robot',
    change: { secret: 'SECwrong0001' },
    because: '310000',
  },
  { when: 'there is no signature', kind: 'dingtalk-robot', change: { secret: null }, because: '310000' },
])('$when: refused with their own code, and no secret in it', async ({ kind, change, because }) => {
  muchLater()
  const address = { ...addresses()[kind], ...change } as ChannelAddress
  const answer = await send(address, 'nobody sees this')
  expect(answer).toMatchObject({ kind: 'refused', because: expect.stringContaining(because) })
  for (const secret of Object.values(address).filter(
    (value) => typeof value === 'string' && value.length > 20,
  ))
    if (!String(secret).startsWith('http')) expect(JSON.stringify(answer)).not.toContain(secret)
  expect(received().join()).not.toContain('nobody sees this')
})

test('a clock that is an hour wrong has no valid signature', async () => {
  const wrong: Clock = { ...clock, now: () => at.subtract({ minutes: 61 }) }
  const address = addresses()['dingtalk-robot']
  const answer = await openChannel(address, { transport, clock: wrong, sendMail: noMail })({
    ...{ id: 'x', subject: 'x', text: 'x', document: {} },
  })
  expect(answer).toMatchObject({ kind: 'refused', because: expect.stringContaining('310000') })
})

test('a message that is too long for WeCom is refused, not cut behind our back', async () => {
  muchLater()
  const answer = await send(addresses()['wecom-robot'], '长'.repeat(700))
  expect(answer).toMatchObject({ kind: 'refused', because: expect.stringContaining('45002') })
})

test.for(kinds)('%s: trouble on the way is lost, not refused', async (kind) => {
  muchLater()
  const address = addresses()[kind]
  server.sandbox.set({ answerLost: true })
  expect(await send(address, 'lost')).toEqual({ kind: 'lost', because: 'reset' })
  server.sandbox.set({ answerLost: false, http5xx: true })
  expect(await send(address, 'broken')).toMatchObject({ kind: 'lost' })
  server.sandbox.set({ http5xx: false, busy: true })
  expect(await send(address, 'busy')).toMatchObject({ kind: 'lost', because: expect.stringContaining('-1') })
  server.sandbox.set({ busy: false })
})

test.for([
  { subcode: '90018', kind: 'throttled' },
  { subcode: '60020', kind: 'refused' },
])(
  "what DingTalk's gateway wraps in 88 counts by what is inside: $subcode is $kind",
  async ({ subcode, kind }) => {
    const body = { errcode: 88, errmsg: `ding talk error[subcode=${subcode},submsg=x]` }
    const gateway = async () => ({ status: 200, headers: {}, text: JSON.stringify(body) })
    const through = openChannel(addresses()['dingtalk-robot'], {
      transport: gateway,
      clock,
      sendMail: noMail,
    })
    expect(await through({ id: 'x', subject: 'x', text: 'x', document: {} })).toMatchObject({
      kind,
      because: expect.stringContaining(subcode),
    })
  },
)
