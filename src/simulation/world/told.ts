import type { Hash } from 'node:crypto'
import type { Transport } from '#platforms/ports.ts'
import type { Sandbox } from '#sandbox/sandbox.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the product said to anybody: the platforms, and whoever reads its log. */
export interface Told {
  /** Calls that asked for more at once than is documented, in words. */
  readonly oversized: string[]
  /** Secrets of the setup, and every token that was handed out. */
  readonly secrets: Set<string>
  /** Lines logged since somebody last looked. */
  readonly lines: string[]
  line(text: string): string
  log(fields: Record<string, unknown>, event: string): void
}

/** Knows the setup's secrets from the start. */
export function createTold(sandbox: Sandbox): Told {
  const { dingtalk, wecom } = sandbox.ready().credentials
  const lines: string[] = []
  const line = (text: string): string => {
    lines.push(text)
    return text
  }
  return {
    oversized: [],
    secrets: new Set([dingtalk.clientSecret, wecom.secret, wecom.contactsSecret]),
    lines,
    line,
    log: (fields, event) => void line(`${event} ${JSON.stringify(fields)}`),
  }
}

type Body = Record<string, unknown>
const daySeconds = 86_400
const inShanghai = (text: unknown) => Date.parse(`${String(text).replace(' ', 'T')}+08:00`) / 1000

/** What one call may ask for at most, in the checker's own reading of the contracts. */
const largest: Record<string, (body: Body) => { of: string; asked: number; most: number }[]> = {
  '/attendance/listRecord': (body) => [
    { of: 'people', asked: lengthOf(body['userIds']), most: 50 },
    {
      of: 'days',
      asked: (inShanghai(body['checkDateTo']) - inShanghai(body['checkDateFrom'])) / daySeconds,
      most: 7,
    },
  ],
  '/cgi-bin/checkin/getcheckindata': (body) => [
    { of: 'people', asked: lengthOf(body['useridlist']), most: 100 },
    { of: 'days', asked: (Number(body['endtime']) - Number(body['starttime'])) / daySeconds, most: 30 },
  ],
  '/cgi-bin/checkin/add_checkin_record': (body) => [
    { of: 'records', asked: lengthOf(body['records']), most: 200 },
  ],
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)

/** The same transport, writing down what was asked and answered. Tokens differ by nothing but their own names. */
export function tellingTransport(
  transport: Transport,
  { trace, time, told }: { trace: Hash; time: VirtualTime; told: Told },
): Transport {
  return async (request) => {
    const url = new URL(request.url)
    const asked = `${time.now().epochMilliseconds} ${url.pathname} ${request.body ?? ''}`
    measure(url.pathname, request.body, told)
    try {
      const answer = await transport(request)
      const token = /"access_?[tT]oken":"([^"]+)"/.exec(answer.text)?.[1]
      if (token) told.secrets.add(token)
      trace.update(`${asked} ${answer.status} ${answer.text.length}\n`)
      return answer
    } catch (error) {
      trace.update(`${asked} lost\n`)
      throw error
    }
  }
}

function measure(path: string, body: string | undefined, told: Told): void {
  const bounds = largest[path]
  if (!bounds || !body) return
  for (const { of, asked, most } of bounds(JSON.parse(body) as Body))
    if (asked > most) told.oversized.push(`${path} was asked for ${asked} ${of} at once`)
}
