import type { StaffAccount } from '#domain/identity/staff-account.ts'
import { dayOf } from './days.ts'
import { dice } from './dice.ts'
import { type CompanyPlan, type Human, peopleOf } from './people.ts'
import { type StaffRates, usualRates } from './staff-rates.ts'
import { latinOf } from './true-name.ts'
import { giveUserIds } from './user-ids.ts'
import { accountsOf, type GeneratedAccount } from './write-account.ts'
import type { Platform } from './write-fields.ts'

export type StaffAsk = {
  seed: number
  /** Humans, leavers included. */
  people?: number
  /** Each has a DingTalk and a WeCom corp. */
  subsidiaries?: number
  rates?: Partial<StaffRates>
  /** `YYYY-MM-DD`. */
  today?: string
}

/** The truth: every account belongs to exactly one person. */
export type Staff = {
  /** As rosters tell them, in an order that says nothing. */
  accounts: StaffAccount[]
  people: StaffPerson[]
  generated: ReadonlyMap<string, GeneratedAccount>
}

/** Ids of accounts by `StaffAccount.id`, in no order. */
export type StaffPerson = { human: Human; accounts: string[] }

export const usualPeople = 5000
const subsidiaryNames = ['hq', 'south', 'west', 'overseas']
const platforms: readonly Platform[] = ['dingtalk', 'wecom']

/**
 * A company's rosters on both platforms and who is who in them. The same ask gives the same answer, and another rate
 * changes nothing but what it is the rate of.
 */
export function generateStaff(ask: StaffAsk): Staff {
  const plan: CompanyPlan = {
    seed: ask.seed,
    people: ask.people ?? usualPeople,
    subsidiaries: ask.subsidiaries ?? 1,
    today: dayOf(ask.today ?? '2026-11-01'),
    rates: { ...usualRates, ...ask.rates },
  }
  const people = peopleOf(plan)
  const spelling = spellEverybody(people)
  const all: GeneratedAccount[] = []
  for (let subsidiary = 0; subsidiary < plan.subsidiaries; subsidiary++) {
    const stays = people.flatMap((human) => human.stays.filter((stay) => stay.subsidiary === subsidiary))
    const teams = [...new Set(stays.map(({ team }) => team))]
    for (const platform of platforms) {
      const connection = `${subsidiaryNames[subsidiary] ?? `sub${subsidiary}`}-${platform}`
      const site = { plan, platform, subsidiary, connection, teams, spelling, people }
      const own = people.flatMap((human) => accountsOf(site, human))
      giveUserIds(plan, connection, platform, own)
      nameManagers(plan, platform, own)
      all.push(...own)
    }
  }
  all.sort((a, b) => (a.account.id < b.account.id ? -1 : 1))
  const byHuman = Map.groupBy(all, ({ human }) => human)
  return {
    accounts: all.map(({ account }) => account),
    people: [...byHuman].map(([human, own]) => ({ human, accounts: own.map(({ account }) => account.id) })),
    generated: new Map(all.map((one) => [one.account.id, one])),
  }
}

/** `wangwei`, `wangwei2`: addresses are unique, so that those who came later are numbered. */
function spellEverybody(people: readonly Human[]): Map<Human, string> {
  const counts = new Map<string, number>()
  const byEntry = people.toSorted((a, b) => a.stays[0]!.hired - b.stays[0]!.hired || a.n - b.n)
  return new Map(
    byEntry.map((human) => {
      const latin = latinOf(human.name)
      const count = (counts.get(latin) ?? 0) + 1
      counts.set(latin, count)
      return [human, count === 1 ? latin : `${latin}${count}`]
    }),
  )
}

/** A team's superior is who has been in it longest on that platform. */
function nameManagers(
  { seed, rates }: CompanyPlan,
  platform: Platform,
  all: readonly GeneratedAccount[],
): void {
  const rate = platform === 'wecom' ? rates.managerMissingOnWecom : rates.managerMissingOnDingtalk
  for (const team of Map.groupBy(all, ({ stays }) => stays.at(-1)!.team).values()) {
    const current = team
      .filter(({ to }) => to === null)
      .sort((a, b) => a.from - b.from || a.human.n - b.human.n)
    const [leader] = current
    for (const { account, human, corruptions } of team) {
      const isMissing = dice(seed, 'manager', human.n, platform).happens(rate)
      if (leader === undefined || account === leader.account || corruptions.has('neverActivated')) continue
      if (!isMissing) account.manager = leader.account.userId
      else corruptions.add(platform === 'wecom' ? 'managerMissingOnWecom' : 'managerMissingOnDingtalk')
    }
  }
}
