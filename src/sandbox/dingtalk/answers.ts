import { hash32 } from '../chance.ts'
import type { Answered, Call } from '../exchange.ts'
import { jsonAnswer } from '../transport.ts'

/** `legacy` /attendance/…, /gettoken; `topapi` the old gateway; `new` /v1.0. They refuse in three shapes. */
export type Generation = 'legacy' | 'topapi' | 'new'
/** Which generation a path belongs to. */
export const generationOf = (path: string): Generation =>
  path.startsWith('/v1.0/') ? 'new' : path.startsWith('/topapi/') ? 'topapi' : 'legacy'

/** Twelve characters that support would ask for. */
export const requestId = ({ seq, nowMs }: Call): string =>
  `${hash32(nowMs, seq).toString(36)}${hash32(seq, nowMs, 'r').toString(36)}`.padEnd(12, '0').slice(0, 12)

/** A refusal of the target service: flat on the old host. */
export function refuse(call: Call, code: number, message: string): Answered {
  const generation = generationOf(call.path)
  if (generation === 'new') return refuseNew(call, 400, 'invalidParameter', message)
  const body =
    generation === 'topapi'
      ? { errcode: code, errmsg: message, request_id: requestId(call) }
      : { errcode: code, errmsg: message }
  return { http: jsonAnswer(200, body), code }
}

/** A refusal of the gateway (token, scope, throttle, address, quota): wrapped in 88 under /topapi, flat elsewhere. */
export function refuseAtGate(call: Call, code: number, message: string): Answered {
  if (generationOf(call.path) !== 'topapi') return refuse(call, code, message)
  const body = {
    errcode: 88,
    errmsg: `ding talk error[subcode=${code},submsg=${message}]`,
    sub_code: String(code),
    sub_msg: message,
    request_id: requestId(call),
  }
  return { http: jsonAnswer(200, body), code }
}

/** A refusal of the new generation: a real HTTP status. */
export function refuseNew(call: Call, status: number, code: string, message: string): Answered {
  return { http: jsonAnswer(status, { code, message, requestid: requestId(call).toUpperCase() }), code }
}

/** `{"errcode":0,"errmsg":"ok",…}`; under /topapi with its request id. */
export function ok(call: Call, body: Record<string, unknown>): Answered {
  const whole =
    generationOf(call.path) === 'topapi'
      ? { errcode: 0, errmsg: 'ok', ...body, request_id: requestId(call) }
      : { errcode: 0, errmsg: 'ok', ...body }
  return { http: jsonAnswer(200, whole), code: 0 }
}
