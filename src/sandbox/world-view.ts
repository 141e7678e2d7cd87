import { type Account, isThere } from './company.ts'
import { pathOf } from './departments.ts'
import { monthlyCalls } from './limits.ts'
import { dayStart, rfc3339 } from './shanghai.ts'
import { storedUploads, truePairs, truePunches } from './truth.ts'
import { ownPunches } from './wecom/own-punches.ts'
import type { World } from './world.ts'

const limitCodes = [
  '45009',
  '90018',
  '90002',
  '90020',
  'banned',
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
]

/** `GET /_sandbox/world`: both platforms' state side by side, with everything a judge needs. */
export function worldView(world: World) {
  const { company, clock, ledger, origin, records, faults } = world
  const nowMs = clock.nowMs()
  const account = (
    name: string,
    { userId, departments, mobile, jobNumber, isActive, name: written }: Account,
    tags: string[],
  ) => ({
    userId,
    name: written ?? name,
    mobile,
    jobNumber,
    departments: departments.map((i) => pathOf(company.departments, i)),
    active: isActive,
    tags,
  })
  return {
    seed: origin.seed,
    now: rfc3339(nowMs),
    offsetSeconds: clock.offsetMs() / 1000,
    since: rfc3339(dayStart(world.firstDay)),
    dingtalk: {
      people: company.people.flatMap((p) =>
        isThere(p.dingtalk) ? [account(p.name, p.dingtalk, p.tags)] : [],
      ),
      punches: truePunches(world, dayStart(world.firstDay), nowMs),
      uploads: storedUploads(world),
    },
    wecom: {
      people: company.people.flatMap((p) => (isThere(p.wecom) ? [account(p.name, p.wecom, p.tags)] : [])),
      records: records.all().map((record) => ({
        ...record,
        at: rfc3339(record.checkin_time * 1000),
        visibleAt: rfc3339(record.visibleAt),
        storedAt: rfc3339(record.storedAt),
        visible: record.visibleAt <= nowMs && record.erasedBy === null,
      })),
      ownPunches: company.people.flatMap((p) =>
        ownPunches(world, p, dayStart(world.firstDay) / 1000, Math.floor(nowMs / 1000), nowMs).map(
          (second) => ({
            userid: p.wecom!.userId,
            checkin_time: second,
            at: rfc3339(second * 1000),
          }),
        ),
      ),
    },
    notices: world.notices.all().map(({ atMs, ...notice }) => ({ ...notice, at: rfc3339(atMs) })),
    pairs: truePairs(world),
    calls: ledger.counters(),
    violations: violations(world),
    quota: { ...ledger.metered(nowMs), quota: monthlyCalls(origin.edition) },
    struck: faults.struck,
  }
}

/** Calls refused because a documented limit was passed, by API. */
export function violations({
  ledger,
}: World): { platform: string; path: string; code: string; times: number }[] {
  return Object.entries(ledger.counters()).flatMap(([platform, paths]) =>
    Object.entries(paths).flatMap(([path, { refused }]) =>
      Object.entries(refused)
        .filter(([code]) => limitCodes.includes(code))
        .map(([code, times]) => ({ platform, path, code, times })),
    ),
  )
}
