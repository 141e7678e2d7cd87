import fc from 'fast-check'
import type { StaffAccount } from './staff-account.ts'

/** An account of a small company: `d…` stands on DingTalk, `w…` on WeCom, `s…` on a subsidiary's WeCom. */
export const account = (id: string, facts: Partial<StaffAccount> = {}): StaffAccount => ({
  id,
  connection: { d: 'hq-dingtalk', w: 'hq-wecom', s: 'south-wecom' }[id[0]!] ?? 'hq-dingtalk',
  userId: id,
  name: '张三',
  mobile: null,
  mobileTail: facts.mobile?.slice(-4) ?? null,
  jobNumber: null,
  email: null,
  departments: [],
  title: null,
  manager: null,
  hiredOn: null,
  leftOn: null,
  ...facts,
})

const facts = fc.record({
  place: fc.constantFrom('d', 'w', 's'),
  name: fc.constantFrom(
    '王伟',
    '王薇',
    '王*',
    'Wang Wei',
    '李娜',
    '李娜（离职）',
    '张小明',
    '张晓明',
    'Tony',
    '',
  ),
  mobile: fc.constantFrom(null, null, '+8613800000001', '+8613800000002', '+8613800000003'),
  jobNumber: fc.constantFrom(null, null, 'A1', '0002', '2', 'A3', '无'),
  email: fc.constantFrom(null, null, 'wangwei@a.example', 'lina2@a.example', 'x9@a.example'),
  departments: fc.constantFrom([], ['总部/研发'], ['研发'], ['总部/销售']),
  manager: fc.constantFrom(null, null, 'd0', 'w0'),
  hiredOn: fc.constantFrom(null, '2020-03-01', '2024-07-01'),
  leftOn: fc.constantFrom(null, null, null, '2022-05-05'),
})

/** Few names and numbers, so that accounts meet, collide and contradict each other. */
export const someAccounts = (most: number): fc.Arbitrary<StaffAccount[]> =>
  fc
    .array(facts, { maxLength: most })
    .map((list) => list.map(({ place, ...own }, at) => account(`${place}${at}`, own)))
