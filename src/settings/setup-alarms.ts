import { isMap } from 'yaml'
import { isLoopback, isOutward } from './outward-address.ts'
import {
  follow,
  list,
  mapped,
  mapping,
  oneOf,
  optional,
  ownId,
  parsed,
  type Reader,
  refuse,
  required,
  text,
} from './setup-reader.ts'
import { secret, variable } from './setup-values.ts'

type Shared = {
  id: string
  lang: 'zh' | 'en'
  /** It hears of nothing less urgent. */
  level: 'notice' | 'warning' | 'critical' | 'off'
}

/** One way out for alarms. Secrets are in clear, in memory only. */
export type SetupChannel = Shared &
  (
    | { kind: 'wecom-robot'; key: string; endpoint: string | null }
    | { kind: 'dingtalk-robot'; accessToken: string; secret: string | null; endpoint: string | null }
    | { kind: 'email'; smtp: SetupSmtp; to: string[] }
    | { kind: 'webhook'; url: string; secret: string }
  )

export type SetupSmtp = {
  host: string
  port: number
  tls: 'implicit' | 'starttls' | 'off'
  user: string | null
  password: string | null
  from: string
}

const kinds = ['wecom-robot', 'dingtalk-robot', 'email', 'webhook'] as const

const shared = {
  id: required(ownId('channel', 'ops'), 'ops'),
  lang: optional(oneOf(['zh', 'en']), 'zh' as const),
  level: optional(oneOf(['notice', 'warning', 'critical', 'off']), 'warning' as const),
}

/** https, or http on this machine. It may hold a secret, so no problem repeats it. */
const outward = (example: string, mayHaveQuery: boolean): Reader<string> => {
  const read = text(example, { isSecret: true })
  return (node, spot, reading) => {
    const value = read(node, spot, reading)
    if (value === undefined) return undefined
    const isPlain = mayHaveQuery || !/[?#]/.test(value)
    return isOutward(value) && isPlain
      ? mayHaveQuery
        ? value
        : value.replace(/\/+$/, '')
      : refuse(node, spot, reading, 'outward-url', example, '***')
  }
}

const mailAddress: Reader<string> = parsed(
  (value) => (/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(value) ? value : null),
  'mail-address',
  'ops@example.com',
)
const port: Reader<number> = parsed(
  (value) =>
    /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535 ? Number(value) : null,
  'port',
  '465',
)
const receivers: Reader<string[]> = (node, spot, reading) => {
  const read = list(mailAddress, '[ops@example.com]')(node, spot, reading)
  return read?.length === 0 ? refuse(node, spot, reading, 'mail-address', '[ops@example.com]') : read
}

const implicitTlsPort = 465
const smtpFields: Reader<SetupSmtp> = mapped(
  mapping({
    host: required(text('smtp.example.com'), 'smtp.example.com'),
    port: optional(port, implicitTlsPort),
    tls: optional(oneOf(['implicit', 'starttls', 'off']), null),
    user: optional(text('ops@example.com'), null),
    password: optional(secret('SMTP_PASSWORD'), null),
    from: required(mailAddress, 'ops@example.com'),
  }),
  ({ tls, ...rest }) => ({ ...rest, tls: tls ?? (rest.port === implicitTlsPort ? 'implicit' : 'starttls') }),
)
const smtp: Reader<SetupSmtp> = (node, spot, reading) => {
  const read = smtpFields(node, spot, reading)
  if (read?.tls === 'off' && read.password !== null && !isLoopback(read.host))
    return refuse(
      node,
      { ...spot, path: `${spot.path}.tls` },
      reading,
      'no-password-in-clear',
      'starttls',
      'off',
    )
  return read
}

const readers: { [K in (typeof kinds)[number]]: Reader<Extract<SetupChannel, { kind: K }>> } = {
  'wecom-robot': mapping({
    ...shared,
    kind: required(oneOf(['wecom-robot']), 'wecom-robot'),
    key: required(secret('OPS_ROBOT_KEY'), variable('OPS_ROBOT_KEY')),
    endpoint: optional(outward('https://qyapi.weixin.qq.com', false), null),
  }),
  'dingtalk-robot': mapping({
    ...shared,
    kind: required(oneOf(['dingtalk-robot']), 'dingtalk-robot'),
    accessToken: required(secret('OPS_ROBOT_TOKEN'), variable('OPS_ROBOT_TOKEN')),
    secret: optional(secret('OPS_ROBOT_SECRET'), null),
    endpoint: optional(outward('https://oapi.dingtalk.com', false), null),
  }),
  email: mapping({
    ...shared,
    kind: required(oneOf(['email']), 'email'),
    smtp: required(smtp, '{ host: smtp.example.com, from: ops@example.com }'),
    to: required(receivers, '[ops@example.com]'),
  }),
  webhook: mapping({
    ...shared,
    kind: required(oneOf(['webhook']), 'webhook'),
    url: required(outward('https://ops.example.com/qintong', true), 'https://ops.example.com/qintong'),
    secret: required(secret('OPS_WEBHOOK_SECRET'), variable('OPS_WEBHOOK_SECRET')),
  }),
}

const anything: Reader<string> = () => ''
const withoutKind = mapping({
  ...Object.fromEntries(
    ['key', 'accessToken', 'secret', 'endpoint', 'smtp', 'to', 'url'].map((key) => [
      key,
      optional(anything, null),
    ]),
  ),
  ...shared,
  kind: required(oneOf(kinds), 'wecom-robot'),
})

/** A channel; its kind decides which keys it has. */
export const channel: Reader<SetupChannel> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  const said = isMap(node) ? node.get('kind') : undefined
  const kind = kinds.find((known) => known === said)
  if (kind) return readers[kind](node, spot, reading)
  withoutKind(node, spot, reading)
  return undefined
}
