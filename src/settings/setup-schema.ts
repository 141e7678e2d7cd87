import { isMap, isSeq, type YAMLMap } from 'yaml'
import { type Direction, directions } from '#domain/direction.ts'
import {
  follow,
  lineOf,
  list,
  mapped,
  mapping,
  offsetOf,
  oneOf,
  optional,
  ownId,
  parsed,
  type Reader,
  type Reading,
  referenceTo,
  refuse,
  report,
  required,
  type Spot,
  text,
} from './setup-reader.ts'
import { date, duration, edition, endpoint, quietHours, secret, variable } from './setup-values.ts'

export type SetupSubsidiary = { id: string; name: string }

/** One corp's credentials on DingTalk. Absent optional keys are null; secrets are in clear, in memory only. */
export type SetupDingtalk = {
  id: string
  subsidiary: string
  platform: 'dingtalk'
  corpId: string
  clientId: string
  clientSecret: string
  agentId: string | null
  operatorUserId: string | null
  /** `['standard']`, `['professional', 'development-pack']`, … */
  edition: string[]
  events: { mode: 'off' } | { mode: 'stream' } | { mode: 'http'; token: string; aesKey: string }
  visibilityMaxMs: number | null
  /** Without a slash at the end; null: the public cloud. */
  endpoints: { oapi: string | null; api: string | null }
}

/** One corp's credentials on WeCom. */
export type SetupWecom = {
  id: string
  subsidiary: string
  platform: 'wecom'
  corpId: string
  agentId: string | null
  secret: string
  contactsSecret: string | null
  /** Where the job number stands; `name` is the field's name for `extattr`. */
  jobNumber: { from: 'extattr' | 'userid' | 'roster' | 'none'; name: string | null }
  callback: { token: string; encodingAesKey: string } | null
  visibilityMaxMs: number | null
  endpoints: { api: string | null }
}

export type SetupConnection = SetupDingtalk | SetupWecom

export type SetupRoute = {
  id: string
  /** Connection ids, in the file's order; one of each platform. */
  between: [string, string]
  direction: Direction
  since: Temporal.PlainDate
  scope: { departments: string[]; people: string[]; except: string[] }
  pollEveryMs: number | null
  /** `HH:MM-HH:MM`, Asia/Shanghai; may pass midnight. */
  quietHours: string[]
}

/** An explicit pair; `on` is the route's id. */
export type SetupLink = { dingtalk: string; wecom: string; on: string }

// A YAML 1.1 reader turns `off` into false, and people copy what it prints.
const offs = ['off', 'false', 'no']
const mode = parsed(
  (value) =>
    (offs.includes(value.toLowerCase())
      ? 'off'
      : (['stream', 'http'] as const).find((word) => word === value)) ?? null,
  'one of stream | http | off',
  'stream',
)
const httpEvents = mapping({
  mode: required(mode, 'http'),
  token: required(secret('DINGTALK_TOKEN'), variable('DINGTALK_TOKEN')),
  aesKey: required(secret('DINGTALK_AES_KEY'), variable('DINGTALK_AES_KEY')),
})
const otherEvents = mapping({
  mode: required(mode, 'stream'),
  token: optional(secret('DINGTALK_TOKEN'), null),
  aesKey: optional(secret('DINGTALK_AES_KEY'), null),
})
const events: Reader<SetupDingtalk['events']> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  const isHttp = isMap(node) && node.get('mode') === 'http'
  const read = (isHttp ? httpEvents : otherEvents)(node, spot, reading)
  if (!read) return undefined
  if (read.mode === 'http') return { mode: 'http', token: read.token ?? '', aesKey: read.aesKey ?? '' }
  return { mode: read.mode }
}

const extattr = mapping({
  from: required(oneOf(['extattr']), 'extattr'),
  name: required(text('工号'), '工号'),
})
const elsewhere = mapping({
  from: required(oneOf(['extattr', 'userid', 'roster', 'none']), 'userid'),
  name: optional(text('工号'), null),
})
const jobNumber: Reader<SetupWecom['jobNumber']> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  return (isMap(node) && node.get('from') === 'extattr' ? extattr : elsewhere)(node, spot, reading)
}

