import { expect, test } from 'vitest'
import { faultTable } from './fault-table.ts'
import { createFaults } from './faults.ts'
import { openJournal } from './journal.ts'

const fresh = () => createFaults(1, openJournal(undefined))
const call = (seq: number, path = '/attendance/listRecord', platform: 'dingtalk' | 'wecom' = 'dingtalk') => ({
  seq,
  path,
  platform,
})

test('every default is a value its own switch accepts', () => {
  for (const [name, { schema, default: initial }] of Object.entries(faultTable))
    expect(schema.safeParse(initial).success, name).toBe(true)
})

test('every switch says what it does in both languages', () => {
  for (const [name, { zh, en }] of Object.entries(faultTable)) {
    expect(zh, name).toMatch(/\p{Script=Han}/u)
    expect(en, name).toMatch(/[a-z]/)
  }
})

test('an unknown switch or a wrong value changes nothing', () => {
  const faults = fresh()
  for (const wrong of [
    { nonsense: true },
    { shows: 'some' },
    { slow: true },
    { visibilityDelay: -1 },
    { busy: { often: 1 } },
  ]) {
    expect(faults.set({ duplicates: 'store', ...wrong }, 0).ok).toBe(false)
    expect(faults.values.duplicates).toBe('ignore')
  }
})

test('setting merges; null puts a switch back', () => {
  const faults = fresh()
  faults.set({ shows: 'winners' }, 0)
  faults.set({ partial: 'prefix' }, 0)
  expect([faults.values.shows, faults.values.partial]).toEqual(['winners', 'prefix'])
  faults.set({ shows: null }, 0)
  expect(faults.values.shows).toBe('all')
})

test('“next 2” strikes twice and then never again', () => {
  const faults = fresh()
  faults.set({ busy: { next: 2 } }, 0)
  expect([1, 2, 3, 4].map((seq) => faults.strike('busy', call(seq)) !== null)).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(faults.struck).toEqual({ busy: 2 })
})

test('a probability strikes that share of calls, the same ones for the same seed', () => {
  const draw = () => {
    const faults = fresh()
    faults.set({ answerLost: 0.3 }, 0)
    return Array.from({ length: 2000 }, (_, seq) => faults.strike('answerLost', call(seq)) !== null)
  }
  const share = draw().filter(Boolean).length / 2000
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.35)
  expect(draw()).toEqual(draw())
})

test.for([
  ['listRecord', '/attendance/listRecord', 'dingtalk', true],
  ['attendance/listRecord', '/attendance/listRecord', 'dingtalk', true],
  ['/attendance/listRecord', '/attendance/listRecord', 'dingtalk', true],
  ['dingtalk/gettoken', '/gettoken', 'dingtalk', true],
  ['wecom/gettoken', '/gettoken', 'dingtalk', false],
  ['wecom/gettoken', '/cgi-bin/gettoken', 'wecom', true],
  ['Record', '/attendance/listRecord', 'dingtalk', false],
  ['user/list', '/topapi/v2/user/list', 'dingtalk', true],
  ['user/list', '/topapi/v2/user/listsimple', 'dingtalk', false],
] as const)('aimed at %s, %s of %s is struck: %s', ([api, path, platform, isStruck]) => {
  const faults = fresh()
  faults.set({ busy: { api } }, 0)
  expect(faults.strike('busy', call(1, path, platform)) !== null).toBe(isStruck)
})
