import type { EditionOffer } from '#domain/planner/price-of-writing.ts'
import type { Limit } from '#platforms/ports.ts'

/**
 * DingTalk's documented limits, each a dated row with its source. A newer row of the same id goes below the older
 * one; which one holds is decided by `validFrom`. Slugs stand for https://open.dingtalk.com/document/development/<slug>.
 */

const perApp = { calls: 20, perSeconds: 1, validFrom: '2026-01-22', source: 'call-frequency-limit' } as const

/**
 * Calls of one app to one API. `calls` is the standard edition's; the development pack lifts it
 * (`dingtalkCallsPerSecond`). The per-minute limits exist but are unpublished: met as QpmLimitForAppkeyAndApi.
 */
export const dingtalkLimits = [
  // the token API is "itself throttled", at a number nobody publishes: the general one is the only documented bound
  { id: 'dingtalk.accessToken', ...perApp },
  { id: 'dingtalk.scopes', ...perApp },
  { id: 'dingtalk.listsub', ...perApp },
  // the page states no bound for `size`; the official SDK says 100
  { id: 'dingtalk.user/list', ...perApp, people: 100 },
  { id: 'dingtalk.user/get', ...perApp, people: 1 },
  { id: 'dingtalk.user/count', ...perApp },
  { id: 'dingtalk.getbymobile', ...perApp, people: 1 },
  // no number is published for registering a Stream either
  { id: 'dingtalk.connections/open', ...perApp },
  { id: 'dingtalk.get_call_back_failed_result', ...perApp },
  {
    id: 'dingtalk.asyncsend_v2',
    ...perApp,
    people: 100,
    validFrom: '2026-05-29',
    source: 'asynchronous-sending-of-enterprise-session-messages; calls: call-frequency-limit',
  },
  {
    id: 'dingtalk.listRecord',
    ...perApp,
    people: 50,
    days: 7,
    validFrom: '2026-05-27',
    source: 'attendance-clock-in-record-is-open; calls: call-frequency-limit',
  },
  {
    id: 'dingtalk.attendance/list',
    ...perApp,
    people: 50,
    days: 7,
    records: 50,
    validFrom: '2026-05-27',
    source: 'open-attendance-clock-in-data; calls: call-frequency-limit',
  },
  {
    id: 'dingtalk.getupdatedata',
    ...perApp,
    people: 1,
    days: 1,
    validFrom: '2026-06-23',
    source: 'obtain-the-attendance-update-data; calls: call-frequency-limit',
  },
  {
    id: 'dingtalk.upload',
    ...perApp,
    people: 1,
    records: 1,
    validFrom: '2026-05-27',
    source: 'upload-punch-records; attendance-synchronizes-information; calls: call-frequency-limit',
  },
] as const satisfies readonly Limit[]

/** How far back `listRecord` answers. */
export const dingtalkHistory = {
  days: 180,
  validFrom: '2026-05-27',
  source: 'attendance-clock-in-record-is-open',
} as const

/**
 * What an upload may say. Both texts are free and DingTalk names no bound, so the bound is ours. The name begins with a
 * mark by which a person, and a reader that has lost its ledger, knows it for ours; so does the device's id.
 * Source: upload-punch-records (2026-05-27); the future: attendance-synchronizes-information (2026-07-02).
 */
export const dingtalkUpload = {
  historyDays: 180,
  nameMark: '企业微信打卡',
  nameBytes: 120,
  deviceId: 'qintong-wecom',
  validFrom: '2026-05-27',
  source: 'upload-punch-records; attendance-synchronizes-information',
} as const

/**
 * Wrong mobile look-ups (60121): no bar is documented for `getbymobile`. WeCom's share is taken as if it held here too,
 * so that a phone book is never swept on either platform.
 */
export const dingtalkWrongLookups = {
  shareOfHeadCount: 0.2,
  validFrom: '2026-01-22',
  source: 'none documented; WeCom 95402',
} as const

/** One source address, all APIs of both hosts together; above it the address is banned for `banMs`. */
export const dingtalkAddressLimit = {
  calls: 10_000,
  perSeconds: 20,
  counts: 'all-apis',
  banMs: 300_000,
  validFrom: '2026-01-22',
  source: 'call-frequency-limit',
} as const

/** Calls of one API under way at once: six provoked 90018, three were fine (integrator report; no official number). */
export const dingtalkPlaces = { atOnce: 3, validFrom: '2026-01-22', source: 'contract 2.2, 7.4' } as const

/**
 * How long to stay away after a limit that does not name its end, first, second, … time in a row. 90018 lifts after a
 * second; 90002 asks for growing waits; 900xx suspensions for five minutes at least.
 * Source: how-to-process-api-throttling-on-the-dingtalk-server (2026-05-09).
 */
export const dingtalkLimitWaitsMs = {
  second: [1_000, 2_000, 4_000, 8_000],
  minute: [60_000, 300_000],
  suspended: [300_000, 600_000],
} as const

/** What one part of an edition grants an organisation per natural month. */
export type EditionRow = {
  part: 'standard' | 'professional' | 'development-pack'
  /** Metered API calls; a pack adds to its edition. */
  meteredCalls: number
  /** Webhook and Stream deliveries. */
  webhookDeliveries: number
  /** Calls per second of one app to one API. */
  callsPerSecond: number
  validFrom: string
  source: string
}

