import { z } from 'zod'
import { type Failure, FailureError } from '#domain/failures.ts'
import { endpoint } from '#platforms/endpoint.ts'
import { createGate, type GateOptions, outcomeOf } from '#platforms/gate.ts'
import { limitsOf } from '#platforms/limits.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import {
  json,
  memoryLog,
  memoryQuota,
  memoryTokens,
  type Scripted,
  scripted,
  virtualClock,
} from '#platforms/testing.ts'

/** Helpers for the gate's tests: a few endpoints as the connectors declare them, and a gate of one's own. */

const rows = z.object({ rows: z.array(z.object({ at: z.number() })).optional() })
/** A metered read of DingTalk. */
export const read = endpoint({
  ...{ name: 'listRecord', method: 'POST', host: 'oapi', path: '/attendance/listRecord' },
  request: z.strictObject({ userIds: z.array(z.string()) }),
  response: rows,
  ...{ limit: limitsOf('dingtalk.listRecord'), metered: true, writes: false, token: 'query' },
})
/** An unmetered one. */
export const contacts = endpoint({ ...read, name: 'user/get', path: '/topapi/v2/user/get', metered: false })
/** A read of WeCom. */
export const readWecom = endpoint({
  ...{ name: 'user/get', method: 'GET', host: 'api', path: '/cgi-bin/user/get' },
  request: z.strictObject({ userid: z.string() }),
  response: rows,
  ...{ limit: limitsOf('wecom.user/get'), metered: false, writes: false, token: 'query' },
})
/** A write to WeCom. */
export const write = endpoint({
  ...{ name: 'add_checkin_record', method: 'POST', host: 'api', path: '/cgi-bin/checkin/add_checkin_record' },
  request: z.strictObject({ records: z.array(z.object({ userid: z.string() })) }),
  response: z.object({}),
  ...{ limit: limitsOf('wecom.add_checkin_record'), metered: false, writes: true, token: 'query' },
})

export const ok = json({ errcode: 0, errmsg: 'ok', rows: [] })
export const no = (errcode: number, errmsg = 'no') => json({ errcode, errmsg })

/** A gate before a scripted network, in virtual time, everything else in memory. */
export function aGate(
  facts: ConnectionFacts,
  lines: Scripted[],
  more: Partial<GateOptions> & { tokenLines?: Scripted[] } = {},
) {
  const net = scripted(lines, more.tokenLines)
  const parts = { clock: virtualClock(), callLog: memoryLog(), quota: memoryQuota(), tokens: memoryTokens() }
  const gate = createGate({ facts, transport: net.transport, random: () => 0.5, ...parts, ...more })
  return { gate, net, ...parts }
}

/** The failure a call ends in, and what became of its request. */
export async function failureFrom(calling: Promise<unknown>): Promise<{ failure: Failure; outcome: string }> {
  const error = await calling.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FailureError)) throw new Error(`ended in ${String(error)}`)
  return { failure: error.failure, outcome: outcomeOf(error) }
}

export const ask = { userIds: ['u001'] }
export const record = { records: [{ userid: 'u1' }, { userid: 'u2' }] }
