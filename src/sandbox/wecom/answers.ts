import { hash32 } from '../chance.ts'
import type { Answered, Call } from '../exchange.ts'
import { jsonAnswer } from '../transport.ts'

/** A refusal, with the endpoint's empty collection beside it; the headers repeat code and text. */
export function refuse(
  call: Call,
  code: number,
  text: string,
  empty: Record<string, unknown> = {},
): Answered {
  const hint = `${call.nowMs}${String(hash32(call.seq, call.nowMs)).padStart(10, '0')}`.slice(0, 22)
  const errmsg = `${text}, hint: [${hint}], from ip: ${call.ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${code}`
  return { http: withHeaders({ errcode: code, errmsg, ...empty }, code, errmsg), code }
}

/** `{"errcode":0,"errmsg":"ok",…}`. */
export const ok = (body: Record<string, unknown>): Answered => ({
  http: withHeaders({ errcode: 0, errmsg: 'ok', ...body }, 0, 'ok'),
  code: 0,
})

const withHeaders = (body: unknown, code: number, text: string) =>
  jsonAnswer(200, body, { 'error-code': String(code), 'error-msg': encodeURI(text) })
