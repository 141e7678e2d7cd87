import type { Clock, Random } from '#domain/effects.ts'
import { failure } from '#domain/failures.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { AddressPace, EarlierCall } from '#platforms/address-pace.ts'
import { dingtalkRules } from '#platforms/dingtalk/failures.ts'
import { dingtalkCallsPerSecond } from '#platforms/dingtalk/limits.ts'
import { askDingtalkForToken } from '#platforms/dingtalk/token.ts'
import { createExchange, type Exchanged, type SkewBounds } from '#platforms/exchange.ts'
import {
  errorOf,
  factsOf,
  failureOf,
  markOutcome,
  outcomeNoted,
  type Surroundings,
} from '#platforms/gate-failure.ts'
import { nextStep, type Tried } from '#platforms/next-step.ts'
import { createPacer } from '#platforms/pacer.ts'
import { createPlaces } from '#platforms/places.ts'
import type {
  CallLog,
  ConnectionFacts,
  Endpoint,
  HttpRequest,
  Limit,
  QuotaLedger,
  TokenStore,
  Transport,
} from '#platforms/ports.ts'
import { peopleIn, prepare, toHttp } from '#platforms/request.ts'
import { type AskForToken, createTokenKeeper } from '#platforms/token-keeper.ts'
import { type CallOutcome, type PlatformRules, policy, type Trouble } from '#platforms/trouble.ts'
import { wecomRules } from '#platforms/wecom/failures.ts'
import { askWecomForToken } from '#platforms/wecom/token.ts'

export type GateOptions = {
  facts: ConnectionFacts
  transport: Transport
  clock: Clock
  random: Random
  callLog: CallLog
  quota: QuotaLedger
  tokens: TokenStore
  /** Share of each documented rate that is used, in (0, 1]; `off` for a transport without limits. Default 0.8. */
  pace?: number | 'off'
  /** What this process may call from its address, shared by all gates; absent: nobody counts it. */
  addressPace?: AddressPace | undefined
  /** Whole time of one HTTP exchange. Default 15 s for reads, 30 s for writes. */
  timeoutMs?: { read: number; write: number }
  /** Longest single wait for a rate limit inside a call. Default a minute and its jitter. */
  maxWaitMs?: number
  /** Ends waits, never a request under way, with the signal's reason. */
  signal?: AbortSignal
  /** Metrics: every HTTP attempt, `ok` or the failure's code. */
  onCall?: (api: string, outcome: string, durationMs: number) => void
  /** Called for every dated answer with what `skewSeconds` then says. */
  onSkew?: (seconds: number) => void
}

/** `notAfter`: until when whoever asks is entitled to the call. */
export type CallHow = Pick<HttpRequest, 'notAfter'>

/** The one way out to one connection of a platform. */
export interface Gate {
  /**
   * Asks the platform and answers its data with the answer's text as it arrived. Throws FailureError `platform.*`
   * for everything a platform or the network can do, after bounded waits and retries; `outcomeOf(error)` tells what
   * became of the request. A request that does not fit its own schema is a bug and throws ZodError. `notAfter`: no attempt
   * leaves later, whatever was waited for.
   */
  call<Q, A>(endpoint: Endpoint<Q, A>, input: Q, how?: CallHow): Promise<{ data: A; text: string }>
  /** HTTP attempts per endpoint name since the gate was made or last reset; tokens and retries included. */
  counts(): Record<string, number>
  resetCounts(): void
  /** What an earlier process called lately, from the call log. Give it before the first call. */
  seedPacer(calls: readonly EarlierCall[]): void
  /** How far the platform's clock is ahead of ours, seconds; 0 while it is within a minute or unknown. */
  skewSeconds(): number
}

const platforms: Record<PlatformName, { rules: PlatformRules; askForToken: AskForToken }> = {
  dingtalk: { rules: dingtalkRules, askForToken: askDingtalkForToken },
  wecom: { rules: wecomRules, askForToken: askWecomForToken },
}
const defaultTimeoutMs = { read: 15_000, write: 30_000 }
const defaultMaxWaitMs = 65_000
const toleratedSkewSeconds = 60

/**
 * Every call of one connection passes here: token, pace, monthly quota, places, time-out, retries by kind of trouble,
 * call log and masking. One gate per connection and process: its pace is kept in memory.
 */
