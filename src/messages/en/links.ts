import type { Finding } from '#domain/cleaning-list.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { CellTrouble } from '#domain/mapping-entry.ts'
import type { Messages } from '../zh.ts'

type Links = Messages['links']

const sheets: Links['sheets'] = {
  mapping: 'Mapping',
  several: 'Several accounts',
  cleaning: 'Cleaning list',
  guide: 'Read me',
}

const columns: Links['columns'] = {
  row: 'Row id (do not change)',
  name: 'Name',
  status: 'Status',
  decision: 'Decision',
  note: 'Note',
  problem: 'Problem',
  subsidiary: 'Subsidiary',
  route: 'Route',
  dingtalkConnection: 'DingTalk connection',
  dingtalkUser: 'DingTalk account',
  dingtalkName: 'DingTalk name',
  dingtalkDepartments: 'DingTalk department',
  dingtalkJobNumber: 'DingTalk job number',
  dingtalkMobileTail: 'DingTalk mobile, last digits',
  dingtalkState: 'DingTalk account state',
  wecomConnection: 'WeCom connection',
  wecomUser: 'WeCom account',
  wecomName: 'WeCom name',
  wecomDepartments: 'WeCom department',
  wecomJobNumber: 'WeCom job number',
  wecomMobileTail: 'WeCom mobile, last digits',
  wecomState: 'WeCom account state',
  evidence: 'Evidence',
  probability: 'Probability',
  advice: 'Advice',
  person: 'Person id',
}

const otherTitles: Links['otherTitles'] = {
  row: ['row id'],
  note: ['remark', 'comment'],
  dingtalkUser: ['dingtalk', 'dingtalk userid', 'dingtalk user id', 'dingtalk user', 'dingtalk id', 'ding'],
  wecomUser: ['wecom', 'wecom userid', 'wecom user id', 'wecom user', 'wecom id', 'wework'],
}

const decisions: Links['decisions'] = { link: 'link', apart: 'do not link' }
const otherDecisions: Links['otherDecisions'] = {
  link: ['yes', 'same person'],
  apart: ['no', 'not the same person', 'unlink', "don't link"],
}

const accountStates: Links['accountStates'] = { inactive: 'never activated', left: 'not there any more' }

const advice: Links['advice'] = {
  nothing: '',
  confirm: 'If this is one person, choose "link" under Decision; if not, "do not link"',
  choose: 'Several could be it: choose "link" on the right row and "do not link" on the others',
  compare: 'The evidence contradicts itself: compare both sides, then choose "link" on the right row',
  'look-for':
    'Nobody was found on the other side: if you know who it is, fill in the account and choose "link"',
}

const cellTroubles: Record<CellTrouble, string> = {
  formula: 'holds a formula; formulas are never computed: make it plain text (copy, then paste values)',
  rounded:
    'is a number of more than 15 digits, which the spreadsheet has rounded; format the column as text and type it again',
  date: 'was turned into a date by the spreadsheet; format the column as text and type it again',
  error: 'holds an error value; write the account instead',
  merged: 'is part of merged cells; unmerge them and fill each row',
}

const platforms: Record<PlatformName, string> = { dingtalk: 'DingTalk', wecom: 'WeCom' }
const listed = (names: string[]) => (names.length > 0 ? names.join(', ') : 'none')

const entryProblem: Links['entryProblem'] = (problem) => {
  switch (problem.kind) {
    case 'cell':
      return `Cell ${problem.cell} ${cellTroubles[problem.trouble]}`
    case 'unknown-decision':
      return `"${problem.text}" is no decision; write "link" or "do not link", or leave it empty`
    case 'unknown-route':
      return `There is no route "${problem.route}"; there are: ${listed(problem.known)}`
    case 'which-route':
      return `Which route is meant? Fill in the Route column; there are: ${listed(problem.known)}`
    case 'unknown-connection':
      return `There is no connection "${problem.connection}"; there are: ${listed(problem.known)}`
    case 'not-on-route':
      return `Connection "${problem.connection}" is not on this side of route ${problem.route}`
    case 'keys-changed':
      return 'The accounts or the route of this row were changed, or a column slipped; restore them. For another pair, add a row and leave its row id empty'
    case 'no-decision':
      return 'An account was filled in without a decision; choose "link", or clear the account'
    case 'one-side-only':
      return `There is no ${platforms[problem.missing]} account; fill it in, or leave the decision empty`
    case 'unknown-account': {
      const near = problem.suggestion === null ? '' : `; did you mean ${problem.suggestion}?`
      return `Connection ${problem.connection} has no account "${problem.userId}"${near || '; npx qintong people lists them all'}`
    }
    case 'claimed-twice':
      return `Account ${problem.connection}:${problem.userId} is linked with another account on row ${problem.line}; only one of them can be right`
    case 'contradiction':
      return `Contradicts row ${problem.line}: the same two accounts, linked on one row and not on the other`
    case 'linked-elsewhere':
      return `Somebody has linked account ${problem.connection}:${problem.userId} with ${problem.twin} before; to change that, write "do not link" on the row of that pair`
  }
}

