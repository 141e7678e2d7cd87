import { expect, test } from 'vitest'
import { type Claim, checkEndState, type ShownOnce, type Worlds } from './check-end-state.ts'

const window = { from: '2026-03-04T00:00:00+08:00', to: '2026-03-05T00:00:00+08:00' }
const pairs = new Map([['u1', 'Zhang']])
const nine = 1_772_586_000
const punch = (at: number, change: Partial<ShownOnce> = {}): ShownOnce => ({
  userId: 'u1',
  at,
  void: false,
  shown: true,
  ...change,
})
const record = (checkin_time: number, userid = 'Zhang', origin: 'api' | 'phone' = 'api') => ({
  userid,
  checkin_time,
  origin,
})
const verified = (at: number): Claim => ({ userId: 'u1', at, isVoid: false, state: 'verified' })

type Case = {
  when: string
  punches?: ShownOnce[]
  earlier?: ShownOnce[]
  records?: ReturnType<Worlds['records']>
  claims?: Claim[]
  finds: Partial<ReturnType<typeof checkEndState>>
}
const clean = { lost: [], doubled: [], invented: [], outdated: [], falselyVerified: [] }

test.for<Case>([
  { when: 'all is as it should be', finds: {} },
  {
    when: 'a record is missing',
    records: [],
    finds: { lost: [`zhang@${nine}`], falselyVerified: [`zhang@${nine}`] },
  },
  {
    when: 'a record is missing, and said to wait',
    records: [],
    claims: [{ ...verified(nine), state: 'held' }],
    finds: {},
  },
  {
    when: 'a record is there twice',
    records: [record(nine), record(nine, 'zhang')],
    finds: { doubled: [`zhang@${nine}`] },
  },
  {
    when: 'a record stands where nobody punched',
    records: [record(nine), record(nine + 1)],
    finds: { invented: [`zhang@${nine + 1}`] },
  },
  {
    when: 'a record is of somebody uncertain',
    records: [record(nine), record(nine, 'stranger')],
    finds: { invented: [`stranger@${nine}`] },
  },
  {
    when: 'a record is of a void punch',
    punches: [punch(nine), punch(nine + 60, { void: true })],
    records: [record(nine), record(nine + 60)],
    finds: { invented: [`zhang@${nine + 60}`] },
  },
  {
    when: 'a record is of a punch not shown yet',
    punches: [punch(nine), punch(nine + 60, { shown: false })],
    records: [record(nine), record(nine + 60)],
    finds: { invented: [`zhang@${nine + 60}`] },
  },
  {
    when: 'somebody punched there with the phone',
    records: [record(nine), record(nine + 1, 'zhang', 'phone')],
    finds: {},
  },
  {
    when: 'the source moved a punch once written',
    earlier: [punch(nine - 300)],
    records: [record(nine), record(nine - 300)],
    finds: { outdated: [`zhang@${nine - 300}`] },
  },
  {
    when: 'a record is of an earlier void version',
    earlier: [punch(nine - 300, { void: true })],
    records: [record(nine), record(nine - 300)],
    finds: { invented: [`zhang@${nine - 300}`] },
  },
])('when $when', ({ punches = [punch(nine)], earlier, records = [record(nine)], claims, finds }) => {
  const worlds: Worlds = { records: () => records, expectedPunches: () => punches }
  const end = checkEndState(worlds, claims ?? [verified(nine)], pairs, window, earlier)
  expect(end).toMatchObject({ ...clean, ...finds })
})
