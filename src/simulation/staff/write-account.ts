import type { StaffAccount } from '#domain/identity/staff-account.ts'
import { type Day, dateOf } from './days.ts'
import { dice } from './dice.ts'
import type { CompanyPlan, Human, Stay } from './people.ts'
import type { Corruption } from './staff-rates.ts'
import {
  type Platform,
  type Writing,
  writeDepartments,
  writeEmail,
  writeHireDate,
  writeJobNumber,
  writeMobile,
  writeTitle,
} from './write-fields.ts'
import { type Strikes, writeName } from './write-name.ts'

/** One account as a roster shows it, and what only the platform or nobody knows. */
export type GeneratedAccount = {
  account: StaffAccount
  /** The mobile as written there, however badly. */
  rawMobile: string | null
  /** E.164; what the platform answers probes by, whether it shows it or not. */
  ownedMobile: string | null
  /** When this human truly held the account; `to` is the last day, null while it is open. */
  from: Day
  to: Day | null
  human: Human
  stays: readonly Stay[]
  /** What befell this account, beside `human.corruptions`. */
  corruptions: Set<Corruption>
}

/** One corp: who is in it and how it spells them. */
export type Site = {
  plan: CompanyPlan
  platform: Platform
  subsidiary: number
  connection: string
  teams: readonly Stay['team'][]
  /** The part of an address before the @, for everybody. */
  spelling: ReadonlyMap<Human, string>
  people: readonly Human[]
}

/** Of corruptions that befall one side only, WeCom's: nobody is paid by it. */
const wecomShare = 0.6

/** The accounts that a human has had in one corp. */
export function accountsOf(site: Site, human: Human): GeneratedAccount[] {
  const { plan, platform, subsidiary } = site
  const stays = human.stays.filter((stay) => stay.subsidiary === subsidiary)
  if (stays.length === 0 || isAbsent(plan, platform, human)) return []
  const isKept =
    stays.length > 1 && dice(plan.seed, 'rehiredKeepsWecom', human.n).happens(plan.rates.rehiredKeepsWecom)
  if (isKept) human.corruptions.add('rehiredKeepsWecom')
  if (isKept && platform === 'wecom') return [writeAccount(site, human, stays, null)]
  return stays.flatMap((stay) => {
    if (stay.left === null) return [writeAccount(site, human, [stay], null)]
    const fate = fateOf(plan, human)
    if (fate === (platform === 'wecom' ? 'leaverGoneFromWecom' : 'leaverGoneFromDingtalk')) return []
    const isOpen = platform === 'wecom' && fate === 'leaverStaysOnWecom'
    return [writeAccount(site, human, [stay], isOpen ? null : stay.left)]
  })
}

function isAbsent({ seed, rates }: CompanyPlan, platform: Platform, human: Human): boolean {
  const where = dice(seed, 'oneSided', human.n).next()
  const [dingtalk, both] = [rates.onlyOnDingtalk, rates.onlyOnDingtalk + rates.onlyOnWecom]
  if (where >= both) return false
  human.corruptions.add(where < dingtalk ? 'onlyOnDingtalk' : 'onlyOnWecom')
  return where < dingtalk === (platform === 'wecom')
}

type Fate = 'leaverGoneFromWecom' | 'leaverGoneFromDingtalk' | 'leaverStaysOnWecom' | 'tombstones'

/** What became of a leaver's accounts. Who came back got a new one because the old one had been closed. */
function fateOf({ seed, rates }: CompanyPlan, human: Human): Fate {
  let fate = dice(seed, 'fate', human.n).next()
  for (const one of ['leaverGoneFromWecom', 'leaverGoneFromDingtalk', 'leaverStaysOnWecom'] as const) {
    if (fate < rates[one]) {
      if (one === 'leaverStaysOnWecom' && human.stays.length > 1) return 'tombstones'
      human.corruptions.add(one)
      return one
    }
    fate -= rates[one]
  }
  return 'tombstones'
}

function writeAccount(site: Site, human: Human, stays: readonly Stay[], to: Day | null): GeneratedAccount {
  const { plan, platform, subsidiary, connection } = site
  const { seed, rates } = plan
  const corruptions = new Set<Corruption>()
  const note = (corruption: Corruption) => corruptions.add(corruption)
  const strikes: Strikes = (corruption, rate = rates[corruption]) => {
    const own = dice(seed, corruption, human.n)
    return own.happens(rate) && own.happens(wecomShare) === (platform === 'wecom')
  }
  const neglect = human.kind === 'regular' ? 1 : rates.neglect
  const isMissing = (corruption: Corruption) => {
    const missing = dice(seed, corruption, human.n, platform).happens(rates[corruption] * neglect)
    if (missing) note(corruption)
    return missing
  }
  const writing: Writing = { seed, rates, platform, subsidiary, human, stays, strikes, isMissing, note }
  const name = writeName(seed, human, {
    strikes,
    rates,
    stillThere: to === null && stays.at(-1)!.left !== null,
  })
  name.corruptions.forEach(note)
  const mobile = writeMobile(writing)
  const neighbour = site.people[(human.n + 1) % site.people.length]!.stays[0]!.jobNumber
  const isBare = strikes('neverActivated')
  if (isBare) note('neverActivated')
  const [email, title] = [writeEmail(writing, site.spelling.get(human)!), writeTitle(writing)]
  return {
    account: {
      id: idOf(seed, connection, human, stays[0]!),
      connection,
      userId: '',
      name: name.text,
      mobile: mobile.e164,
      mobileTail: mobile.e164?.slice(-4) ?? null,
      jobNumber: writeJobNumber(writing, neighbour),
      email: isBare ? null : email,
      departments: writeDepartments(writing, site.teams),
      title: isBare ? null : title,
      manager: null,
      hiredOn: writeHireDate(writing),
      leftOn: to === null ? null : dateOf(to),
    },
    rawMobile: mobile.raw,
    ownedMobile: mobile.owned,
    from: stays[0]!.hired,
    to,
    human,
    stays,
    corruptions,
  }
}

/** Ids say nothing, or a resolver could learn from them who is who. */
function idOf(seed: number, connection: string, human: Human, { hired }: Stay): string {
  const { between } = dice(seed, 'id', connection, human.n, hired)
  return Array.from({ length: 3 }, () =>
    between(0, 2 ** 24 - 1)
      .toString(36)
      .padStart(5, '0'),
  ).join('')
}
