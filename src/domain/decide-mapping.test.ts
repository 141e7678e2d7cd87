import { describe, expect, test } from 'vitest'
import { decideMapping, type KnownAccounts } from './decide-mapping.ts'
import type { MappingEntry } from './mapping-entry.ts'
import { rowNameOf, type StandingDecision } from './mapping-table.ts'

const accounts = (...userIds: string[]) =>
  new Map(userIds.map((userId) => [userId.toLowerCase(), { key: userId.toLowerCase(), userId }] as const))
const exact = (...userIds: string[]) => new Map(userIds.map((userId) => [userId, { key: userId, userId }]))

const oneRoute: KnownAccounts = {
  routes: [{ key: 'hq', dingtalk: 'hq-dingtalk', wecom: 'hq-wecom' }],
  connections: ['hq-dingtalk', 'hq-wecom'],
  accounts: new Map([
    ['hq-dingtalk', exact('u1', 'u2', '007', 'U1')],
    ['hq-wecom', accounts('ZhangSan', 'lisi', 'wangwu')],
  ]),
  decisions: [],
}
const twoRoutes: KnownAccounts = {
  ...oneRoute,
  routes: [...oneRoute.routes, { key: 'sh', dingtalk: 'sh-dingtalk', wecom: 'hq-wecom' }],
  connections: [...oneRoute.connections, 'sh-dingtalk'],
  accounts: new Map([...oneRoute.accounts, ['sh-dingtalk', exact('s1')]]),
}
const standing = (sourceKey: string, targetKey: string, decision: StandingDecision['decision'] = 'link') => ({
  route: 'hq',
  sourceKey,
  targetKey,
  decision,
})

let line = 1
const entry = (more: Partial<MappingEntry>): MappingEntry => {
  line++
  const decision = more.decision === undefined ? 'link' : more.decision
  return {
    line,
    row: '',
    route: '',
    dingtalkConnection: '',
    dingtalkUser: 'u1',
    wecomConnection: '',
    wecomUser: 'zhangsan',
    decision,
    decisionText: decision ?? '',
    note: '',
    trouble: [],
    ...more,
  }
}
const decide = (entries: Partial<MappingEntry>[], known = oneRoute) => {
  line = 1
  const { bad, ...rest } = decideMapping(entries.map(entry), known)
  return { ...rest, bad: bad.map(({ line: at, problem }) => ({ at, ...problem })) }
}
const row = (source: string, target: string) => rowNameOf('hq', source, target)

describe('a row alone', () => {
  test.for<{ when: string; row: Partial<MappingEntry>; known?: KnownAccounts; gives: object }>([
    {
      when: 'two accounts are linked, spelled as the rosters spell them',
      row: {},
      gives: {
        linked: 1,
        changes: [{ route: 'hq', decision: 'link', sourceUser: 'u1', targetUser: 'ZhangSan' }],
      },
    },
    { when: 'two accounts are taken apart', row: { decision: 'apart' }, gives: { unlinked: 1 } },
    { when: 'there is no decision', row: { decision: null }, gives: { ignored: 1 } },
    {
      when: 'the decision is no decision',
      row: { decision: null, decisionText: '也许' },
      gives: { bad: [{ kind: 'unknown-decision', text: '也许' }] },
    },
    {
      when: 'a cell holds a formula',
      row: { trouble: [{ cell: 'C2', kind: 'formula' }] },
      gives: { bad: [{ kind: 'cell', cell: 'C2', trouble: 'formula' }] },
    },
    {
      when: 'the account is unknown',
      row: { wecomUser: 'nobody' },
      gives: {
        bad: [{ kind: 'unknown-account', connection: 'hq-wecom', userId: 'nobody', suggestion: null }],
      },
    },
    {
      when: 'the spreadsheet ate the zeros',
      row: { dingtalkUser: '7' },
      gives: { bad: [{ kind: 'unknown-account', userId: '7', suggestion: '007' }] },
    },
    {
      when: 'several accounts look like it',
      row: { dingtalkUser: '0u1' },
      gives: { bad: [{ kind: 'unknown-account', suggestion: null }] },
    },
    {
      when: 'DingTalk ids differ by case',
      row: { dingtalkUser: 'U1' },
      gives: { changes: [{ sourceUser: 'U1' }] },
    },
    {
      when: 'the connection is unknown',
      row: { wecomConnection: 'hq-wecon' },
      gives: { bad: [{ kind: 'unknown-connection', connection: 'hq-wecon' }] },
    },
    {
      when: 'the connections stand on the wrong sides',
      row: { dingtalkConnection: 'hq-wecom' },
      gives: { bad: [{ kind: 'not-on-route', connection: 'hq-wecom', route: 'hq' }] },
    },
    {
      when: 'the route is unknown',
      row: { route: 'hk' },
      gives: { bad: [{ kind: 'unknown-route', route: 'hk' }] },
    },
    {
      when: 'there are two routes and none is named',
      row: {},
      known: twoRoutes,
      gives: { bad: [{ kind: 'which-route', known: ['hq', 'sh'] }] },
    },
    {
      when: 'the connection tells the route',
      row: { dingtalkConnection: 'sh-dingtalk', dingtalkUser: 's1' },
      known: twoRoutes,
      gives: { changes: [{ route: 'sh' }] },
    },
    {
      when: 'a side is missing',
      row: { wecomUser: '' },
      gives: { bad: [{ kind: 'one-side-only', missing: 'wecom' }] },
    },
    { when: 'the row is as it was exported', row: { row: row('u1', 'zhangsan') }, gives: { linked: 1 } },
    {
      when: 'the empty side was filled in',
      row: { row: row('u1', '') },
      gives: { linked: 1 },
    },
    {
      when: 'the empty side was filled in and nothing decided',
      row: { row: row('u1', ''), decision: null },
      gives: { bad: [{ kind: 'no-decision' }] },
    },
    {
      when: 'the account it was written for was replaced',
      row: { row: row('u1', 'zhangsan'), wecomUser: 'lisi' },
      gives: { bad: [{ kind: 'keys-changed' }] },
    },
    {
      when: 'a column slipped, even where nothing was decided',
      row: { row: row('u2', 'lisi'), decision: null },
      gives: { bad: [{ kind: 'keys-changed' }] },
    },
    {
      when: 'it was decided so before',
      row: {},
      known: { ...oneRoute, decisions: [standing('u1', 'zhangsan')] },
      gives: { unchanged: 1, changes: [] },
    },
    {
      when: 'it was decided so before and the account has gone since',
      row: { wecomUser: 'gone' },
      known: { ...oneRoute, decisions: [standing('u1', 'gone')] },
      gives: { unchanged: 1, bad: [] },
    },
    {
      when: 'what was taken apart is linked now',
      row: {},
      known: { ...oneRoute, decisions: [standing('u1', 'zhangsan', 'apart')] },
      gives: { linked: 1 },
    },
    {
      when: 'the account belongs to somebody by an earlier decision',
      row: {},
      known: { ...oneRoute, decisions: [standing('u2', 'zhangsan')] },
      gives: {
        bad: [{ kind: 'linked-elsewhere', connection: 'hq-wecom', userId: 'zhangsan', twin: 'u2' }],
      },
    },
    {
      when: 'the person has another account by an earlier decision',
      row: {},
      known: { ...oneRoute, decisions: [standing('u1', 'lisi')] },
      gives: { bad: [{ kind: 'linked-elsewhere', connection: 'hq-dingtalk', userId: 'u1', twin: 'lisi' }] },
    },
  ])('$when', ({ row: more, known, gives }) => {
    expect(decide([more], known)).toMatchObject({ bad: [], ...gives })
  })
})