const billing = 'dingtalk-application-development-platform-billing-model (2026-05-09)'
const halving = 'notice-on-the-equity-adjustment (2025-10-31)'

/**
 * Monthly rights per edition. Contracts bought before 2025-11-19 keep their old numbers; nobody can see that from
 * outside, so the smaller ones are assumed.
 */
export const dingtalkEditions: readonly EditionRow[] = [
  row('standard', 10_000, 5_000, 20, '2020-01-01', halving),
  row('standard', 5_000, 3_000, 20, '2025-11-19', `${billing}; ${halving}`),
  row('professional', 200_000, 50_000, 20, '2020-01-01', billing),
  row('development-pack', 5_000_000, 500_000, 60, '2020-01-01', billing),
]

/** What a part of an edition costs; nothing is sold by the call. */
export type PriceRow = { part: EditionRow['part']; fenPerYear: number; validFrom: string; source: string }

/** List prices of 钉钉, before any discount. */
export const dingtalkPrices: readonly PriceRow[] = [
  { part: 'standard', fenPerYear: 0, validFrom: '2025-11-19', source: billing },
  { part: 'professional', fenPerYear: 980_000, validFrom: '2025-11-19', source: billing },
  { part: 'development-pack', fenPerYear: 1_980_000, validFrom: '2025-11-19', source: billing },
]

function row(
  part: EditionRow['part'],
  meteredCalls: number,
  webhookDeliveries: number,
  callsPerSecond: number,
  validFrom: string,
  source: string,
): EditionRow {
  return { part, meteredCalls, webhookDeliveries, callsPerSecond, validFrom, source }
}

/** The rows in force on `date` for these parts; an edition without a base part counts as standard. */
function rowsOf(edition: readonly string[], date: Temporal.PlainDate): EditionRow[] {
  const hasBase = edition.includes('standard') || edition.includes('professional')
  const parts = hasBase ? edition : ['standard', ...edition]
  return [...new Set(parts)].flatMap((part) => {
    const known = dingtalkEditions.filter((row) => row.part === part && row.validFrom <= date.toString())
    return known.at(-1) ?? []
  })
}

/** Metered calls the organisation may make in the month of `date`: the base edition plus its packs. */
export const quotaOf = (edition: readonly string[], date: Temporal.PlainDate): number =>
  rowsOf(edition, date).reduce((sum, row) => sum + row.meteredCalls, 0)

/** Event deliveries (webhook and Stream) the organisation may receive in the month of `date`. */
export const deliveriesOf = (edition: readonly string[], date: Temporal.PlainDate): number =>
  rowsOf(edition, date).reduce((sum, row) => sum + row.webhookDeliveries, 0)

/**
 * Whether a delivery of this event is counted against the month's: contact and role events are free. Repeats are taken for
 * counted, too (open question Q10). Contract 4.5 and 7.5.
 */
export const isMeteredEvent = (type: string): boolean => !/^(?:user_|org_|label_)/.test(type)

/** Calls per second of one app to one API: 20, and 60 with the development pack, which is the cap. */
export const dingtalkCallsPerSecond = (edition: readonly string[], date: Temporal.PlainDate): number =>
  Math.max(...rowsOf(edition, date).map((row) => row.callsPerSecond))

/** Every edition that grants more than this one on `date`, cheapest first; what it costs on top, at list prices. */
export function editionsAbove(edition: readonly string[], date: Temporal.PlainDate): EditionOffer[] {
  const ours = fenPerYearOf(edition, date)
  const offers: EditionOffer[] = []
  for (const base of ['standard', 'professional'])
    for (const packs of [[], ['development-pack']]) {
      const larger = [base, ...packs]
      const meteredCalls = quotaOf(larger, date)
      const holdsOurs = edition.every((part) => part === 'standard' || larger.includes(part))
      if (!holdsOurs || meteredCalls <= quotaOf(edition, date)) continue
      const fenPerYear = fenPerYearOf(larger, date)
      const yearlyFen = ours === null || fenPerYear === null ? null : fenPerYear - ours
      offers.push({ edition: larger, meteredCalls, yearlyFen })
    }
  const price = ({ yearlyFen }: EditionOffer) => yearlyFen ?? Number.POSITIVE_INFINITY
  return offers.sort((a, b) =>
    price(a) < price(b) ? -1 : price(a) > price(b) ? 1 : a.meteredCalls - b.meteredCalls,
  )
}

/** A month's metered calls: those the edition includes, those beyond it, and the editions that would include them all. */
export type CallsPrice = { included: number; beyond: number; choices: EditionOffer[] }

/**
 * The price of `calls` metered calls in the month of `date`. Within the quota they cost nothing; beyond it nothing is sold
 * by the call, only larger editions, cheapest first.
 */
export function priceOf(edition: readonly string[], calls: number, date: Temporal.PlainDate): CallsPrice {
  const beyond = Math.max(0, calls - quotaOf(edition, date))
  const choices =
    beyond === 0 ? [] : editionsAbove(edition, date).filter(({ meteredCalls }) => meteredCalls >= calls)
  return { included: calls - beyond, beyond, choices }
}

/** Null where a part has no known price on that date. */
function fenPerYearOf(edition: readonly string[], date: Temporal.PlainDate): number | null {
  let sum = 0
  for (const part of new Set(edition)) {
    const price = dingtalkPrices.findLast((row) => row.part === part && row.validFrom <= date.toString())
    if (!price) return null
    sum += price.fenPerYear
  }
  return sum
}
