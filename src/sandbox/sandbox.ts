import type { CompanyStyle } from './company.ts'
import { type ControlRequest, control } from './control.ts'
import { dingtalk } from './dingtalk/handler.ts'
import type { StreamGateway } from './dingtalk/stream-gateway.ts'
import { openInProcess } from './dingtalk/stream-in-process.ts'
import { punchByHand } from './punch-by-hand.ts'
import type { PunchIn } from './punch-sides.ts'
import { type Addresses, type ReadyDocument, readyDocument } from './ready.ts'
import { parseInstant } from './shanghai.ts'
import { type StaffAccount, staffByHand } from './staff.ts'
import { type CallbackUrls, openSubscriptions, type Subscriptions, saveCallbacks } from './subscriptions.ts'
import { type Handler, type HttpAnswer, type Outcome, transportError } from './transport.ts'
import {
  type StoredUpload,
  storedUploads,
  type TrueCheckin,
  type TruePunch,
  trueCheckins,
  truePairs,
  truePunches,
} from './truth.ts'
import { wecom } from './wecom/handler.ts'
import type { StoredRecord } from './wecom/records.ts'
import { openWorld, type World } from './world.ts'
import { violations, worldView } from './world-view.ts'

/** What a sandbox is made of. Only the seed and the clock are needed. */
export type SandboxOptions = {
  seed: number
  /** How many humans, whoever has left and whoever is on one side only included. */
  people?: number
  /** The base clock. The sandbox's time is this plus what it was pushed forward by. */
  now: () => Temporal.Instant
  /** A durable world, committed before each answer. Absent: nothing outlives the process. */
  file?: string | undefined
  /** `sample` (default) or `plain`: everyone linked by job number, two good punches on every day. */
  style?: CompanyStyle
  /** Where people with an account on both sides punch; `dingtalk` by default. */
  punchIn?: PunchIn
  /** Days of history at the start, that day included. */
  days?: number
  limits?: 'on' | 'off'
  edition?: string[]
  /** Of each written record keep its second alone: 700,000 in 30 MB. For benches. */
  compact?: boolean
  /** Switches to begin with (fault-table.ts). */
  faults?: Record<string, unknown>
  addresses?: Addresses
  /** What the setup.yaml of the ready document asks for; `stream` is subscribed from the start. `off` by default. */
  events?: 'off' | 'stream' | 'http'
  /** How callbacks reach the customer; absent: they reach nobody. */
  post?: Handler
  /** How time passes for slow answers in process; absent: they answer at once, and time out when too slow. */
  sleep?: (ms: number) => Promise<void>
}

/** Both platforms, and the hand that steers them. */
export interface Sandbox {
  dingtalk: Handler
  wecom: Handler
  /** `/_sandbox/*`; takes PUT as well. */
  control: (request: ControlRequest) => Promise<HttpAnswer>
  /** Every request to either platform, by host, and `/_sandbox/*` on both: a whole Transport, in process. */
  transport: Handler
  ready(): ReadyDocument
  nowMs(): number
  advance(seconds: number): void
  /** Merges switches; throws when one is unknown or wrong. */
  set(faults: Record<string, unknown>): void
  /** As `POST /_sandbox/punch`; throws when refused. */
  punch(request: Record<string, unknown>): unknown
  /** As `POST /_sandbox/staff`; throws when refused. */
  staff(request: Record<string, unknown>): StaffAccount[]
  /** The truth of the DingTalk side at punch instants in [from, to], both RFC 3339. */
  expectedPunches(window: { from: string; to: string }): TruePunch[]
  /** The same of the WeCom side. */
  expectedCheckins(window: { from: string; to: string }): TrueCheckin[]
  pairs(): ReturnType<typeof truePairs>
  /** What was written into WeCom, in order of storing. */
  records(): StoredRecord[]
  /** What was written into DingTalk, in order of storing. */
  uploads(): StoredUpload[]
  /** Calls refused because a documented limit was passed. */
  violations(): ReturnType<typeof violations>
  view(): ReturnType<typeof worldView>
  /** The platforms' events. In process nobody makes time pass for them: `work` does what is due. */
  subscriptions: Subscriptions
  /** Saves callback addresses in the consoles; throws when one does not prove itself. */
  subscribe(urls: CallbackUrls): Promise<void>
  /** DingTalk's Stream. In process nobody makes time pass for it but `advance` and its own `tick`. */
  stream: StreamGateway
  /** Opens one of its connections in process, as `WebSocket` would over a network. */
  openSocket: ReturnType<typeof openInProcess>
  /** For the server: the exchange with its delay and loss not yet applied. */
  exchange(platform: 'dingtalk' | 'wecom', request: Parameters<Handler>[0], ip: string): Outcome
  world: World
  close(): void
}