const connections = list(referenceTo('connection', 'hq-dingtalk'), '[hq-dingtalk, hq-wecom]')
const between: Reader<[string, string]> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  const [first, second, ...more] = connections(node, spot, reading) ?? []
  if (first === undefined)
    return isSeq(node) && node.items.length === 0 ? refuseBetween(node, spot, reading) : undefined
  if (second === undefined || more.length > 0 || first === second) return refuseBetween(node, spot, reading)
  reading.atTheEnd.push(() => checkPair([first, second], node, spot, reading))
  return [first, second]
}
/** The same two connections in any order are the same pair. */
export const pairOf = (between: readonly string[]): string => between.toSorted().join(' + ')

function checkPair(pair: [string, string], node: unknown, spot: Spot, reading: Reading): void {
  const [first, second] = pair.map((id) => reading.platforms.get(id))
  if (first === undefined || second === undefined) return // dangling, or said where the connection stands
  if (first === second) {
    refuse(node, spot, reading, 'one-of-each-platform', '[hq-dingtalk, hq-wecom]', pair.join(', '))
    return
  }
  const key = pairOf(pair)
  const offset = offsetOf(node, spot)
  const owner = reading.appliedPairs.get(key)
  const isTaken = owner !== undefined && !reading.ids.route.has(owner)
  const firstLine = isTaken ? 0 : reading.pairs.get(key)
  if (firstLine === undefined) reading.pairs.set(key, lineOf(reading, offset))
  else report(reading, offset, spot.path, { kind: 'duplicate-id', id: pair.join(' + '), firstLine })
}
const refuseBetween = (node: unknown, spot: Spot, reading: Reading) =>
  refuse(node, spot, reading, 'two-connections', '[hq-dingtalk, hq-wecom]')

const shared = {
  id: required(ownId('connection', 'hq-dingtalk'), 'hq-dingtalk'),
  subsidiary: required(referenceTo('subsidiary', 'hq'), 'hq'),
  visibilityMax: optional(duration('45m', 0), null),
}

const dingtalkFields = {
  ...shared,
  platform: required(oneOf(['dingtalk']), 'dingtalk'),
  corpId: required(text('dingcorp0001'), 'dingcorp0001'),
  clientId: required(text('dingapp0001'), 'dingapp0001'),
  clientSecret: required(secret('HQ_DINGTALK_SECRET'), variable('HQ_DINGTALK_SECRET')),
  agentId: optional(text('1001'), null),
  operatorUserId: optional(text('manager01'), null),
  edition: optional(edition, ['standard']),
  events: optional(events, { mode: 'off' } as const),
  endpoints: optional(
    mapping({
      oapi: optional(endpoint('https://oapi.dingtalk.com'), null),
      api: optional(endpoint('https://api.dingtalk.com'), null),
    }),
    { oapi: null, api: null },
  ),
}

const wecomFields = {
  ...shared,
  platform: required(oneOf(['wecom']), 'wecom'),
  corpId: required(text('ww00000000000001'), 'ww00000000000001'),
  agentId: optional(text('1000002'), null),
  secret: required(secret('HQ_WECOM_SECRET'), variable('HQ_WECOM_SECRET')),
  contactsSecret: optional(secret('HQ_WECOM_CONTACTS'), null),
  jobNumber: optional(jobNumber, { from: 'extattr', name: '工号' } as const),
  callback: optional(
    mapping({
      token: required(secret('WECOM_TOKEN'), variable('WECOM_TOKEN')),
      encodingAesKey: required(secret('WECOM_AES_KEY'), variable('WECOM_AES_KEY')),
    }),
    null,
  ),
  endpoints: optional(mapping({ api: optional(endpoint('https://qyapi.weixin.qq.com'), null) }), {
    api: null,
  }),
}

