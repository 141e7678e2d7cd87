import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import type { HttpAnswer, HttpRequest } from './transport.ts'

/** For tests: a sandbox with a clock of its own, and the few calls every test makes. */
export type TestClient = {
  sandbox: Sandbox
  /** POST JSON; a WeCom or DingTalk path, with or without its query. */
  post: (path: string, body: unknown, more?: Partial<HttpRequest>) => Promise<HttpAnswer>
  get: (path: string, more?: Partial<HttpRequest>) => Promise<HttpAnswer>
  /** The same with a fresh token, the answer parsed. */
  dingtalk: (path: string, body?: unknown) => Promise<Answer>
  wecom: (path: string, body?: unknown) => Promise<Answer>
  dingtalkToken: () => Promise<string>
  wecomToken: (secret?: string) => Promise<string>
}
// biome-ignore lint/suspicious/noExplicitAny: what a platform answered, looked into by tests
export type Answer = any

export const monday = '2026-03-02T12:00:00+08:00'

export function testClient(options: Partial<SandboxOptions> & { at?: string } = {}): TestClient {
  const { at = monday, ...rest } = options
  const base = Temporal.Instant.from(at)
  const sandbox = createSandbox({ seed: 1, now: () => base, ...rest })
  const { credentials, addresses } = sandbox.ready()
  const urlOf = (path: string): string =>
    (path.startsWith('/cgi-bin/') ? addresses.wecom : addresses.dingtalk) + path
  const post: TestClient['post'] = (path, body, more = {}) =>
    sandbox.transport({
      method: 'POST',
      url: urlOf(path),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: 10_000,
      ...more,
    })
  const get: TestClient['get'] = (path, more = {}) =>
    sandbox.transport({ method: 'GET', url: urlOf(path), headers: {}, timeoutMs: 10_000, ...more })
  const dingtalkToken = async (): Promise<string> => {
    const { clientId: appKey, clientSecret: appSecret } = credentials.dingtalk
    return JSON.parse((await post('/v1.0/oauth2/accessToken', { appKey, appSecret })).text).accessToken
  }
  const wecomToken = async (secret = credentials.wecom.secret): Promise<string> =>
    JSON.parse((await get(`/cgi-bin/gettoken?corpid=${credentials.wecom.corpId}&corpsecret=${secret}`)).text)
      .access_token
  const call = async (path: string, token: string, body: unknown): Promise<Answer> => {
    const withToken = `${path}${path.includes('?') ? '&' : '?'}access_token=${token}`
    return JSON.parse((await (body === undefined ? get(withToken) : post(withToken, body))).text)
  }
  return {
    sandbox,
    post,
    get,
    dingtalk: async (path, body) => call(path, await dingtalkToken(), body),
    wecom: async (path, body) => call(path, await wecomToken(), body),
    dingtalkToken,
    wecomToken,
  }
}

/** Unix seconds of an RFC 3339 text. */
export const second = (text: string): number => Temporal.Instant.from(text).epochMilliseconds / 1000

/** The least a record to be written must say. */
export const aRecord = (userid: string, checkin_time: number) => ({
  userid,
  checkin_time,
  location_title: '钉钉考勤',
  location_detail: '未提供地点',
  device_type: 3,
  device_detail: 'DT',
})
