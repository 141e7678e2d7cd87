import { dateOf } from './days.ts'
import { dice } from './dice.ts'
import { drawMobile, formatMobile, plainMobile, spoilMobile } from './mobile.ts'
import type { Human, Stay } from './people.ts'
import type { Corruption, StaffRates } from './staff-rates.ts'
import { latinOf } from './true-name.ts'
import type { Strikes } from './write-name.ts'

export type Platform = 'dingtalk' | 'wecom'

/** Who writes, about whom: everything a field's writer looks at. */
export type Writing = {
  seed: number
  rates: StaffRates
  platform: Platform
  subsidiary: number
  human: Human
  /** One stay, or all that one account was kept through. */
  stays: readonly Stay[]
  strikes: Strikes
  /** Whether a field is left empty; a neglected person's is so more often. */
  isMissing: (corruption: Corruption) => boolean
  note: (corruption: Corruption) => void
}

/** `raw` as the platform answers it; `owned`: the number the platform itself knows the account by, hidden or not. */
export type WrittenMobile = { e164: string | null; raw: string | null; owned: string | null }

export function writeMobile({
  seed,
  human,
  platform,
  rates,
  strikes,
  isMissing,
  note,
}: Writing): WrittenMobile {
  const own = dice(seed, 'writeMobile', human.n, platform)
  let e164 = human.mobile
  if (human.borrowed && (human.borrowed.on === 'both' || human.borrowed.on === platform))
    e164 = human.borrowed.mobile
  else if (strikes('mobileChanged')) {
    e164 = drawMobile(dice(seed, 'otherMobile', human.n), rates.mobileHkMacau)
    note('mobileChanged')
  }
  const isMalformed = strikes('mobileMalformed')
  const owned = isMalformed ? null : e164
  if (isMissing(platform === 'wecom' ? 'mobileHiddenOnWecom' : 'mobileHiddenOnDingtalk'))
    return { e164: null, raw: null, owned }
  if (isMalformed) {
    note('mobileMalformed')
    return { e164: null, raw: spoilMobile(own, e164), owned }
  }
  const isFormatted = own.happens(rates.mobileFormatted)
  return { e164, raw: isFormatted ? formatMobile(own, e164) : plainMobile(e164), owned }
}

const placeholders = ['0', '000000', '无', '-', '/', '暂无', 'N/A', '123456', '待定']

export function writeJobNumber(
  { seed, human, platform, subsidiary, stays, rates, strikes, isMissing, note }: Writing,
  neighbour: string,
): string | null {
  const own = dice(seed, 'writeJobNumber', human.n, platform)
  if (isMissing(platform === 'wecom' ? 'jobNumberMissingOnWecom' : 'jobNumberMissingOnDingtalk')) return null
  if (strikes('jobNumberPlaceholder')) {
    note('jobNumberPlaceholder')
    return own.pick(placeholders)
  }
  if (strikes('jobNumberOtherScheme')) {
    note('jobNumberOtherScheme')
    return own.pick([
      `WB${own.between(10_000, 99_999)}`,
      String(own.between(1_000_000, 9_999_999)),
      `${own.between(1, 60)}`,
    ])
  }
  let text = stays.at(-1)!.jobNumber
  if (strikes('jobNumberDuplicate') && neighbour !== text) {
    note('jobNumberDuplicate')
    text = neighbour
  }
  const column = dice(seed, 'jobNumberColumn', platform, subsidiary)
  const [columnPrefix, columnZeros] = [
    column.happens(rates.jobNumberPrefixEverywhere),
    column.happens(rates.jobNumberLostZerosEverywhere),
  ]
  if (columnZeros || strikes('jobNumberLostZeros')) {
    const shorter = text.replace(/^0+(?=\d)/, '')
    if (shorter !== text && !columnZeros) note('jobNumberLostZeros')
    text = shorter
  }
  if (columnPrefix || strikes('jobNumberPrefix')) {
    if (!columnPrefix) note('jobNumberPrefix')
    text = /^[A-Z]/.test(text) ? text.replace(/^[A-Z]+/, '') : `${column.pick(['QT', 'E', 'GH-'])}${text}`
  }
  return text
}

const monthsLate = [30, 60, 90, 180]

export function writeHireDate({
  seed,
  human,
  platform,
  stays,
  strikes,
  isMissing,
  note,
}: Writing): string | null {
  const own = dice(seed, 'writeHireDate', human.n, platform)
  if (isMissing(platform === 'wecom' ? 'hireDateMissingOnWecom' : 'hireDateMissingOnDingtalk')) return null
  const { hired } = stays.length > 1 && own.happens(0.5) ? stays.at(-1)! : stays[0]!
  if (!strikes('hireDateOff')) return dateOf(hired)
  note('hireDateOff')
  return dateOf(
    hired + (own.happens(0.75) ? own.between(1, 5) : own.pick(monthsLate)) * (own.happens(0.8) ? 1 : -1),
  )
}

/** `local` is the company's spelling of this person, different from everybody else's. */
export function writeEmail(
  { seed, human, platform, subsidiary, strikes, isMissing, note }: Writing,
  local: string,
): string | null {
  const own = dice(seed, 'writeEmail', human.n, platform)
  if (isMissing(platform === 'wecom' ? 'emailMissingOnWecom' : 'emailMissingOnDingtalk')) return null
  if (strikes('emailPersonal')) {
    note('emailPersonal')
    return own.pick([
      `${own.between(10_000_000, 999_999_999)}@qq.com`,
      `${latinOf(human.name)}${own.between(70, 2005)}@163.com`,
    ])
  }
  const isOther = strikes('emailOtherDomain')
  if (isOther) note('emailOtherDomain')
  return `${local}@${isOther ? 'old-name.example' : subsidiary === 0 ? 'company.example' : `sub${subsidiary}.example`}`
}

const otherTitles = '高级经理 资深工程师 组长 部门负责人 员工 技术专家 文员 储备干部'.split(' ')

export function writeTitle({
  seed,
  human,
  platform,
  rates,
  strikes,
  isMissing,
  note,
}: Writing): string | null {
  if (rates.titleMissing > 0 && isMissing('titleMissing')) return null
  if (!strikes('titleOther')) return human.title
  note('titleOther')
  return dice(seed, 'writeTitle', human.n, platform).pick(otherTitles)
}

/** A stale department is another team's; a second one stands beside the first. */
export function writeDepartments(
  { seed, human, platform, stays, strikes, note }: Writing,
  teams: readonly { dingtalk: string; wecom: string }[],
): string[] {
  const own = dice(seed, 'writeDepartments', human.n, platform)
  const { team } = stays.at(-1)!
  const paths = [team[platform]]
  if (strikes('departmentStale')) {
    note('departmentStale')
    paths[0] = own.pick(teams)[platform]
  }
  if (strikes('departmentSeveral')) {
    note('departmentSeveral')
    paths.push(own.pick(teams)[platform])
  }
  if (platform === 'wecom') for (const corruption of team.corruptions) note(corruption)
  return [...new Set(paths)]
}
