import { expect, test } from 'vitest'
import type { AddressBan, SharedBans } from '#platforms/address-bans.ts'
import { createAddressPace } from '#platforms/address-pace.ts'
import { aGate, ask, contacts, failureFrom, ok, read, readWecom } from '#platforms/gate-testing.ts'
import { aDingtalk, aWecom, json, virtualClock } from '#platforms/testing.ts'

const banPage = json('<html>denied</html>')
const shield = json({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'u' })
const token = json({ accessToken: 'token-1', expireIn: 7200 })

/** Two processes of one address; what they leave for each other is in memory. */
function processes() {
  const clock = virtualClock()
  const word: AddressBan[] = []
  let isAway = false
  const shared: SharedBans = {
    async read() {
      if (isAway) throw new Error('gone')
      return word
    },
    async save(ban) {
      if (isAway) throw new Error('gone')
      word.push(ban)
    },
  }
  const open = () => createAddressPace({ clock, share: 1, sharedBans: shared })
  return { clock, word, one: open(), other: open(), databaseGoesAway: () => (isAway = true) }
}

test.for([
  ['a ban page', banPage],
  ['the shield', shield],
] as const)(
  'after %s of one connection no other one of that platform calls, until it is over',
  async ([, answer]) => {
    const { clock, one: addressPace } = processes()
    const more = { clock, addressPace }
    const first = aGate(aDingtalk, [answer, ok], more)
    const second = aGate({ ...aDingtalk, key: 'branch', corpId: 'dingcorp0002' }, [ok], more)
    const wecom = aGate(aWecom, [ok], more)
    expect((await failureFrom(first.gate.call(read, ask))).failure.code).toBe('platform.banned')
    const { failure, outcome } = await failureFrom(second.gate.call(contacts, ask))
    expect([failure.code, outcome]).toEqual(['platform.banned', 'notSent'])
    expect((failure.facts as { waitMs: number }).waitMs).toBeGreaterThanOrEqual(300_000)
    expect(second.net.asked).toEqual([])
    await wecom.gate.call(readWecom, { userid: 'a' })
    await clock.sleep(320_000)
    await second.gate.call(contacts, ask)
  },
)

test('a gate that is opened anew in the same process knows of the ban', async () => {
  const { clock, one: addressPace } = processes()
  await failureFrom(aGate(aDingtalk, [shield], { clock, addressPace }).gate.call(read, ask))
  const again = aGate(aDingtalk, [ok], { clock, addressPace })
  expect((await failureFrom(again.gate.call(read, ask))).failure.code).toBe('platform.banned')
  expect(again.net.asked).toEqual([])
})

test('what was waiting for its pace when the ban came does not leave', async () => {
  const { clock, one: addressPace } = processes()
  const more = { clock, addressPace }
  const second = aGate({ ...aDingtalk, key: 'branch' }, [ok], { ...more, pace: 0.05, tokenLines: [token] })
  const calls = Array.from({ length: 14 }, () =>
    second.gate.call(contacts, ask).then(
      () => 'went',
      () => 'stayed',
    ),
  )
  await clock.sleep(1_500)
  await failureFrom(aGate(aDingtalk, [shield], more).gate.call(read, ask))
  const wentBefore = second.gate.counts()['user/get'] ?? 0
  const became = await Promise.all(calls)
  expect(became.filter((one) => one === 'stayed').length).toBeGreaterThan(0)
  expect(second.gate.counts()['user/get']).toBeLessThanOrEqual(wentBefore + 1)
})

test('another process of the address hears of it within seconds, and one that hears nothing goes on', async () => {
  const { clock, one, other, word, databaseGoesAway } = processes()
  const theirs = aGate(aDingtalk, [ok], { clock, addressPace: other })
  await theirs.gate.call(contacts, ask)
  await failureFrom(aGate(aDingtalk, [shield], { clock, addressPace: one }).gate.call(read, ask))
  expect(word).toMatchObject([{ platform: 'dingtalk' }])
  await clock.sleep(5_000)
  expect((await failureFrom(theirs.gate.call(contacts, ask))).failure.code).toBe('platform.banned')
  databaseGoesAway()
  const deaf = aGate(aDingtalk, [ok], { clock, addressPace: processes().one })
  await deaf.gate.call(contacts, ask)
})

test('a dedicated cloud bans for itself', async () => {
  const { clock, one: addressPace } = processes()
  await failureFrom(aGate(aDingtalk, [shield], { clock, addressPace }).gate.call(read, ask))
  const dedicated = { oapi: 'https://dingtalk.example.com', api: 'https://dingtalk.example.com' }
  await aGate({ ...aDingtalk, hosts: dedicated }, [ok], { clock, addressPace }).gate.call(contacts, ask)
})
