import type { Limit } from '#platforms/ports.ts'

/**
 * WeCom's documented limits, each a dated row with its source: numbers stand for
 * https://developer.work.weixin.qq.com/document/path/<number>. A newer row of the same id goes below the older one.
 */

/**
 * One corp, one API: 10,000 a minute and 150,000 an hour. 2,500 a minute keeps both at once, since an hour then holds
 * 150,000 at most.
 */
const base = { calls: 2_500, perSeconds: 60, validFrom: '2026-02-01', source: '90312' } as const

/** Calls of one corp to one API. */
export const wecomLimits = [
  { id: 'wecom.gettoken', ...base, source: '91039; 90312' },
  { id: 'wecom.department/simplelist', ...base, source: '95350; 90312' },
  { id: 'wecom.department/list', ...base, source: '90208; 90312' },
  { id: 'wecom.user/simplelist', ...base, source: '90200; 90312' },
  { id: 'wecom.user/list', ...base, source: '90201; 90312' },
  { id: 'wecom.user/get', ...base, people: 1, source: '90196; 90312' },
  { id: 'wecom.list_id', ...base, people: 10_000, source: '96067; 90312' },
  { id: 'wecom.getuserid', ...base, people: 1, source: '95402; 90312' },
  {
    id: 'wecom.getcheckindata',
    calls: 600,
    perSeconds: 60,
    people: 100,
    days: 30,
    validFrom: '2024-12-16',
    source: '90262; 90312',
  },
  // the page names no number of its own: a tenth of getcheckindata's, until somebody knows; a month has 28 days at least
  {
    id: 'wecom.get_hardware_checkin_data',
    calls: 60,
    perSeconds: 60,
    people: 100,
    days: 28,
    validFrom: '2024-10-31',
    source: '94126; contract 12.9',
  },
  { id: 'wecom.message/send', ...base, people: 1_000, source: '90236; 90312' },
  { id: 'wecom.getcorpcheckinoption', calls: 60, perSeconds: 60, validFrom: '2025-08-29', source: '93384' },
  {
    id: 'wecom.add_checkin_record',
    calls: 60,
    perSeconds: 60,
    records: 200,
    validFrom: '2024-07-25',
    source: '99647',
  },
] as const satisfies readonly Limit[]

/**
 * One source address, one API, whatever the corp: 20,000 a minute and 600,000 an hour. 10,000 a minute keeps both at once.
 * A provider's addresses have twice as much; the product is installed by the company itself.
 */
export const wecomAddressLimit = {
  calls: 10_000,
  perSeconds: 60,
  counts: 'each-api',
  validFrom: '2026-02-01',
  source: '90312',
} as const

/**
 * Wrong secrets that one address may send: repeating them bans it for an hour, for every corp served from it. How many is
 * not said; this is our choice, for all connections together. Source: 90312.
 */
export const wecomWrongSecrets = {
  api: 'gettoken',
  calls: 4,
  perSeconds: 60,
  validFrom: '2026-02-01',
  source: '90312',
} as const

/**
 * Wrong mobile look-ups (46004) above this share of the corp's head-count bar the call for a day. Source: 95402.
 */
export const wecomWrongLookups = {
  shareOfHeadCount: 0.2,
  perDays: 1,
  validFrom: '2026-02-01',
  source: '95402',
} as const

/**
 * How long the texts of one record of `add_checkin_record` may be. The page says 1024 and 40 without a unit; the stricter
 * reading is bytes for the first and characters (UTF-16 units, so that no way of counting finds more) for the second.
 */
export const wecomRecordTexts = {
  bytes: 1_024,
  deviceCharacters: 40,
  validFrom: '2024-07-25',
  source: '99647; contract 12.18',
} as const

/**
 * A night shift's punch after midnight on the 1st comes neither in a window that ends with the last of the month nor in
 * one that begins with the 1st. So a window never begins in these first hours: it begins at this hour of the day before.
 */
export const wecomMonthEnd = {
  startHour: 4,
  overnightHours: 12,
  validFrom: '2023-06-12',
  source: 'WxJava#3046; contract 11.3; the hours are our choice',
} as const

/** Calls of one API under way at once; above an unpublished number the answer is 45033. Source: contract 9.1. */
export const wecomPlaces = { atOnce: 4, validFrom: '2026-02-01', source: '90312' } as const

/**
 * How long 45009 lasts: as long as the window that was overrun, which the answer does not name. So the first wait is a
 * minute, the next five, then an hour. Source: 90312.
 */
export const wecomLimitWaitsMs = [60_000, 300_000, 3_600_000] as const

/** WeCom documents no ban page; after one everything stays away as long as after DingTalk's. Our choice. */
export const wecomBanMs = 300_000