const inProcess: Addresses = { dingtalk: 'http://127.0.0.1:4001', wecom: 'http://127.0.0.1:4002' }
const realHosts: Record<string, 'dingtalk' | 'wecom'> = {
  'oapi.dingtalk.com': 'dingtalk',
  'api.dingtalk.com': 'dingtalk',
  'qyapi.weixin.qq.com': 'wecom',
}

/** Both platforms in one object: fetch-shaped handlers over one world. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const {
    seed,
    people = 120,
    now,
    file,
    style = 'sample',
    days = 14,
    limits = 'on',
    edition = ['standard'],
  } = options
  const { compact = false, addresses = inProcess, sleep, punchIn = 'dingtalk' } = options
  const world = openWorld({ seed, people, now, file, style, punchIn, days, limits, edition, compact })
  const set = (faults: Record<string, unknown>): void => {
    const done = world.faults.set(faults, world.clock.nowMs())
    if (!done.ok) throw new RangeError(done.problems.join('\n'))
    world.journal.flush()
  }
  if (options.faults) set(options.faults)

  const exchange: Sandbox['exchange'] = (platform, request, ip) =>
    platform === 'dingtalk' ? dingtalk(world, request, ip) : wecom(world, request, ip)
  const nobody: Handler = async ({ url }) => {
    throw transportError('unreachable', `nothing listens at ${new URL(url).host}`)
  }
  const subscriptions = openSubscriptions(world, options.post ?? nobody)
  if (options.events === 'stream') subscriptions.stream()
  const handler =
    (platform: 'dingtalk' | 'wecom'): Handler =>
    async (request) => {
      const { answer, delayMs, lost } = exchange(platform, request, '127.0.0.1')
      if (delayMs > 0) await sleep?.(Math.min(delayMs, request.timeoutMs))
      if (delayMs > request.timeoutMs)
        throw transportError('timeout', `no answer within ${request.timeoutMs} ms`)
      if (lost) throw transportError('reset', 'connection reset')
      return answer
    }
  const ready = (): ReadyDocument => readyDocument(world, addresses, options.events)
  const steer: Sandbox['control'] = async (request) =>
    (await saveCallbacks(subscriptions, request)) ?? control(world, request, ready)
  const sides = { dingtalk: handler('dingtalk'), wecom: handler('wecom') }

  return {
    ...sides,
    control: steer,
    async transport(request) {
      const url = new URL(request.url)
      if (url.pathname.startsWith('/_sandbox/')) return steer(request)
      const side =
        url.origin === addresses.dingtalk
          ? 'dingtalk'
          : url.origin === addresses.wecom
            ? 'wecom'
            : realHosts[url.hostname]
      if (!side) throw transportError('unreachable', `nothing listens at ${url.host}`)
      return sides[side](request)
    },
    ready,
    nowMs: () => world.clock.nowMs(),
    advance(seconds) {
      if (!world.clock.push(seconds * 1000)) throw new RangeError('the clock only goes forward')
      world.stream.tick()
      world.journal.flush()
    },
    set,
    punch(request) {
      const made = punchByHand(world, request)
      world.journal.flush()
      if (!made.ok) throw new RangeError(made.why)
      return made.created
    },
    staff(request) {
      const done = staffByHand(world, request)
      world.journal.flush()
      if (!done.ok) throw new RangeError(done.why)
      return done.accounts
    },
    expectedPunches: (window) => truePunches(world, ...millisecondsOf(window)),
    expectedCheckins: (window) => trueCheckins(world, ...millisecondsOf(window)),
    pairs: () => truePairs(world),
    records: () => world.records.all(),
    uploads: () => storedUploads(world),
    violations: () => violations(world),
    view: () => worldView(world),
    subscriptions,
    async subscribe(urls) {
      const refused = await subscriptions.save(urls)
      if (refused.length > 0) throw new RangeError(`no right answer: ${refused.join(', ')}`)
    },
    stream: world.stream,
    openSocket: openInProcess(world.stream),
    exchange,
    world,
    close: () => world.journal.close(),
  }
}

function millisecondsOf({ from, to }: { from: string; to: string }): [number, number] {
  const [fromMs, toMs] = [parseInstant(from), parseInstant(to)]
  if (fromMs === null || toMs === null) throw new RangeError(`not RFC 3339: ${from} … ${to}`)
  return [fromMs, toMs]
}
