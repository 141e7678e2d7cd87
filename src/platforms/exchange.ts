import { type Clock, elapsedMs } from '#domain/effects.ts'
import { markOutcome } from '#platforms/gate-failure.ts'
import { excerptOf, mask } from '#platforms/mask.ts'
import type {
  CallLog,
  ConnectionFacts,
  Endpoint,
  HttpAnswer,
  HttpRequest,
  Transport,
} from '#platforms/ports.ts'
import { transportKind } from '#platforms/transport.ts'
import { type PlatformRules, policy, readAnswer, type Trouble, trouble } from '#platforms/trouble.ts'

/** What one attempt brought: data, or trouble with a short masked look at the answer. */
export type Exchanged<A> = { data: A; text: string } | { trouble: Trouble; excerpt: string }

/** The platform's clock minus ours lies between these, milliseconds. */
export type SkewBounds = { least: number; most: number }

export type Exchange = <Q, A>(
  endpoint: Endpoint<Q, A>,
  request: HttpRequest,
  /** Metered units this attempt spends; secrets that must not show in the log. */
  about: { cost: number; secrets: readonly string[] },
) => Promise<Exchanged<A>>

const longestText = 500

/**
 * One HTTP exchange: counted, sent, read and logged; no waiting and no second try. Throws only what is a bug, marked
 * `lost`, because the request may have left.
 */
export function createExchange(options: {
  facts: ConnectionFacts
  transport: Transport
  clock: Clock
  callLog: CallLog
  rules: PlatformRules
  onCall: (api: string, outcome: string, durationMs: number) => void
  /** What an answer's `date` says of the platform's clock minus ours. */
  onSkew: (bounds: SkewBounds) => void
}): Exchange {
  const { facts, transport, clock, callLog, rules, onCall, onSkew } = options

  const send = async (request: HttpRequest): Promise<{ answer: HttpAnswer } | { trouble: Trouble }> => {
    try {
      return { answer: await transport(request) }
    } catch (error) {
      const kind = transportKind(error)
      if (kind === null) throw markOutcome(error, 'lost')
      const text = error instanceof Error ? error.message : ''
      return { trouble: trouble(kind === 'too-large' ? 'overflow' : kind, { text }) }
    }
  }

  return async (endpoint, request, { cost, secrets }) => {
    const at = clock.now()
    const log = (outcome: string, met: Trouble | null) => {
      const durationMs = elapsedMs(clock, at)
      callLog.record({
        connection: facts.key,
        api: endpoint.name,
        at,
        durationMs,
        outcome,
        theirCode: mask(met?.code ?? '', secrets),
        theirText: mask(met?.text ?? '', secrets).slice(0, longestText),
        requestId: mask(met?.requestId ?? '', secrets),
        cost,
      })
      onCall(endpoint.name, outcome, durationMs)
    }
    const failed = (met: Trouble, text: string) => {
      log(policy[met.sort].code, met)
      return { trouble: met, excerpt: excerptOf(text, secrets) }
    }

    const sent = await send(request).catch((bug: unknown) => {
      log('internal', null)
      throw bug
    })
    if ('trouble' in sent) return failed(sent.trouble, '')
    const { answer } = sent
    const bounds = skewOf(answer, at, clock.now())
    if (bounds !== null) onSkew(bounds)

    const read = readAnswer(answer, endpoint, rules)
    if ('trouble' in read) return failed(read.trouble, answer.text)
    const parsed = endpoint.response.safeParse(read.body)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const text = issue ? `${issue.path.join('.')}: ${issue.message}` : ''
      return failed(trouble('unreadable', { status: answer.status, text }), answer.text)
    }
    log('ok', null)
    return { data: parsed.data, text: answer.text }
  }
}

/**
 * The platform's clock minus ours, milliseconds: the answer was dated some time between the request and its arrival, to the
 * second, so a slow answer says little. Null when it tells no time.
 */
function skewOf(answer: HttpAnswer, sentAt: Temporal.Instant, now: Temporal.Instant): SkewBounds | null {
  const theirs = Date.parse(answer.headers['date'] ?? '')
  if (Number.isNaN(theirs)) return null
  return { least: theirs - now.epochMilliseconds, most: theirs + 999 - sentAt.epochMilliseconds }
}
