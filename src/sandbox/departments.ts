import type { ShiftName } from './shifts.ts'

/** One department of the sample company, under its id on either platform. */
export type Department = {
  name: string
  parent: number
  dingtalkId: number
  wecomId: number
  shift: ShiftName
  /** How many of a hundred people sit here. */
  share: number
}

type Branch = { name: string; under?: string; shift?: ShiftName; share: number }

const tree: Branch[] = [
  { name: '勤通示例集团', share: 0 },
  { name: '总经办', share: 3 },
  { name: '人力资源部', share: 5 },
  { name: '研发中心', share: 3 },
  { name: '平台组', under: '研发中心', share: 12 },
  { name: '应用组', under: '研发中心', share: 11 },
  { name: '测试组', under: '研发中心', share: 7 },
  { name: '生产部', share: 2 },
  { name: '一车间', under: '生产部', share: 12 },
  { name: '二车间', under: '生产部', shift: 'night', share: 14 },
  { name: '销售中心', share: 2 },
  { name: '华东区', under: '销售中心', share: 9 },
  { name: '华南区', under: '销售中心', share: 7 },
  { name: '仓储物流部', shift: 'split', share: 8 },
  { name: '财务部', share: 5 },
]

/** The department tree, parents first; the root is number 0. A large company gets one more workshop per 400 people. */
export function departmentsFor(people: number): Department[] {
  const more = Array.from(
    { length: Math.floor(people / 400) },
    (_, i): Branch => ({
      name: `第${i + 3}车间`,
      under: '生产部',
      share: 12,
    }),
  )
  const all = [...tree, ...more]
  return all.map(({ name, under, shift, share }, i) => ({
    name,
    parent:
      i === 0
        ? -1
        : Math.max(
            0,
            all.findIndex((other) => other.name === (under ?? '勤通示例集团')),
          ),
    dingtalkId: i === 0 ? 1 : 440_000_000 + i * 1013,
    wecomId: i + 1,
    shift: shift ?? 'day',
    share,
  }))
}

/** `研发中心/平台组`: the names from below the root to this one; the root's own name for the root. */
export function pathOf(departments: Department[], index: number): string {
  const names: string[] = []
  for (let at = index; at > 0; at = departments[at]!.parent) names.unshift(departments[at]!.name)
  return names.join('/') || departments[0]!.name
}