const severalColumns: Links['severalColumns'] = {
  name: 'Name',
  subsidiary: 'Subsidiary',
  connection: 'Connection',
  user: 'Account',
  departments: 'Departments',
  jobNumber: 'Job number',
  elsewhere: 'Elsewhere',
}

const cleaningColumns: Links['cleaningColumns'] = {
  platform: 'Platform',
  connection: 'Connection',
  user: 'Account',
  name: 'Name',
  departments: 'Department',
  finding: 'What was found',
  correction: 'Please change it to',
  page: 'Where',
}

const others = (names: string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')

const perhapsWrong =
  'if they are two people, the link is wrong: choose "do not link" under Decision, or npx qintong unlink'

const finding: Links['finding'] = (found) => {
  switch (found.kind) {
    case 'job-number-shared':
      return {
        found: `Job number ${found.jobNumber} is also that of ${others(found.with)}`,
        correction: 'Check the personnel files and give everybody a number of their own',
      }
    case 'job-number-placeholder':
      return {
        found: `Job number "${found.jobNumber}" is a placeholder`,
        correction: 'Write the real one, or leave it empty',
      }
    case 'job-number-differs':
      return {
        found: `Job number ${found.jobNumber}, but ${found.theirs} for ${found.twin} on the other side`,
        correction: `Check the personnel files and make both sides agree; ${perhapsWrong}`,
      }
    case 'mobile-shared':
      return {
        found: `Mobile ending in ${found.tail} is also that of ${others(found.with)}`,
        correction: "Use the person's own mobile",
      }
    case 'leaver-by-name':
      return {
        found: `The name "${found.name}" says that its holder has left; the account is still there`,
        correction: 'Remove the member; if they still work here, correct the name',
      }
    case 'twin-gone':
      return {
        found: `Account ${found.twin} on the other side is not there any more`,
        correction: 'If the person has left, remove this account too; if not, restore the other one',
      }
    case 'name-differs':
      return {
        found: `Name "${found.name}", but "${found.theirs}" for ${found.twin} on the other side`,
        correction: `Write it on both sides as on the identity card; ${perhapsWrong}`,
      }
    case 'name-note':
      return {
        found: `The name "${found.name}" holds a note`,
        correction: `Write "${found.bare}" alone; notes belong into the title or the department`,
      }
    case 'no-job-numbers':
      return {
        found: `None of the ${found.people} people has a job number`,
        correction: 'Import the job numbers: they are the most reliable evidence of all',
      }
    case 'job-number-missing':
      return {
        found: 'No job number',
        correction:
          found.theirs === null
            ? 'Write the job number'
            : `Write the job number; on the other side it is ${found.theirs}`,
      }
    case 'never-activated':
      return {
        found: 'Never activated',
        correction: 'Ask the person to activate it; remove accounts that nobody needs',
      }
  }
}

// The consoles are Chinese: their own names stand in brackets.
const dingtalkMember =
  'DingTalk admin console, oa.dingtalk.com → Contacts (通讯录) → search the member → Edit (编辑)'
const wecomMember =
  'WeCom admin console, work.weixin.qq.com → Contacts (通讯录) → search the member → Edit (编辑)'
type Topic = 'job-number' | 'job-numbers' | 'mobile' | 'name' | 'leaver' | 'activation'
const pages: Record<PlatformName, Record<Topic, string>> = {
  dingtalk: {
    'job-number': `${dingtalkMember} → Job number (工号)`,
    'job-numbers':
      'DingTalk admin console, oa.dingtalk.com → Contacts (通讯录) → Bulk import (批量导入/导出)',
    mobile: `${dingtalkMember} → Mobile (手机号)`,
    name: `${dingtalkMember} → Name (姓名)`,
    leaver:
      'DingTalk admin console, oa.dingtalk.com → Contacts (通讯录) → search the member → Offboard or delete (办理离职或删除)',
    activation:
      'DingTalk admin console, oa.dingtalk.com → Contacts (通讯录) → Not activated (未激活成员) → Invite (邀请激活)',
  },
  wecom: {
    'job-number': `${wecomMember} → Extended attributes (扩展属性) → job number, or the field that jobNumber in setup.yaml names`,
    'job-numbers':
      'WeCom admin console, work.weixin.qq.com → Contacts (通讯录) → Bulk import (批量导入/导出 → 文件导入)',
    mobile: `${wecomMember} → Mobile (手机)`,
    name: `${wecomMember} → Name (姓名)`,
    leaver: 'WeCom admin console, work.weixin.qq.com → Contacts (通讯录) → search the member → Delete (删除)',
    activation:
      'WeCom admin console, work.weixin.qq.com → Contacts (通讯录) → Not activated (未激活成员) → Invite (邀请)',
  },
}
const topics: Record<Finding['kind'], Topic> = {
  'job-number-shared': 'job-number',
  'job-number-placeholder': 'job-number',
  'job-number-differs': 'job-number',
  'job-number-missing': 'job-number',
  'no-job-numbers': 'job-numbers',
  'mobile-shared': 'mobile',
  'name-differs': 'name',
  'name-note': 'name',
  'leaver-by-name': 'leaver',
  'twin-gone': 'leaver',
  'never-activated': 'activation',
}
const page: Links['page'] = (platform, kind) => pages[platform][topics[kind]]

const guideColumns: Links['guideColumns'] = { topic: 'Topic', text: 'What to do' }
const guide: Links['guide'] = [
  [
    'What this is',
    '"Mapping" says who is who: each row is a pair of accounts, or an account without a counterpart. "Cleaning list" says what is worth correcting on either side. Whoever has accounts in several places, seconded people for instance, stands in "Several accounts", for reading only; npx qintong link A B and npx qintong unlink A B change it.',
  ],
  [
    'What to edit',
    'Write only under the orange titles, Decision and Note. The other columns are for reading; changing them does nothing.',
  ],
  ['Decision: link', 'These two accounts are one person. It beats every automatic judgement.'],
  [
    'Decision: do not link',
    'These two accounts are not one person. An existing link is taken apart, and is not made again by itself.',
  ],
  [
    'Decision: empty',
    'No decision; everything stays as it is. Decisions that are filled in already were made by a person before.',
  ],
  [
    'Nobody was found',
    'If you know who it is, fill in the account on the empty side and choose "link" under Decision.',
  ],
  [
    'Adding a row',
    'Write below the last row, leave the row id empty, fill in both accounts and the decision; with several routes, the route too.',
  ],
  [
    'Writing accounts',
    'Accounts are text: 007 is not 7. Where a cell has become a number or a date, format the column as text first.',
  ],
  [
    'Sorting and filtering',
    'Sort whole rows, filter and hide rows as you like; do not sort one column alone, merge cells or write formulas.',
  ],
  ['Importing', 'Run npx qintong links import FILE.xlsx; to look first, add --dry-run.'],
  [
    'When something is wrong',
    'If a single row is wrong, nothing is changed, and a file of the same name with -marked.xlsx is written: bad rows are coloured, and the Problem column says why. Correct that file and import it.',
  ],
  ['Probability', 'How likely it is one person, by the evidence; empty where it was not computed.'],
  ['Mobiles', 'Only the last four digits are shown; full numbers are never exported.'],
]

/** The mapping table, the cleaning list, and how to use them. */
export const links: Links = {
  sheets,
  columns,
  otherTitles,
  decisions,
  otherDecisions,
  pickDecision: 'Choose "link" or "do not link", or leave it empty',
  accountStates,
  advice,
  entryProblem,
  severalColumns,
  cleaningColumns,
  finding,
  page,
  guideColumns,
  guide,
  elsewhere: 'also at another subsidiary',
  separator: '; ',
}
