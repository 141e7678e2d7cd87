import { expect, test } from 'vitest'
import { createGate } from '#platforms/gate.ts'
import { createSandbox } from '#sandbox/sandbox.ts'
import { sendWorkNotice } from './dingtalk/notices/work-notice.ts'
import { aDingtalk, aWecom, memoryLog, memoryQuota, memoryTokens, virtualClock } from './testing.ts'
import { sendMessage } from './wecom/notices/message.ts'

/** Through the gate, against the sandbox's reading of the documents. */
function open(platform: 'dingtalk' | 'wecom', people: number) {
  const clock = virtualClock()
  const sandbox = createSandbox({ seed: 1, people, style: 'plain', now: () => clock.now() })
  const { credentials, addresses } = sandbox.ready()
  const { corpId, clientId, clientSecret } = credentials.dingtalk
  const base = addresses[platform]
  const facts =
    platform === 'dingtalk'
      ? { ...aDingtalk, corpId, clientId, secret: clientSecret, hosts: { oapi: base, api: base } }
      : {
          ...aWecom,
          ...{ corpId: credentials.wecom.corpId, secret: credentials.wecom.secret },
          hosts: { oapi: base, api: base },
        }
  const quota = memoryQuota()
  const outside = { clock, quota, callLog: memoryLog(), tokens: memoryTokens(), random: () => 0.5 }
  const gate = createGate({ facts, transport: sandbox.transport, ...outside })
  const userIds = sandbox.view()[platform].people.map(({ userId }) => userId)
  return { sandbox, gate, quota, userIds, agentId: String(credentials[platform].agentId) }
}

test('a work notification reaches everybody, a hundred a call, and each call is metered', async () => {
  const { sandbox, gate, quota, userIds, agentId } = open('dingtalk', 230)
  const tasks = await sendWorkNotice(gate, { agentId, userIds, text: '月底前请补卡' })
  const calls = Math.ceil(userIds.length / 100)
  expect(new Set(tasks).size).toBe(calls)
  expect(quota.used).toBe(calls)
  expect(sandbox.view().notices.flatMap(({ to }) => to)).toEqual(userIds)
})

test('a WeCom message says whom it could not reach', async () => {
  const { sandbox, gate, userIds, agentId } = open('wecom', 5)
  const sent = await sendMessage(gate, { agentId, userIds: ['Nobody', ...userIds], text: '月底前请补卡' })
  expect(sent).toEqual({ unreached: ['nobody'] })
  expect(sandbox.view().notices).toMatchObject([{ to: userIds, text: '月底前请补卡' }])
})

test('a wrong agent is a failure with advice, and nothing was sent', async () => {
  const { sandbox, gate, userIds } = open('wecom', 5)
  await expect(sendMessage(gate, { agentId: '7', userIds, text: 'x' })).rejects.toMatchObject({
    failure: { facts: { theirCode: '301002', api: 'message/send' } },
  })
  expect(sandbox.view().notices).toEqual([])
})
