import { createHash } from 'node:crypto'

/** What the sandbox's two corps hand to whoever connects them. Not secret: they open nothing but this sandbox. */
export type Credentials = {
  dingtalk: {
    corpId: string
    clientId: string
    clientSecret: string
    agentId: number
    operatorUserId: string
    robot: { accessToken: string; secret: string }
  }
  wecom: {
    corpId: string
    agentId: number
    secret: string
    contactsSecret: string
    robot: { key: string }
  }
}

/** The same seed has the same credentials. */
export function credentialsOf(seed: number): Credentials {
  const made = (what: string, length: number): string =>
    createHash('sha256').update(`${seed} ${what}`).digest('hex').slice(0, length)
  return {
    dingtalk: {
      corpId: `ding${made('corp', 16)}`,
      clientId: `dingapp${made('client', 12)}`,
      clientSecret: `sandbox-${made('client secret', 40)}`,
      agentId: 1001,
      operatorUserId: 'manager01',
      robot: { accessToken: made('ding robot', 40), secret: `SEC${made('ding robot secret', 40)}` },
    },
    wecom: {
      corpId: `ww${made('ww', 16)}`,
      agentId: 1000002,
      secret: `sandbox-${made('agent secret', 32)}`,
      contactsSecret: `sandbox-${made('contacts secret', 32)}`,
      robot: { key: made('wecom robot', 32) },
    },
  }
}
