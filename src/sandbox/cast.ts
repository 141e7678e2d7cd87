import type { Account, Person } from './company.ts'
import type { Department } from './departments.ts'

type Stage = { people: Person[]; departments: Department[]; taken: Set<string> }
type Role = { tag: string; play: (person: Person, stage: Stage) => void }

/** Small companies get the first few roles only, so that most people stay ordinary. */
export function castFor(size: number, stage: Stage): void {
  const roles = size >= 60 ? [...leads, ...extras] : size >= 8 ? leads.slice(0, Math.floor(size / 2)) : []
  roles.forEach((role, i) => {
    const person = stage.people[i]!
    role.play(person, stage)
    person.tags.push(role.tag)
  })
  if (size < 60)
    for (const person of stage.people)
      person.shift = (['day', 'day', 'night', 'split'] as const)[person.index % 4]!
}

const role = (tag: string, play: Role['play']): Role => ({ tag, play })
const dingtalkId = (id: string) => (person: Person) => {
  dingtalk(person).userId = id
}
const dingtalk = (person: Person): Account => person.dingtalk as Account
const wecom = (person: Person): Account => person.wecom as Account
const withoutJobNumber = (person: Person): void => {
  dingtalk(person).jobNumber = null
  wecom(person).jobNumber = null
}
function rename(person: Person, name: string, wecomId: string, { taken }: Stage): void {
  taken.delete(wecom(person).userId.toLowerCase())
  taken.add(wecomId.toLowerCase())
  person.name = name
  wecom(person).userId = wecomId
}
/** Same department and therefore the same hours as another. */
function sitWith(person: Person, other: Person): void {
  person.shift = other.shift
  for (const account of [person.dingtalk, person.wecom])
    if (account) account.departments = [...(other.dingtalk ?? other.wecom)!.departments]
}
const department = ({ departments }: Stage, name: string): number =>
  departments.findIndex((d) => d.name === name)
function alsoIn(person: Person, stage: Stage, ...names: string[]): void {
  for (const account of [dingtalk(person), wecom(person)])
    account.departments = [
      ...new Set([...account.departments, ...names.map((name) => department(stage, name))]),
    ]
}

/** The roles a small company has too. Their order is the people's order. */
const leads: Role[] = [
  role('operator', dingtalkId('manager01')),
  role('chinese-userid', (person, stage) => {
    dingtalkId('张三丰')(person)
    rename(person, '张三丰', 'zhangsanfeng', stage)
  }),
  // DingTalk ids differ by case; WeCom's do not, and the tempting twin is the wrong one.
  role('id-case-lower', (person, stage) => {
    dingtalkId('lina')(person)
    rename(person, '李娜', 'LiNa02', stage)
  }),
  role('id-case-upper', (person, stage) => {
    dingtalkId('LiNa')(person)
    rename(person, '李纳', 'lina', stage)
  }),
  role('only-dingtalk', (person) => {
    person.wecom = null
  }),
  role('only-wecom', (person) => {
    person.dingtalk = null
  }),
  role('leading-zeros', (person, stage) => {
    dingtalkId('0007')(person)
    rename(person, person.name, '007', stage)
  }),
  role('same-name-same-department', (person, stage) => {
    rename(person, '刘洋', 'liuyang', stage)
    withoutJobNumber(person)
  }),
  role('same-name-same-department', (person, stage) => {
    rename(person, '刘洋', 'liuyang02', stage)
    withoutJobNumber(person)
    sitWith(person, stage.people[person.index - 1]!)
  }),
]

/** The rest of the cast, in a company of sixty or more. */
const extras: Role[] = [
  role('boss', (person, stage) => {
    person.exempt = true
    for (const account of [dingtalk(person), wecom(person)]) account.departments = [0]
    rename(person, person.name, 'boss', stage)
  }),
  role('same-name', (person, stage) => rename(person, '王伟', 'wangwei', stage)),
  role('same-name', (person, stage) => rename(person, '王伟', 'wangwei02', stage)),
  // A couple with one telephone between them: in WeCom it belongs to the first.
  role('shared-mobile', withoutJobNumber),
  role('shared-mobile', (person, stage) => {
    withoutJobNumber(person)
    dingtalk(person).mobile = dingtalk(stage.people[person.index - 1]!).mobile
    wecom(person).mobile = null
  }),
  role('reused-job-number', () => {}),
  role('leaver', (person, stage) => {
    wecom(person).jobNumber = dingtalk(stage.people[person.index - 1]!).jobNumber
    person.dingtalk = null
    person.leavesAfter = -1
  }),
  role('leaver', (person) => {
    person.dingtalk = null
    person.leavesAfter = -1
  }),
  role('leaver', (person) => {
    person.wecom = null
    person.leavesAfter = 5
  }),
  role('only-dingtalk', (person) => {
    person.wecom = null
  }),
  role('only-wecom', (person) => {
    person.dingtalk = null
  }),
  role('several-departments', (person, stage) => alsoIn(person, stage, '人力资源部')),
  role('several-departments', (person, stage) => alsoIn(person, stage, '财务部', '总经办')),
  role('several-departments', (person, stage) =>
    alsoIn(person, stage, '研发中心', '销售中心', '勤通示例集团'),
  ),
  ...Array.from({ length: 8 }, () => role('mobile-only', withoutJobNumber)),
  // A new telephone on one side and no job number: only a name is left, and a name is not enough.
  role('name-only', (person) => {
    withoutJobNumber(person)
    wecom(person).mobile = `139${wecom(person).mobile!.slice(3)}`
  }),
  ...Array.from({ length: 3 }, () =>
    role('punches-twice', (person) => {
      person.punchesTwice = true
    }),
  ),
  role('two-punches-in-one-second', () => {}),
  role('void-beside-good', () => {}),
  role('never-activated', (person) => {
    person.habit = 'machine'
    dingtalk(person).isActive = false
  }),
]
