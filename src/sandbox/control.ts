import { z } from 'zod'
import { faultTable } from './fault-table.ts'
import { sandboxPage } from './page/page.ts'
import { punchByHand } from './punch-by-hand.ts'
import type { ReadyDocument } from './ready.ts'
import { parseInstant, rfc3339 } from './shanghai.ts'
import { staffByHand } from './staff.ts'
import { type HttpAnswer, type HttpRequest, jsonAnswer } from './transport.ts'
import type { World } from './world.ts'
import { worldView } from './world-view.ts'

/** `PUT` reaches this handler over HTTP only; the platforms' own transport knows GET and POST. */
export type ControlRequest = Omit<HttpRequest, 'method'> & { method: string }

const ClockRequest = z.union([
  z.strictObject({ advanceSeconds: z.number().min(0) }),
  z.strictObject({ set: z.string() }),
])

/** `/_sandbox/*`: the hand that pushes the clock, punches, hires and brings misfortune. All but the page is JSON. */
export function control(world: World, request: ControlRequest, ready: () => ReadyDocument): HttpAnswer {
  const answer = route(world, request, ready)
  world.journal.flush()
  return answer
}

function route(world: World, request: ControlRequest, ready: () => ReadyDocument): HttpAnswer {
  const body = parsed(request.body)
  if (body === undefined) return wrong('请求体不是 JSON / the body is not JSON')
  const path = new URL(request.url).pathname
  switch (`${request.method} ${path}`) {
    case 'GET /_sandbox/':
      return sandboxPage(world, request.url)
    case 'GET /_sandbox/ready':
      return jsonAnswer(200, ready())
    case 'GET /_sandbox/world':
      return jsonAnswer(200, worldView(world))
    case 'GET /_sandbox/clock':
      return jsonAnswer(200, clockOf(world))
    case 'POST /_sandbox/clock':
      return setClock(world, body)
    case 'POST /_sandbox/punch': {
      const made = punchByHand(world, body)
      return made.ok ? jsonAnswer(200, made.created) : wrong(made.why)
    }
    case 'POST /_sandbox/staff': {
      const done = staffByHand(world, body)
      return done.ok ? jsonAnswer(200, done.accounts) : wrong(done.why)
    }
    case 'GET /_sandbox/faults':
      return jsonAnswer(200, faultsOf(world))
    case 'PUT /_sandbox/faults':
    case 'POST /_sandbox/faults':
      return setFaults(world, body)
    default:
      return jsonAnswer(404, {
        error: 'GET ready, world, clock, faults; POST clock, punch, staff; PUT faults',
      })
  }
}

function setClock(world: World, body: unknown): HttpAnswer {
  const asked = ClockRequest.safeParse(body)
  if (!asked.success) return wrong('要 {"advanceSeconds": n} 或 {"set": "2026-11-22T09:00:00+08:00"}')
  const target = 'set' in asked.data ? parseInstant(asked.data.set) : null
  if ('set' in asked.data && target === null)
    return wrong('set 要带时区的 RFC 3339 时刻 / an RFC 3339 instant')
  const byMs = 'set' in asked.data ? target! - world.clock.nowMs() : asked.data.advanceSeconds * 1000
  if (!world.clock.push(byMs)) return wrong('时钟只能向前拨 / the clock only goes forward')
  return jsonAnswer(200, clockOf(world))
}

const clockOf = ({ clock }: World) => ({
  now: rfc3339(clock.nowMs()),
  offsetSeconds: clock.offsetMs() / 1000,
})

function setFaults(world: World, body: unknown): HttpAnswer {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return wrong('要一个对象 / an object of switches')
  const set = world.faults.set(body as Record<string, unknown>, world.clock.nowMs())
  if (set.ok) return jsonAnswer(200, faultsOf(world))
  return jsonAnswer(400, { error: set.problems.join('\n'), known: Object.keys(faultTable) })
}

function faultsOf({ faults }: World) {
  const known = Object.entries(faultTable).map(([name, { schema, default: initial, zh, en }]) => {
    const { $schema, ...type } = z.toJSONSchema(schema, { unrepresentable: 'any' })
    return { name, type, default: initial, zh, en }
  })
  return { faults: faults.values, struck: faults.struck, known }
}

const wrong = (error: string): HttpAnswer => jsonAnswer(400, { error })

/** undefined: not JSON. */
function parsed(text: string | undefined): unknown {
  if (text === undefined || text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
