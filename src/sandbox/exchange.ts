import { chances } from './chance.ts'
import type { Parameters } from './faults.ts'
import type { PlatformName } from './ledger.ts'
import { type HttpAnswer, type HttpRequest, jsonAnswer, type Outcome } from './transport.ts'
import type { World } from './world.ts'

/** One call as the platforms' code sees it. */
export type Call = {
  platform: PlatformName
  seq: number
  nowMs: number
  ip: string
  request: HttpRequest
  path: string
  query: Record<string, string>
  /** Misfortune on its way to the data: `lost` = say yes and do nothing; `delayMs` = do it that much later. */
  effect: { lost: boolean; delayMs: number }
  /** Chance that belongs to this call alone. */
  chance: () => number
}

/** What the platform's own code answers, before misfortune has its say. `code`: 0, or why it was refused. */
export type Answered = { http: HttpAnswer; code: string | number }

/**
 * One exchange from end to end: counts the call, lets misfortune strike before and after, keeps the world on disk,
 * and only then answers.
 */
export function exchange(
  world: World,
  platform: PlatformName,
  request: HttpRequest,
  ip: string,
  respond: (call: Call) => Answered,
): Outcome {
  const url = new URL(request.url)
  const path = url.pathname
  const seq = world.ledger.next(platform, path)
  const nowMs = world.clock.nowMs()
  const target = { platform, path, seq }
  const call: Call = {
    ...target,
    nowMs,
    ip,
    request,
    query: Object.fromEntries(url.searchParams),
    effect: { lost: false, delayMs: 0 },
    chance: chances(world.origin.seed ^ Math.imul(seq, 0x9e3779b1)),
  }
  const outcome: Outcome = { answer: { status: 200, headers: {}, text: '' }, delayMs: 0, lost: false }
  const { faults, ledger } = world

  const slow = faults.strike('slow', target)
  if (slow) {
    outcome.delayMs = slow.ms ?? 0
    if (slow.effect === 'after') call.effect.delayMs = outcome.delayMs
  }
  const door = `${platform} address ${ip}`
  const isShut = nowMs < ledger.shutUntil(door)
  const ban = isShut ? {} : faults.strike('htmlBan', target)
  const broken = faults.strike('http5xx', target)
  if (ban) {
    if (!isShut) ledger.shut(door, nowMs + (ban.seconds ?? 300) * 1000)
    outcome.answer = banPage(ban, seq)
    ledger.refuse(platform, path, 'banned')
  } else if (broken && !broken.after) outcome.answer = brokenPage(broken)
  else {
    const answered = respond(call)
    if (answered.code !== 0) ledger.refuse(platform, path, answered.code)
    outcome.answer = answered.http
    if (broken) outcome.answer = brokenPage(broken)
    else if (faults.strike('garbage', target)) outcome.answer = garbage
    outcome.lost = faults.strike('answerLost', target) !== null
  }
  // The header tells the time outside: a world that was pushed forward is not a wrong clock, only the switch is.
  const outsideMs = nowMs - world.clock.offsetMs()
  outcome.answer.headers['date'] = new Date(outsideMs + world.faults.values.clockSkew * 1000).toUTCString()
  if (faults.values.stringNumbers) outcome.answer = quoted(outcome.answer)
  world.journal.flush()
  return outcome
}

function banPage({ shape }: Parameters, seq: number): HttpAnswer {
  if (shape === 'json')
    return jsonAnswer(200, { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: `sandbox-${seq}` })
  return html(
    200,
    '<!DOCTYPE html><html><head><title>亲，访问被拒绝</title></head><body>访问过于频繁</body></html>',
  )
}

const brokenPage = ({ status = 502 }: Parameters): HttpAnswer =>
  html(
    status,
    `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
  )

const html = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  text,
})
const garbage: HttpAnswer = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '{"errcode":0,"errm',
}

/** The same answer with every number in quotes, as the documents' samples have it. */
function quoted(answer: HttpAnswer): HttpAnswer {
  if (!(answer.headers['content-type'] ?? '').startsWith('application/json')) return answer
  try {
    const body: unknown = JSON.parse(answer.text)
    return {
      ...answer,
      text: JSON.stringify(body, (_, value) => (typeof value === 'number' ? String(value) : value)),
    }
  } catch {
    return answer
  }
}