describe('rows among each other', () => {
  test('two that claim one account are both refused, each naming the other', () => {
    const { bad } = decide([{}, { dingtalkUser: 'u2' }, { dingtalkUser: '007', wecomUser: 'lisi' }])
    expect(bad).toEqual([
      { at: 2, kind: 'claimed-twice', connection: 'hq-wecom', userId: 'zhangsan', line: 3 },
      { at: 3, kind: 'claimed-twice', connection: 'hq-wecom', userId: 'zhangsan', line: 2 },
    ])
  })

  test('an account linked to both of two is refused', () => {
    expect(decide([{}, { wecomUser: 'lisi' }]).bad.map(({ at, kind }) => [at, kind])).toEqual([
      [2, 'claimed-twice'],
      [3, 'claimed-twice'],
    ])
  })

  test('the same pair linked and not linked is a contradiction', () => {
    expect(decide([{}, { wecomUser: 'ZHANGSAN', decision: 'apart' }]).bad).toEqual([
      { at: 2, kind: 'contradiction', line: 3 },
      { at: 3, kind: 'contradiction', line: 2 },
    ])
  })

  test('the same row twice is one change', () => {
    expect(decide([{}, {}])).toMatchObject({ linked: 1, unchanged: 1, bad: [] })
  })

  test('a link moves when the same file takes the old one apart', () => {
    const known = { ...oneRoute, decisions: [standing('u1', 'lisi')] }
    const moved = decide([{ wecomUser: 'lisi', decision: 'apart' }, {}], known)
    expect(moved).toMatchObject({ linked: 1, unlinked: 1, bad: [] })
  })

  test('a rival that stands already and is in the file is named by its line', () => {
    const known = { ...oneRoute, decisions: [standing('u1', 'lisi')] }
    expect(decide([{ wecomUser: 'lisi' }, {}], known).bad.map(({ at, kind }) => [at, kind])).toEqual([
      [2, 'claimed-twice'],
      [3, 'claimed-twice'],
    ])
  })

  test('rivals that both stood before are nobody’s mistake in this file', () => {
    const known = { ...oneRoute, decisions: [standing('u1', 'lisi'), standing('u2', 'lisi')] }
    const same = decide([{ wecomUser: 'lisi' }, { dingtalkUser: 'u2', wecomUser: 'lisi' }], known)
    expect(same).toMatchObject({ unchanged: 2, bad: [] })
  })

  test('the same ids on another route are other accounts', () => {
    const known = {
      ...twoRoutes,
      routes: [...oneRoute.routes, { key: 'sh', dingtalk: 'sh-dingtalk', wecom: 'sh-wecom' }],
      connections: [...twoRoutes.connections, 'sh-wecom'],
      accounts: new Map([...oneRoute.accounts, ['sh-dingtalk', exact('u1')], ['sh-wecom', accounts('lisi')]]),
    }
    const both = decide([{ route: 'hq' }, { route: 'sh', wecomUser: 'lisi' }], known)
    expect(both).toMatchObject({ linked: 2, bad: [] })
  })
})