const withMs = <T extends { visibilityMax: number | null }>({ visibilityMax, ...rest }: T) => ({
  ...rest,
  visibilityMaxMs: visibilityMax,
})
const dingtalk: Reader<SetupDingtalk> = mapped(mapping(dingtalkFields), withMs)
const wecom: Reader<SetupWecom> = mapped(mapping(wecomFields), withMs)

// Without a platform nobody can say which keys belong: those of both are let through, the platform is asked for.
const anything: Reader<string> = () => ''
const either = mapping({
  ...Object.fromEntries(
    Object.keys({ ...dingtalkFields, ...wecomFields }).map((key) => [key, optional(anything, null)]),
  ),
  ...shared,
  platform: required(oneOf(['dingtalk', 'wecom']), 'dingtalk'),
})

/** A connection; its platform decides which keys it has. */
export const connection: Reader<SetupConnection> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  const platform = isMap(node) ? node.get('platform') : undefined
  if (isMap(node) && typeof platform === 'string') checkPlatform(node, platform, spot, reading)
  if (platform === 'dingtalk') return dingtalk(node, spot, reading)
  if (platform === 'wecom') return wecom(node, spot, reading)
  either(node, spot, reading)
  return undefined
}

/** Notes the connection's platform; one that was applied cannot move to the other. */
function checkPlatform(node: YAMLMap, platform: string, spot: Spot, reading: Reading): void {
  const id = String(node.get('id'))
  const before = reading.platforms.get(id)
  if (before === undefined || !reading.applied.connection.has(id)) reading.platforms.set(id, platform)
  else if (before !== platform)
    refuse(
      node.get('platform', true),
      { ...spot, path: `${spot.path}.platform` },
      reading,
      'same-platform-as-before',
      `platform: ${before}`,
    )
}

/** A legal company. */
export const subsidiary: Reader<SetupSubsidiary> = mapping({
  id: required(ownId('subsidiary', 'hq'), 'hq'),
  name: required(text('总部'), '总部'),
})

const names = optional(list(text('研发中心'), '["研发中心"]'), [])
/** A route between two connections. */
export const route: Reader<SetupRoute> = mapped(
  mapping({
    id: required(ownId('route', 'hq'), 'hq'),
    between: required(between, '[hq-dingtalk, hq-wecom]'),
    direction: required(oneOf(directions), 'dingtalk-to-wecom'),
    since: required(date, '2026-11-01'),
    scope: optional(mapping({ departments: names, people: names, except: names }), {
      departments: [],
      people: [],
      except: [],
    }),
    pollEvery: optional(duration('15m', 1000), null),
    quietHours: optional(list(quietHours, '["08:30-09:30"]'), []),
  }),
  ({ pollEvery, ...rest }) => ({ ...rest, pollEveryMs: pollEvery }),
)

const pair = mapping({
  dingtalk: required(text('u001'), 'u001'),
  wecom: required(text('zhangsan'), 'zhangsan'),
  on: required(referenceTo('route', 'hq'), 'hq'),
})
/** An explicit pair; nobody is linked twice on one route. */
export const link: Reader<SetupLink> = (node, spot, reading) => {
  const read = pair(node, spot, reading)
  if (!read) return undefined
  const line = lineOf(reading, offsetOf(node, spot))
  // WeCom ids are unique without regard to case, DingTalk ids are exact.
  for (const [side, comparable] of [
    ['dingtalk', read.dingtalk],
    ['wecom', read.wecom.toLowerCase()],
  ] as const) {
    const key = JSON.stringify([read.on, side, comparable])
    const firstLine = reading.pairs.get(key)
    if (firstLine === undefined) reading.pairs.set(key, line)
    else
      report(reading, offsetOf(node, spot), `${spot.path}.${side}`, {
        kind: 'duplicate-id',
        id: read[side],
        firstLine,
      })
  }
  return read
}
