import type { Messages } from '../zh.ts'
import { counted, formFor } from './counted.ts'
import { places } from './places.ts'

/** What people did about who is who, and what followed. */
export const acts: Messages['acts'] = {
  heads: ['No.', 'at', 'who', 'act', 'change', 'taken back'],
  kinds: {
    link: 'link',
    confirm: 'confirm',
    merge: 'made one person',
    unlink: 'unlink',
    split: 'split a pair',
    import: 'import of a table',
    undo: 'undo',
  },
  none: 'Nobody has changed who is who yet.',
  more: (count) => `${count} more`,
  undoneBy: (act) => `by ${act}`,
  undoes: (act) => `takes ${act} back`,
  nextUndo: 'npx qintong undo <No.> takes an act back.',
  undone: (act, kind, subject) => `Act ${act} is taken back (${kind} ${subject}).`,
  howToUndo: (act) => `This is act ${act}; npx qintong undo ${act} takes it back.`,
  nextSync: 'npx qintong sync --route <route> sends what waited.',
  recalled: (count) =>
    `${counted(count, 'punch', 'punches')} not sent yet ${formFor(count, 'is', 'are')} held for the right link and will not go to the wrong person.`,
  delivered: (count, states) =>
    `${counted(count, 'record')} reached the target account under this link (${states}). The platforms have no delete; see to each:`,
  deliveredOpen: (count, states) =>
    `${counted(count, 'record')} had gone out under this link (${states}), and nobody says now whether it is right. If it is one person, link them again and leave the records as they are; if not, npx qintong unlink lists what to do with each.`,
  redirected: (count) =>
    `${counted(count, 'punch', 'punches')} that had gone to the wrong account ${formFor(count, 'goes', 'go')} to the right person with the next sync.`,
  recordHeads: ['punched at', 'from', 'to', 'state'],
  moreRecords: (count) => `… and ${count} more; npx qintong links delivered <account> --csv lists them all.`,
  states: {
    verified: 'verified',
    sent: 'sent',
    inDoubt: 'in doubt',
    sending: 'being sent',
    alreadyThere: 'already there',
  },
  whatToDo: {
    verified: `it stands in the wrong person's name. Correct that day's result at ${places['wecom.correct-punch']}; where that cannot be done, add a note to the attendance. The right person gets it with the next sync once they are linked, as far back as the platform accepts; what is older is supplied by a 补卡 of their own or by an administrator's correction.`,
    sent: "the platform accepted it and does not show it yet. Take it as standing in the wrong person's name; look again later and correct it once it shows.",
    inDoubt:
      'nobody knows whether the platform kept it. Look at the same page: correct it if it is there, leave it if not; it is not sent to this person again.',
    sending:
      'it was in a call when the link was taken apart and cannot be called back. Ask npx qintong links delivered again later and go by the state it has then.',
    alreadyThere:
      'we did not write it: the target account had a punch in that second by itself. Nothing to do.',
  },
  nothingDelivered: 'Nothing was ever delivered from or to this account.',
  total: (count) => `${counted(count, 'record')} in all.`,
}
