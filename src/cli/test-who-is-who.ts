import { fail } from '#domain/failures.ts'
import type { Certainty } from '#domain/match.ts'
import type { Operations } from './operations.ts'

type WhoIsWho = Pick<
  Operations,
  | 'people'
  | 'contacts'
  | 'previewContacts'
  | 'undoContacts'
  | 'accountHistory'
  | 'link'
  | 'confirm'
  | 'unlink'
  | 'delivered'
  | 'acts'
  | 'undo'
  | 'linksTable'
  | 'linksImport'
>

const since = '2026-11-01T08:00:00+08:00'
const likely: Certainty = {
  probability: 0.8,
  weight: 9.5,
  weights: { name: 9.5 },
  wouldChange: [{ code: 'confirm' }],
}

const nothingDelivered = { link: 'open' as const, count: 0, states: {}, records: [] }
const deliveredRecords = (['verified', 'inDoubt'] as const).map((state, i) => ({
  ...{ route: 'hq', punch: String(i + 1), at: `2026-11-0${i + 2}T08:30:00+08:00`, state },
  source: { connection: 'hq-dingtalk', userId: 'u001' },
  target: { connection: 'hq-wecom', userId: 'zhangsan' },
}))

const account = (text: string) => {
  const colon = text.indexOf(':')
  return { connection: text.slice(0, colon), userId: text.slice(colon + 1) }
}

/** What the product in memory answers about people, contacts and links: one person linked, one suggested. */
export const whoIsWho: WhoIsWho = {
  people: async () => [
    {
      person: 'p_1',
      name: '张三',
      status: 'linked',
      accounts: [
        { connection: 'hq-dingtalk', userId: 'u001', since },
        { connection: 'hq-wecom', userId: 'zhangsan', since },
      ],
      formerly: [],
      alsoElsewhere: false,
      candidates: [],
      because: [
        { code: 'mobile', tail: '1234' },
        { code: 'job-number', jobNumber: 'A0001' },
      ],
      ...{ probability: 1, weight: 31.5, weights: { mobile: 17, jobNumber: 14.5 } },
      wouldChange: [{ code: 'unlink' }],
    },
    {
      person: 'p_2',
      name: '李四',
      status: 'suggested',
      accounts: [{ connection: 'hq-dingtalk', userId: 'u002', since }],
      formerly: [],
      alsoElsewhere: false,
      candidates: [
        {
          connection: 'hq-wecom',
          userId: 'lisi',
          because: [{ code: 'same-name', name: '李四' }],
          ...likely,
        },
      ],
      because: [{ code: 'same-name', name: '李四' }],
      ...likely,
    },
  ],
  contacts: async ({ isAccepted }) => [
    {
      connection: 'hq-wecom',
      subsidiary: 'hq',
      platform: 'wecom',
      people: 118,
      import: isAccepted ? 13 : null,
      counts: { left: 40 },
      changes: [
        { userId: 'zhangsan', name: '张三', uncertain: false, kind: 'left', because: { code: 'left' } },
      ],
      doubt: isAccepted ? null : { code: 'many-lost', lost: 40, of: 118 },
    },
  ],
  previewContacts: async () => [
    {
      connection: 'hq-dingtalk',
      subsidiary: 'hq',
      platform: 'dingtalk',
      people: 2,
      invisible: 3,
      departments: [{ path: '研发中心', people: 2 }],
      routes: [
        {
          route: 'hq',
          carried: 1,
          leftOut: [{ userId: 'boss', name: '老板', departments: ['研发中心'], because: 'excepted' }],
        },
      ],
      neverActivated: [{ userId: 'u009', name: '吴九' }],
    },
  ],
  undoContacts: async ({ import: number }) =>
    number === 12
      ? { import: number, connection: 'hq-wecom', accounts: 40 }
      : fail('usage.unknown-import', { import: number }),
  accountHistory: async (text) => ({
    account: account(text),
    lives: [
      {
        life: 1,
        person: 'p_1',
        name: '张三',
        from: '2026-11-01T00:00:00+08:00',
        to: null,
        endedBecause: null,
        versions: [
          {
            from: '2026-11-01T00:00:00+08:00',
            to: null,
            causes: ['joined'],
            import: 1,
            undone: false,
            name: '张三',
            jobNumber: 'A0001',
            mobileTail: '1234',
            email: null,
            departments: ['研发中心'],
            title: null,
            active: true,
          },
        ],
      },
    ],
  }),
  link: async (a, b) => ({
    route: 'hq',
    accounts: [account(a), account(b)],
    changed: true,
    displaced: [],
    ...{ act: 7, released: 4, redirected: 0, recalled: 0, delivered: nothingDelivered },
  }),
  confirm: async (a, b) => ({
    route: 'hq',
    accounts: [account(a), account(b ?? 'hq-wecom:zhangsan')],
    changed: true,
    displaced: [],
    ...{ act: 8, released: 4, redirected: 0, recalled: 0, delivered: nothingDelivered },
  }),
  unlink: async (text) => ({
    account: account(text),
    from: [account('hq-wecom:zhangsan')],
    removed: 1,
    ...{ act: 9, released: 0, redirected: 0, recalled: 2 },
    delivered: { link: 'wrong', count: 2, states: { verified: 1, inDoubt: 1 }, records: deliveredRecords },
  }),
  async *delivered() {
    yield deliveredRecords
  },
  acts: async () => [
    {
      ...{
        id: 9,
        at: '2026-11-08T09:00:00+08:00',
        actor: 'hr',
        kind: 'unlink',
        subject: 'hq-dingtalk:u001',
      },
      ...{ before: ['hq u001 = zhangsan'], after: ['hq u001 ≠ zhangsan'], changes: 2 },
      ...{ undoneAt: null, undoneBy: null, undoes: null },
    },
  ],
  undo: async (act) => ({
    ...{ undone: act, kind: 'unlink', subject: 'hq-dingtalk:u001', act: act + 1 },
    ...{ released: 3, redirected: 0, recalled: 0, delivered: nothingDelivered },
  }),
  linksTable: async () => ({ rows: [], cleaning: [], several: [] }),
  linksImport: async ({ entries }) => ({
    linked: entries.length,
    unlinked: 0,
    unchanged: 0,
    ignored: 0,
    bad: [],
    rows: [],
  }),
}
