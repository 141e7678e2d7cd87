import { z } from 'zod'
import { callbackSecretOf } from './callback-seal.ts'
import { createHttpPush as dingtalkPush } from './dingtalk/http-push.ts'
import { type Handler, type HttpAnswer, jsonAnswer } from './transport.ts'
import { createHttpPush as wecomPush } from './wecom/http-push.ts'
import type { World } from './world.ts'

/** Where a customer wants the platforms' events: addresses without a query. */
export type CallbackUrls = { dingtalk?: string | undefined; wecom?: string | undefined }

/** What an administrator does in the consoles: tick events, save callback addresses. */
export interface Subscriptions {
  /** Events over the Stream from now on. */
  stream(): void
  /** Saves addresses that prove themselves; the names of those that did not are returned, and nothing changes for them. */
  save(urls: CallbackUrls): Promise<('dingtalk' | 'wecom')[]>
  /** Does what is due on both platforms. */
  work(): Promise<void>
  /** When something is due next, epoch ms. */
  nextDueMs(): number | null
}

/** Addresses that were saved once are used again when a world is opened again. `post`: how the platforms reach out. */
export function openSubscriptions(world: World, post: Handler): Subscriptions {
  const { events, wecomEvents, credentials, origin, clock, faults, journal } = world
  const dingtalk = (url: string) =>
    dingtalkPush({
      ...{ url, post, clock, faults, ownerKey: credentials.dingtalk.clientId },
      secret: callbackSecretOf(origin.seed, 'dingtalk'),
    })
  const wecom = (url: string) =>
    wecomPush({
      ...{ url, post, clock, corpId: credentials.wecom.corpId },
      secret: callbackSecretOf(origin.seed, 'wecom'),
    })
  for (const [platform, url] of journal.load<string>('callback'))
    if (platform === 'dingtalk') events.setDeliverer(dingtalk(url).deliver, 'parked')
    else wecomEvents.setDeliverer(wecom(url).push)

  const keep = (platform: 'dingtalk' | 'wecom', url: string): void => {
    journal.put('callback', platform, url)
    journal.flush()
  }
  return {
    stream: () => events.setDeliverer(world.stream.deliver),
    async save(urls) {
      const refused: ('dingtalk' | 'wecom')[] = []
      if (urls.dingtalk !== undefined) {
        const push = dingtalk(urls.dingtalk)
        if (await push.verify()) {
          events.setDeliverer(push.deliver, 'parked')
          keep('dingtalk', urls.dingtalk)
        } else refused.push('dingtalk')
      }
      if (urls.wecom !== undefined) {
        const push = wecom(urls.wecom)
        if (await push.verify()) {
          wecomEvents.setDeliverer(push.push)
          keep('wecom', urls.wecom)
        } else refused.push('wecom')
      }
      return refused
    },
    async work() {
      await Promise.all([events.work(), wecomEvents.work()])
    },
    nextDueMs() {
      const times = [events.nextDueMs(), wecomEvents.nextDueMs()].filter((time) => time !== null)
      return times.length > 0 ? Math.min(...times) : null
    },
  }
}

const SaveRequest = z.strictObject({ dingtalk: z.url().optional(), wecom: z.url().optional() })

/**
 * `POST /_sandbox/callbacks`: `{"dingtalk": URL, "wecom": URL}`, saved once each has answered its trial call, as in the
 * consoles. null: the request is about something else.
 */
export async function saveCallbacks(
  subscriptions: Subscriptions,
  request: { method: string; url: string; body?: string },
): Promise<HttpAnswer | null> {
  if (new URL(request.url).pathname !== '/_sandbox/callbacks') return null
  if (request.method !== 'POST') return jsonAnswer(405, { error: 'POST callbacks' })
  const wrong = jsonAnswer(400, { error: '要 {"dingtalk": 地址, "wecom": 地址} / addresses of callbacks' })
  try {
    const asked = SaveRequest.safeParse(JSON.parse(request.body ?? ''))
    if (!asked.success) return wrong
    const refused = await subscriptions.save(asked.data)
    if (refused.length === 0) return jsonAnswer(200, { saved: Object.keys(asked.data) })
    return jsonAnswer(400, { error: `没有正确应答 / no right answer: ${refused.join(', ')}`, refused })
  } catch {
    return wrong
  }
}
