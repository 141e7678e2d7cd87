import type { Messages } from '../zh.ts'
import { places } from './places.ts'

export const checkNames: Messages['checkNames'] = {
  token: 'credentials',
  ip: 'trusted IP',
  network: 'network',
  scope: 'contacts range',
  contacts: 'reading contacts',
  mobile: 'mobile numbers',
  'attendance-read': 'reading punches',
  'attendance-write': 'writing punches',
  clock: 'clock',
  quota: 'call quota',
}

export const checkWarnings: Messages['checkWarnings'] = {
  scope: ({ visible, total }) => ({
    title:
      visible && total
        ? `only ${visible} of ${total} people are visible`
        : 'only some departments are visible',
    hint: 'Who is not visible cannot be synced: add everybody whose attendance is synced to the range.',
  }),
  contacts: () => ({
    title: 'the visible range has no members',
    hint: 'Add everybody whose attendance is synced to the range.',
  }),
  mobile: () => ({
    title: 'mobile numbers cannot be read',
    hint: 'Job numbers and explicit links still match people: fill in job numbers on both sides, or write links in setup.yaml.',
  }),
  'attendance-read': () => ({
    title: 'there is no member to try a read with',
    hint: 'Add members to the range and check again.',
  }),
}

export const passed: Messages['checkPassed'] = (name) => `${name}: fine`
export const warned: Messages['checkWarned'] = (name) => `${name}: take note`
export const failedCheck: Messages['checkFailed'] = (name) => `${name}: not usable`

/** The console page for a connector's key; an unknown key is shown as it is. */
export const place: Messages['place'] = (where) => {
  const [key = '', ...facts] = where.split(' ')
  const page = places[key]
  if (page === undefined) return where
  const departments = facts.find((fact) => fact.startsWith('departments='))?.slice('departments='.length)
  if (facts.includes('field=mobile')) return `${page}: request the mobile field (企业员工手机号信息)`
  return departments ? `${page} (now only departments ${departments})` : page
}

const editionParts: Record<string, string> = {
  standard: 'standard',
  professional: 'professional',
  'development-pack': 'development pack',
}

export const editions: Messages['editions'] = {
  name: (parts) => parts.map((part) => editionParts[part] ?? part).join(' with the '),
  offer: (name, calls, yuan) =>
    `the ${name} edition (${calls} calls a month${yuan === null ? ', price on request' : `, ${yuan} yuan a year more at list price`})`,
}

export const advice: Messages['advice'] = {
  ready: (connection, both, canWrite) =>
    both
      ? `In short: ${connection} can be read and written; it may be either end of a route.`
      : `In short: ${connection} can only be ${canWrite ? 'written; it may be the receiving end (one-way)' : 'read; it may be the source (one-way)'}.`,
  notReady: (connection) => `In short: ${connection} cannot be used yet; see the items marked ✗ first.`,
  people: (people) => `The app sees ${people} people.`,
  cost: (calls, quota) =>
    `About ${calls} metered calls a month of ${quota} (${Math.round((calls / Math.max(1, quota)) * 100)}%): ${calls > quota ? 'not enough; raise pollEvery or the edition' : 'enough'}.`,
  free: 'Calls to this platform are not metered.',
  twoWay: (calls, isEnough, offer) =>
    `Both ways, or written from WeCom, each punch takes a metered call: with 2 punches a person and day about ${calls} more a month${isEnough ? ', which the quota carries at no price' : offer ? `, more than the quota: ${offer}, or a narrower scope, or one way alone` : ', more than any edition carries: a narrower scope, or one way alone'}.`,
}