export function createGate(options: GateOptions): Gate {
  const { facts, transport, clock, random, callLog, quota, signal, addressPace } = options
  const { rules, askForToken } = platforms[facts.platform]
  const timeouts = options.timeoutMs ?? defaultTimeoutMs
  const maxWaitMs = options.maxWaitMs ?? defaultMaxWaitMs
  const pacer = createPacer({ clock, pace: options.pace ?? 0.8, signal })
  const places = createPlaces(rules.atOnce)
  const strikes = new Map<string, { count: number; at: number }>()
  let counts: Record<string, number> = {}
  let skewMs = 0
  const now = () => clock.now().epochMilliseconds
  // what was known holds for as long as no answer contradicts it
  const onSkew = ({ least, most }: SkewBounds) => {
    skewMs = Math.max(least, Math.min(skewMs, most))
    options.onSkew?.(skewSeconds())
  }
  const skewSeconds = () => {
    const seconds = Math.floor(skewMs / 1000)
    return Math.abs(seconds) > toleratedSkewSeconds ? seconds : 0
  }
  const exchange = createExchange({
    ...{ facts, transport, clock, callLog, rules, onSkew },
    onCall: options.onCall ?? (() => {}),
  })
  const keeper = createTokenKeeper({
    ...{ store: options.tokens, clock, random },
    ask: (isProven) => {
      const ask = () => askForToken(call, facts)
      return isProven || !addressPace ? ask() : addressPace.trySecret(facts.platform, ask, signal)
    },
    paused: (until) =>
      errorOf(
        failure('platform.credentials-paused', { ...plainFacts('token'), until: inShanghai(until) }),
        'notSent',
      ),
  })

  const plainFacts = (api: string, met: Trouble | null = null) =>
    factsOf(met, {
      facts: { platform: facts.platform, connection: facts.key, api },
      secrets: [facts.secret],
    })

  const bannedUntil = () => addressPace?.bans.until(facts) ?? null

  /** Waits until nothing holds this API back, or fails at once when that takes longer than a call may wait. */
  const passPauses = async (api: string, last: Trouble | null): Promise<void> => {
    await addressPace?.bans.learn()
    const bannedFor = (bannedUntil() ?? 0) - now()
    if (bannedFor > 0)
      throw errorOf(failure('platform.banned', { ...plainFacts(api, last), waitMs: bannedFor }), 'notSent')
    for (let pause = pacer.pauseOf(api); pause; pause = pacer.pauseOf(api)) {
      const waitMs = pause.until - now()
      const code = `platform.${pause.because}` as const
      if (pause.because === 'banned' || waitMs > maxWaitMs)
        throw errorOf(failure(code, { ...plainFacts(api, last), waitMs }), 'notSent')
      await clock.sleep(waitMs, signal)
    }
  }

  /** Keeps this API, or the whole connection, away for as long as the trouble asks. */
  const stayAway = (api: string, met: Trouble, sentAt: number): void => {
    const { stay } = met
    if (!stay) return
    const { count, at } = strikes.get(api) ?? { count: 0, at: Number.NEGATIVE_INFINITY }
    // calls that were under way together meet one and the same limit: only the first of them counts
    if (sentAt <= at) return
    strikes.set(api, { count: count + 1, at: now() })
    const usualMs = stay.waitsMs[Math.min(count, stay.waitsMs.length - 1)] ?? 0
    const namedMs = stay.until ? stay.until.epochMilliseconds - now() : 0
    const waitMs = namedMs > 0 ? namedMs : usualMs
    const until = now() + Math.round(waitMs + random() * (waitMs * 0.05 + 100))
    pacer.pause(stay.whole ? null : api, until, met.sort === 'banned' ? 'banned' : 'rate-limited')
    if (met.sort === 'banned') addressPace?.bans.met(facts, until)
  }

  const takeUnit = async (api: string): Promise<{ used: number; quota: number }> => {
    const at = clock.now()
    const { granted, used, quota: limit } = await quota.take(at)
    if (granted) return { used, quota: limit }
    const refused = { ...plainFacts(api), used, quota: limit, freeAgainAt: nextMonth(at) }
    throw errorOf(failure('platform.out-of-calls', refused), 'notSent')
  }

  const limitNow = (limit: Limit): Limit => {
    if (facts.platform !== 'dingtalk' || limit.perSeconds !== 1) return limit
    const today = clock.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate()
    return { ...limit, calls: Math.max(limit.calls, dingtalkCallsPerSecond(facts.edition, today)) }
  }

  // The address's place comes before the API's: what waits for the address last would leave its API's pace in a bunch.
  const inAddress = <T>(api: string, work: () => Promise<T>): Promise<T> =>
    addressPace ? addressPace.hold({ platform: facts.platform, api }, work, signal) : work()

  const persist = async <Q, A>(endpoint: Endpoint<Q, A>, asked: Record<string, unknown>, how: CallHow) => {
    const api = endpoint.name
    const timeoutMs = endpoint.writes ? timeouts.write : timeouts.read
    const about = {
      writes: endpoint.writes,
      hasToken: endpoint.token !== 'none',
      tokenKeepsScopes: facts.platform === 'dingtalk', // WeCom asks the console anew at every call
      retryWaitsMs: rules.retryWaitsMs,
    }
    const tried: Tried = { limitWaits: 0, retries: 0, hasNewToken: false }
    let meter = { used: 0, quota: 0 }
    let needsUnit = endpoint.metered
    let cost = 0
    let last: Trouble | null = null
    for (;;) {
      await passPauses(api, last)
      // the token comes before the place in the pace, or calls that waited for one token would then leave together
      const token: string | null = about.hasToken ? await keeper.get().catch(notSent) : null
      if (needsUnit) {
        meter = await takeUnit(api)
        needsUnit = false
        cost = 1
      }
      const secrets = token === null ? [facts.secret] : [facts.secret, token]
      let sentAt = now()
      const result: Exchanged<A> | null = await inAddress(api, async () => {
        await pacer.wait(api, limitNow(endpoint.limit))
        if (pacer.pauseOf(api) || bannedUntil() !== null) return null
        counts[api] = (counts[api] ?? 0) + 1
        sentAt = now()
        const request = { ...toHttp(endpoint, asked, token, facts, timeoutMs), ...how }
        return await exchange(endpoint, request, { cost, secrets })
      })
      if (result === null) continue
      if (!('trouble' in result)) {
        strikes.delete(api)
        return result
      }
      const met: Trouble = result.trouble
      stayAway(api, met, sentAt)
      last = met
      cost = 0
      // what a rate limit or a dead network stopped is not counted against the month
      needsUnit = endpoint.metered && met.sort !== 'limit' && met.sort !== 'unreachable'
      const step = nextStep(met, about, tried)
      if (step.kind === 'give-up') {
        const near: Surroundings = {
          facts: { platform: facts.platform, connection: facts.key, api },
          host: hostOf(facts.hosts[endpoint.host]),
          waitMs: Math.max(0, (pacer.pauseOf(api)?.until ?? now()) - now()),
          freeAgainAt: nextMonth(clock.now()),
          ...{ timeoutMs, secrets, quota: meter, excerpt: result.excerpt, userIds: peopleIn(asked) },
        }
        throw errorOf(failureOf(met, near), policy[met.sort].outcome)
      }
      if (step.kind === 'wait') tried.limitWaits += 1
      if (step.kind === 'renew' && token !== null) {
        tried.hasNewToken = true
        await keeper.drop(token)
      }
      if (step.kind === 'retry') {
        tried.retries += 1
        await clock.sleep(Math.round(step.afterMs * (0.8 + 0.4 * random())), signal)
      }
    }
  }

  async function call<Q, A>(
    endpoint: Endpoint<Q, A>,
    input: Q,
    how: CallHow = {},
  ): Promise<{ data: A; text: string }> {
    try {
      const asked = prepare(endpoint, input)
      return await places.hold(endpoint.name, () => persist(endpoint, asked, how))
    } catch (error) {
      // whatever else stopped us (our own schema, the store, a signal) stopped us before the request left
      throw outcomeNoted(error) ? error : markOutcome(error, 'notSent')
    }
  }

  return {
    call,
    counts: () => ({ ...counts }),
    resetCounts: () => {
      counts = {}
    },
    seedPacer(calls) {
      pacer.seed(calls)
      addressPace?.seed(`${facts.corpId} ${facts.key}`, facts.platform, calls)
    },
    skewSeconds,
  }
}

/**
 * What became of the request behind this error of the gate. `lost` for anything the gate did not throw: only a
 * read-back can tell then.
 */
export const outcomeOf = (error: unknown): CallOutcome => outcomeNoted(error) ?? 'lost'

/** A call that failed to get its token was not sent, whatever became of the token's own request. */
function notSent(error: unknown): never {
  throw markOutcome(error, 'notSent')
}

const inShanghai = (at: Temporal.Instant): string => at.toString({ timeZone: 'Asia/Shanghai' })

/** The first instant of the next month, when the monthly quota is new again. */
const nextMonth = (at: Temporal.Instant): string =>
  at
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDate()
    .with({ day: 1 })
    .add({ months: 1 })
    .toZonedDateTime('Asia/Shanghai')
    .toString({ timeZoneName: 'never' })

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
