import { type CallbackSecret, callbackSecretOf } from './callback-seal.ts'
import type { Credentials } from './credentials.ts'
import { dateText, rfc3339 } from './shanghai.ts'
import type { World } from './world.ts'

/** Where the two platforms listen; DingTalk serves both its hosts in one place. */
export type Addresses = { dingtalk: string; wecom: string }
/** All that is needed to connect to the sandbox. */
export type ReadyDocument = {
  ready: true
  addresses: Addresses
  /** Where a person looks at both platforms and brings misfortune. */
  page: string
  credentials: Credentials
  seed: number
  people: number
  /** The sandbox's time, and the first day with punches. */
  now: string
  since: string
  /** A whole setup.yaml for this sandbox. */
  setupYaml: string
  /** What to type in for each callback address. */
  callbacks: Record<'dingtalk' | 'wecom', CallbackSecret>
}

/** The document of a world at these addresses. */
export function readyDocument(
  world: World,
  addresses: Addresses,
  events: 'off' | 'stream' | 'http' = 'off',
): ReadyDocument {
  const { seed } = world.origin
  const callbacks = { dingtalk: callbackSecretOf(seed, 'dingtalk'), wecom: callbackSecretOf(seed, 'wecom') }
  return {
    ready: true,
    addresses,
    page: `${addresses.dingtalk}/_sandbox/`,
    credentials: world.credentials,
    seed: world.origin.seed,
    people: world.origin.people,
    now: rfc3339(world.clock.nowMs()),
    since: dateText(world.firstDay),
    setupYaml: setupYaml(world, addresses, events === 'http' ? callbacks : events),
    callbacks,
  }
}

/** The same text for the same world, however late it is asked for: applying it twice changes nothing. */
function setupYaml(
  { credentials: { dingtalk, wecom }, firstDay, origin }: World,
  addresses: Addresses,
  events: 'off' | 'stream' | ReadyDocument['callbacks'],
): string {
  const edition = origin.edition.length === 1 ? origin.edition[0] : `[${origin.edition.join(', ')}]`
  return `subsidiaries:
  - { id: hq, name: 总部 }
connections:
  - id: hq-dingtalk
    subsidiary: hq
    platform: dingtalk
    corpId: ${dingtalk.corpId}
    clientId: ${dingtalk.clientId}
    clientSecret: ${dingtalk.clientSecret}
    agentId: ${dingtalk.agentId}
    operatorUserId: ${dingtalk.operatorUserId}
    edition: ${edition}
    events: ${eventsOf(events)}
    endpoints: { oapi: "${addresses.dingtalk}", api: "${addresses.dingtalk}" }
  - id: hq-wecom
    subsidiary: hq
    platform: wecom
    corpId: ${wecom.corpId}
    agentId: ${wecom.agentId}
    secret: ${wecom.secret}
    contactsSecret: ${wecom.contactsSecret}
    jobNumber: { from: extattr, name: 工号 }${callbackOf(events)}
    endpoints: { api: "${addresses.wecom}" }
routes:
  - id: hq
    between: [hq-dingtalk, hq-wecom]
    direction: dingtalk-to-wecom
    since: ${dateText(firstDay)}
`
}

type Events = Parameters<typeof setupYaml>[2]

const eventsOf = (events: Events): string =>
  typeof events === 'string'
    ? `{ mode: ${events} }`
    : `{ mode: http, token: ${events.dingtalk.token}, aesKey: ${events.dingtalk.aesKey} }`

const callbackOf = (events: Events): string =>
  typeof events === 'string'
    ? ''
    : `\n    callback: { token: ${events.wecom.token}, encodingAesKey: ${events.wecom.aesKey} }`
