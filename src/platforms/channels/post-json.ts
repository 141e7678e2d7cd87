import type { ChannelAnswer } from '#domain/alarms/channel.ts'
import { excerptOf } from '#platforms/mask.ts'
import type { HttpAnswer, Transport } from '#platforms/ports.ts'
import { transportKind } from '#platforms/transport.ts'

const timeoutMs = 10_000

/** Posts JSON once. An exchange that failed on the way is an answer already; the URL, which may hold a secret, is in none. */
export async function postJson(
  transport: Transport,
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<HttpAnswer | ChannelAnswer> {
  try {
    return await transport({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
      timeoutMs,
    })
  } catch (error) {
    const kind = transportKind(error)
    if (kind === null) throw error
    return { kind: 'lost', because: kind }
  }
}

/** The errcode and errmsg of a robot's answer; anything else is an answer of somebody in between. */
export function robotAnswer(
  { status, text }: HttpAnswer,
  secrets: readonly string[],
): { code: number; text: string } | ChannelAnswer {
  try {
    const { errcode, errmsg, sub_code: within } = JSON.parse(text) as Record<string, unknown>
    // 88 is DingTalk's gateway, and wraps the code that counts.
    const wrapped = within ?? /subcode=(\d+)/.exec(String(errmsg))?.[1]
    const code = Number(Number(errcode) === 88 && wrapped ? wrapped : errcode)
    if (errcode !== undefined && Number.isInteger(code))
      return { code, text: excerptOf(String(errmsg ?? ''), secrets) }
  } catch {
    // not JSON: told by its status
  }
  const because = `HTTP ${status} ${excerptOf(text, secrets, 80)}`.trim()
  return status >= 400 && status < 500 ? { kind: 'refused', because } : { kind: 'lost', because }
}

export const isAnswer = (value: object): value is ChannelAnswer => 'kind' in value
