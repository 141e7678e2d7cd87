import { expect, test } from 'vitest'
import { createCompany, type Person } from './company.ts'
import { pathOf } from './departments.ts'

const company = createCompany(1, 120, 'sample')
const tagged = (tag: string): Person[] => company.people.filter(({ tags }) => tags.includes(tag))
const duplicates = (list: string[]): string[] => [
  ...new Set(list.filter((item, i) => list.indexOf(item) !== i)),
]
const present = <T>(list: (T | null | undefined)[]): T[] => list.filter((item): item is T => item != null)

test('it has 120 humans, in a tree of three levels', () => {
  expect(company.people).toHaveLength(120)
  const depths = company.departments.map((_, i) => pathOf(company.departments, i).split('/').length)
  expect(company.departments.length).toBeGreaterThanOrEqual(12)
  expect(Math.max(...depths)).toBe(2)
  expect(company.departments[0]).toMatchObject({ name: '勤通示例集团', dingtalkId: 1, wecomId: 1 })
})

test('user ids are unique: exactly in DingTalk, without regard to case in WeCom', () => {
  for (const seed of [1, 2, 3]) {
    const { people } = createCompany(seed, 500, 'sample')
    expect(duplicates(present(people.map((p) => p.dingtalk?.userId)))).toEqual([])
    expect(duplicates(present(people.map((p) => p.wecom?.userId.toLowerCase())))).toEqual([])
    for (const { wecom } of people)
      if (wecom) expect(wecom.userId).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/)
  }
})

test('DingTalk ids are odd: Chinese, leading zeros, differing by case alone', () => {
  const ids = present(company.people.map((p) => p.dingtalk?.userId))
  for (const id of ['张三丰', '0007', 'LiNa', 'lina', 'manager01']) expect(ids).toContain(id)
})

test('the WeCom id that looks like a DingTalk id belongs to somebody else', () => {
  const [lower] = tagged('id-case-lower')
  const [upper] = tagged('id-case-upper')
  expect(lower?.dingtalk?.userId).toBe('lina')
  expect(upper?.wecom?.userId).toBe('lina')
})

test('two pairs share a name, one of them a department too', () => {
  expect(duplicates(company.people.map(({ name }) => name)).sort()).toEqual(['刘洋', '王伟'])
  const [a, b] = tagged('same-name-same-department')
  expect(a?.name).toBe(b?.name)
  expect(a?.dingtalk?.departments).toEqual(b?.dingtalk?.departments)
  expect(a?.dingtalk?.mobile).not.toBe(b?.dingtalk?.mobile)
  const [c, d] = tagged('same-name')
  expect(c?.dingtalk?.departments).not.toEqual(d?.dingtalk?.departments)
})

test('a couple shares a mobile, which in WeCom belongs to one of them', () => {
  const [a, b] = tagged('shared-mobile')
  expect(a?.dingtalk?.mobile).toBe(b?.dingtalk?.mobile)
  expect(a?.wecom?.mobile).toBe(a?.dingtalk?.mobile)
  expect(b?.wecom?.mobile).toBeNull()
  expect(duplicates(present(company.people.map((p) => p.dingtalk?.mobile)))).toEqual([a?.dingtalk?.mobile])
})

test('a leaver’s job number was given to somebody new', () => {
  const [heir] = tagged('reused-job-number')
  const holders = company.people.filter(({ wecom }) => wecom?.jobNumber === heir?.dingtalk?.jobNumber)
  expect(holders.map(({ tags }) => tags[0]).sort()).toEqual(['leaver', 'reused-job-number'])
})

test('three leavers and four others are on one side only', () => {
  expect(tagged('leaver')).toHaveLength(3)
  expect(tagged('only-dingtalk').map(({ wecom }) => wecom)).toEqual([null, null])
  expect(tagged('only-wecom').map(({ dingtalk }) => dingtalk)).toEqual([null, null])
  expect(company.people.filter(({ dingtalk, wecom }) => !dingtalk || !wecom)).toHaveLength(7)
})

test('most people have a job number equal on both sides, some a mobile only', () => {
  const both = company.people.filter(({ dingtalk, wecom }) => dingtalk && wecom)
  const numbered = both.filter((p) => p.dingtalk?.jobNumber && p.dingtalk.jobNumber === p.wecom?.jobNumber)
  expect(numbered.length / both.length).toBeGreaterThan(0.85)
  for (const person of tagged('mobile-only')) {
    expect(person.dingtalk?.jobNumber).toBeNull()
    expect(person.dingtalk?.mobile).toBe(person.wecom?.mobile)
  }
})

test('someone sits in several departments, the root among them', () => {
  const counts = tagged('several-departments').map(({ dingtalk }) => dingtalk?.departments.length ?? 0)
  expect(Math.min(...counts)).toBeGreaterThan(1)
  expect(tagged('several-departments').some(({ wecom }) => wecom?.departments.includes(0))).toBe(true)
})

test('the same seed makes the same company, another seed another', () => {
  expect(createCompany(1, 120, 'sample').people).toEqual(company.people)
  expect(createCompany(2, 120, 'sample').people).not.toEqual(company.people)
})

test.for([1, 8, 12, 59])('a company of %s has its people, and all shifts from four on', (size) => {
  const { people } = createCompany(3, size, 'sample')
  expect(people).toHaveLength(size)
  if (size >= 4) expect(new Set(people.map(({ shift }) => shift)).size).toBe(3)
})

test('in a plain company everyone is on both sides with one job number', () => {
  for (const { dingtalk, wecom, shift } of createCompany(1, 300, 'plain').people) {
    expect(dingtalk?.jobNumber).toBe(wecom?.jobNumber)
    expect(dingtalk?.jobNumber).toBeTruthy()
    expect(shift).toBe('day')
  }
})
