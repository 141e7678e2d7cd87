import type { GoneBecause, RosterChange, ToldField } from '#domain/roster-changes.ts'
import type { HolderReason } from '#domain/same-holder.ts'
import type { Messages } from '../zh.ts'
import { counted, formFor } from './counted.ts'

const fields: Record<ToldField, string> = {
  userId: 'spelling of the user id',
  jobNumber: 'job number',
  mobile: 'mobile (last digits)',
  email: 'e-mail',
  title: 'title',
  manager: 'superior',
  hiredOn: 'hire date',
  humanId: "the platform's id of the person",
  departments: 'department names',
}

const holders: Record<HolderReason, string> = {
  agrees: 'the name or a fact of their own agrees',
  'only-name-agrees': 'only the name agrees, the other facts all changed',
  'only-post-agrees': 'another name, only the job number or e-mail agrees',
  'nothing-known': 'another name, and nothing else to compare',
  differs: 'name and other facts all differ',
  'name-alike': 'a similar name, but the other facts all differ',
  'post-handed-on': 'another name; only job number, e-mail or company telephone were handed on',
  namesake: 'the same name, but somebody else says the platform',
}

const empty = 'none'

function gone(because: GoneBecause): string {
  switch (because.code) {
    case 'left':
      return 'the platform has no such account any more'
    case 'out-of-range':
      return 'the account exists, but the app does not see it any more'
    case 'not-listed':
      return 'not listed any more; the platform did not say why'
    case 'userid-changed':
      return `the same person goes on as ${because.to}`
    case 'reused':
      return 'the user id belongs to somebody else now'
    case 'undone':
      return `import ${because.import} was taken back`
  }
}

function detail(change: RosterChange): string {
  switch (change.kind) {
    case 'joined':
    case 'activated':
    case 'deactivated':
      return ''
    case 'left':
      return gone(change.because)
    case 'rehired':
      return holders[change.because]
    case 'reused':
      return `was ${change.formerName}; ${holders[change.because]}`
    case 'userid-changed':
      return change.isDeclared ? `was ${change.from} (said by the platform)` : `was ${change.from}`
    case 'renamed':
      return `${change.from} → ${change.to}; ${holders[change.because]}`
    case 'moved':
      return `${change.from.join(', ') || empty} → ${change.to.join(', ') || empty}`
    case 'changed':
      return change.field === 'humanId'
        ? fields.humanId
        : `${fields[change.field]} ${change.from ?? empty} → ${change.to ?? empty}`
  }
}

export const contacts: Messages['contacts'] = {
  kinds: {
    joined: 'joined',
    left: 'left',
    rehired: 'came back',
    reused: 'somebody else',
    'userid-changed': 'new user id',
    renamed: 'renamed',
    moved: 'moved',
    changed: 'changed',
    activated: 'activated',
    deactivated: 'off or never activated',
  },
  gone,
  detail,
  header: (connection, subsidiary, people) =>
    `Connection ${connection} (subsidiary ${subsidiary}): ${counted(people, 'person', 'people')}`,
  same: 'The same as before.',
  kept: (number, counts) => `Import ${number}: ${counts}`,
  wouldBe: (counts) => `What was read (not taken over): ${counts}`,
  heads: ['Change', 'Name', 'User id', 'Detail', 'Check'],
  look: 'please check',
  reusedNote: 'Somebody else: earlier links have ended, and earlier punches do not go to the new holder.',
  more: (count) => `… and ${count} more; --json shows all`,
  departmentHeads: ['Department', 'People'],
  invisible: (count) => `${counted(count, 'account')} that the app may not see: not imported.`,
  allVisible: 'The app sees every account.',
  unknownVisible: 'The platform does not say how many accounts the app may not see.',
  carried: (route, carried, leftOut) =>
    `Route ${route}: ${counted(carried, 'person', 'people')} in scope, ${leftOut} left out`,
  leftOutHeads: ['Name', 'User id', 'Departments', 'Why'],
  leftOut: { excepted: 'an exception', 'not-in-scope': 'in none of the departments and people in scope' },
  neverActivated: (count, names) =>
    `${count} who never activated ${formFor(count, 'is', 'are')} imported all the same (they may punch on a machine): ${names}`,
  undone: (number, connection, accounts) =>
    `Import ${number} (connection ${connection}) was taken back: ${counted(accounts, 'account')} ${formFor(accounts, 'is as it was', 'are as they were')}.`,
  stays: 'As long as the platform gives the same roster, it is not imported again by itself.',
  inSync: (connection, counts, uncertain) =>
    `Roster ${connection}: ${counts}${uncertain > 0 ? `; please check ${uncertain} of them: npx qintong contacts --history connection:userid` : ''}`,
  lives: (account, count) => `Account ${account} has had ${counted(count, 'holder')}`,
  life: (life, name, from, to, because) =>
    `Holder ${life}: ${name}, from ${from}${to ? ` to ${to}` : ' until now'}${because ? ` (${because})` : ''}`,
  versionHeads: ['From', 'To', 'Change', 'Name', 'Job number', 'Departments', 'Title', 'Import'],
  undoneMark: ' (taken back)',
  nextUndo: (number) => `If it is wrong, npx qintong contacts --undo ${number} takes all of it back at once.`,
  nextPreview: 'run npx qintong contacts to import; the scope stands in setup.yaml under scope.',
  nextAccept: (connection) =>
    `look at the range of contacts; if it is true, run npx qintong contacts ${connection} --accept.`,
  nextPeople: 'npx qintong people shows who is who.',
  nextAgain: (connection) => `when it is put right, run npx qintong contacts ${connection} to read again.`,
}
