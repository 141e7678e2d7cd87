import type { CleaningItem } from '#domain/cleaning-list.ts'
import {
  type MappingAccount,
  type MappingColumn,
  type MappingRow,
  mappingColumns,
} from '#domain/mapping-table.ts'
import type { SeveralAccounts } from '#domain/several-accounts.ts'
import type { Messages } from '#messages/zh.ts'
import type { ColumnPlan, SheetPlan } from './workbook.ts'

/** The workbook people edit: who is who, who has accounts that no row shows together, what to clean up, and how to use it. */
export const planLinksBook = (
  rows: readonly MappingRow[],
  cleaning: readonly CleaningItem[],
  words: Messages,
  several: readonly SeveralAccounts[] = [],
): SheetPlan[] => [
  planMapping(rows, words),
  ...(several.length > 0 ? [planSeveral(several, words)] : []),
  planCleaning(cleaning, words),
  planGuide(words),
]

const widths: Record<MappingColumn, number> = {
  row: 18,
  name: 12,
  status: 10,
  decision: 12,
  note: 20,
  problem: 30,
  subsidiary: 14,
  route: 10,
  dingtalkConnection: 16,
  dingtalkUser: 20,
  dingtalkName: 12,
  dingtalkDepartments: 26,
  dingtalkJobNumber: 12,
  dingtalkMobileTail: 10,
  dingtalkState: 10,
  wecomConnection: 16,
  wecomUser: 20,
  wecomName: 12,
  wecomDepartments: 26,
  wecomJobNumber: 12,
  wecomMobileTail: 10,
  wecomState: 10,
  evidence: 44,
  probability: 10,
  advice: 44,
  person: 18,
}
const hidden: MappingColumn[] = ['row', 'person']
const inputs: MappingColumn[] = ['decision', 'note']

/** How a column of the mapping table looks. */
export const mappingColumnPlan = (column: MappingColumn, { links }: Messages): ColumnPlan => ({
  title: links.columns[column],
  width: widths[column],
  isHidden: hidden.includes(column),
  isInput: inputs.includes(column),
  wraps: column === 'problem',
  ...(column === 'decision' && {
    choices: { values: Object.values(links.decisions), otherwise: links.pickDecision },
  }),
})

/** Who it is and what is decided stay in view. */
export const frozenColumns = mappingColumns.indexOf('decision') + 1

const planMapping = (rows: readonly MappingRow[], words: Messages): SheetPlan => ({
  name: words.links.sheets.mapping,
  columns: mappingColumns.map((column) => mappingColumnPlan(column, words)),
  frozenColumns,
  rows: rows.map((row) => {
    const texts = textsOf(row, words)
    return mappingColumns.map((column) => texts[column])
  }),
})

function textsOf(row: MappingRow, words: Messages): Record<MappingColumn, string> {
  const { links } = words
  const somebody = row.dingtalk ?? row.wecom
  const dingtalk = accountTexts(row.dingtalk, words)
  const wecom = accountTexts(row.wecom, words)
  return {
    row: row.row,
    name: row.dingtalk?.name || (row.wecom?.name ?? ''),
    status: words.linkStatus[row.status],
    decision: row.decision === null ? '' : links.decisions[row.decision],
    note: '',
    problem: '',
    subsidiary: somebody?.subsidiary ?? '',
    route: row.route,
    dingtalkConnection: dingtalk.connection,
    dingtalkUser: dingtalk.user,
    dingtalkName: dingtalk.name,
    dingtalkDepartments: dingtalk.departments,
    dingtalkJobNumber: dingtalk.jobNumber,
    dingtalkMobileTail: dingtalk.mobileTail,
    dingtalkState: dingtalk.state,
    wecomConnection: wecom.connection,
    wecomUser: wecom.user,
    wecomName: wecom.name,
    wecomDepartments: wecom.departments,
    wecomJobNumber: wecom.jobNumber,
    wecomMobileTail: wecom.mobileTail,
    wecomState: wecom.state,
    evidence: row.because.map(words.reason).join(links.separator),
    probability: row.probability === null ? '' : percent(row.probability),
    advice: [
      links.advice[row.advice],
      ...remediesOf(row).map(words.remedy),
      row.dingtalk?.alsoElsewhere || row.wecom?.alsoElsewhere ? links.elsewhere : '',
    ]
      .filter(Boolean)
      .join(links.separator),
    person: somebody?.person ?? '',
  }
}

/** What else would settle an open row; what the column for the decision is there for needs no saying. */
const remediesOf = ({ status, wouldChange }: MappingRow) =>
  status === 'linked' ? [] : wouldChange.filter(({ code }) => code !== 'confirm' && code !== 'unlink')

/** Never rounded up to certainty: 0.9999 is 99.99%. */
const percent = (probability: number): string => `${Math.floor(probability * 10_000) / 100}%`

function accountTexts(account: MappingAccount | null, { links }: Messages) {
  const { inactive, left } = links.accountStates
  return {
    connection: account?.connection ?? '',
    user: account?.userId ?? '',
    name: account?.name ?? '',
    departments: account?.departments.join(links.separator) ?? '',
    jobNumber: account?.jobNumber ?? '',
    mobileTail: account?.mobileTail ?? '',
    state: account?.hasLeft ? left : account?.isActive === false ? inactive : '',
  }
}

/** To be read only: an import takes the mapping table alone. */
function planSeveral(several: readonly SeveralAccounts[], { links }: Messages): SheetPlan {
  const columns = [
    'name',
    'subsidiary',
    'connection',
    'user',
    'departments',
    'jobNumber',
    'elsewhere',
  ] as const
  return {
    name: links.sheets.several,
    columns: columns.map((column) => ({ title: links.severalColumns[column], width: 18 })),
    rows: several.flatMap(({ accounts }) =>
      accounts.map((one) => [
        ...[one.name, one.subsidiary, one.connection, one.userId],
        ...[one.departments.join(links.separator), one.jobNumber ?? ''],
        one.alsoElsewhere ? links.elsewhere : '',
      ]),
    ),
  }
}

function planCleaning(items: readonly CleaningItem[], words: Messages): SheetPlan {
  const { sheets, cleaningColumns, finding, page, separator } = words.links
  const widths = { platform: 10, connection: 16, user: 20, name: 14, departments: 26 }
  const wide = { finding: 44, correction: 44, page: 70 }
  return {
    name: sheets.cleaning,
    columns: Object.entries({ ...widths, ...wide }).map(([column, width]) => ({
      title: cleaningColumns[column as keyof typeof cleaningColumns],
      width,
    })),
    rows: items.map(({ platform, connection, account, finding: found }) => {
      const told = finding(found)
      return [
        words.platformNames[platform],
        connection,
        account?.userId ?? '',
        account?.name ?? '',
        account?.departments.join(separator) ?? '',
        told.found,
        told.correction,
        page(platform, found.kind),
      ]
    }),
  }
}

const planGuide = ({ links }: Messages): SheetPlan => ({
  name: links.sheets.guide,
  columns: [
    { title: links.guideColumns.topic, width: 24 },
    { title: links.guideColumns.text, width: 110, wraps: true },
  ],
  rows: links.guide,
})
