import type { NameLikeness } from '#domain/evidence.ts'
import { minuteOf } from '../written-time.ts'
import type { Messages } from '../zh.ts'
import { counted } from './counted.ts'

/** Why two accounts are, may be or may not be one person. */
export const reason: Messages['reason'] = (because) => {
  switch (because.code) {
    case 'explicit-link':
      return 'explicit link'
    case 'mobile':
      return `same mobile (ends in ${because.tail})`
    case 'job-number':
      return `same job number ${because.jobNumber}`
    case 'same-name':
      return `same name ${because.name}`
    case 'name-differs':
      return `names differ: ${because.ours} and ${because.theirs}`
    case 'shared-mobile':
      return `${counted(because.people, 'person shares', 'people share')} the mobile ending in ${because.tail}`
    case 'reused-job-number':
      return `${counted(because.people, 'person uses', 'people use')} job number ${because.jobNumber}`
    case 'evidence-disagrees':
      return `the mobile points at ${because.mobileSays}, the job number at ${because.jobNumberSays}`
    case 'several-candidates':
      return `${counted(because.count, 'possible account')}`
    case 'no-counterpart':
      return 'nobody on the other side is the same person'
    case 'twin-not-visible':
      return `the other account ${because.userId} does not exist or is not visible to the app`
    case 'twin-taken':
      return `the other account is already linked with ${because.by}`
    case 'namesake-open':
      return `${because.userId} has the same name and no counterpart yet, so the two may have been mixed up`
    case 'namesake-fits':
      return `apart from the job number, ${because.userId} of the same name fits better: the number may be somebody else's`
    case 'name-alike':
      return `${likeness[because.how]}: ${because.ours} and ${because.theirs}`
    case 'name-unclear':
      return `the names do not tell: ${because.ours} and ${because.theirs}`
    case 'name-only':
      return 'only the name agrees, nothing else does'
    case 'little-beside-name':
      return 'what agrees beside the name is too weak to link without a person'
    case 'parted':
      return `${because.by ?? 'somebody'} said at ${minuteOf(because.at)} that it is not ${because.userId}`
    case 'job-number-alike':
      return `similar job numbers ${because.ours} and ${because.theirs}`
    case 'same-email':
      return `same e-mail ${because.email}`
    case 'email-alike':
      return `similar e-mails ${because.ours} and ${because.theirs}`
    case 'same-user-id':
      return `same user id ${because.userId}`
    case 'mobile-tail':
      return `the user id holds the mobile's last digits ${because.tail}`
    case 'same-department':
      return `same department ${because.department}`
    case 'department-alike':
      return `one department under two names: ${because.ours} and ${because.theirs}`
    case 'same-title':
      return `same title ${because.title}`
    case 'same-hire-date':
      return `same hire date ${because.on}`
    case 'near-hire-date':
      return `hire dates close together: ${because.ours} and ${because.theirs}`
    case 'same-manager':
      return 'superiors of the same name'
    case 'punched-together':
      return `punched in the same second ${counted(because.times, 'time')}`
    case 'mobile-differs':
      return 'mobiles differ'
    case 'job-number-differs':
      return `job numbers differ: ${because.ours} and ${because.theirs}`
    case 'department-differs':
      return `departments differ: ${because.ours} and ${because.theirs}`
    case 'hire-date-differs':
      return `hire dates differ: ${because.ours} and ${because.theirs}`
    case 'periods-apart':
      return 'one had left before the other joined'
    case 'through':
      return `both are the same person as ${because.userId}`
    case 'too-many-namesakes':
      return `${counted(because.people, 'account is', 'accounts are')} named ${because.name}; not all were compared`
  }
}

const likeness: Record<NameLikeness, string> = {
  homophone: 'names sound alike',
  pinyin: 'a name and its pinyin',
  'stand-in': 'names agree but for a stand-in character',
  'look-alike': 'names look alike',
  'one-off': 'names differ in one character',
}

export const remedy: Messages['remedy'] = (change) => {
  switch (change.code) {
    case 'enter-mobile':
      return `the same mobile entered in ${change.connections.join(', ')}`
    case 'enter-job-number':
      return `the same job number entered in ${change.connections.join(', ')}`
    case 'enter-own-mobile':
      return `a mobile of their own entered in ${change.connections.join(', ')} (several people share this one)`
    case 'correct-mobile':
      return 'the mobiles checked, and the wrong one corrected'
    case 'correct-job-number':
      return `the job numbers ${change.ours} and ${change.theirs} checked, and the wrong one corrected`
    case 'correct-name':
      return `the names ${change.ours} and ${change.theirs} checked, and the wrong one corrected`
    case 'ask-platform':
      return `asking ${change.connection} who owns the mobile`
    case 'enter-leave-date':
      return 'the day of leaving entered for the account that is gone'
    case 'confirm':
      return 'a person saying whether they are one'
    case 'link':
      return `if it is one person after all, npx qintong link ${change.accounts.join(' ')}`
    case 'name-twin':
      return 'somebody who knows the account on the other side naming it with npx qintong link'
    case 'show-twin':
      return `${change.userId} made visible to the app, or another account named with npx qintong link`
    case 'unlink':
      return 'a person taking the link apart'
  }
}

export const linkStatus: Messages['linkStatus'] = {
  linked: 'linked',
  suggested: 'suggested',
  conflicting: 'conflicting',
  unmatched: 'unmatched',
}

export const deliveryStates: Messages['deliveryStates'] = {
  held: 'held',
  waiting: 'waiting',
  batched: 'waiting',
  sending: 'sending',
  sent: 'to be verified',
  inDoubt: 'in doubt',
  verified: 'verified',
  alreadyThere: 'already there',
  refused: 'refused',
  skipped: 'not travelling',
}

export const deliveryReasons: Messages['deliveryReasons'] = {
  unlinked: 'no linked account on the other side',
  suggested: 'a person must confirm who it is',
  conflicting: 'the evidence conflicts',
  approvedSlot: 'an approval filled this slot; it is not overwritten',
  voidThere: 'the other platform has a void punch in this very second; not written, please look there',
  amended: 'the source amended it after it was delivered: put it right in WeCom by hand',
  'not-shown': 'not seen in time; being looked for once more',
  void: 'void on the platform',
  echo: 'our own write coming back',
  merged: 'second punch of the same second; one is enough',
  tooOld: 'older than the other side accepts',
  future: 'lies in the future; travels when due',
  gone: 'the source no longer shows it',
  'waiting-to-show': 'written; waiting for the platform to show it',
  'answer-lost': 'the answer was lost; being looked for',
  superseded: 'another punch of the same slot shows instead; a person must decide whether to send it again',
  'late-platform':
    'the platform shows writes later than expected; a person must decide whether to send it again',
  'unreadable-hours':
    'the platform leaves out these first hours of a month, so not being seen proves nothing; a person must look',
  'never-shown':
    'accepted several times and never shown: see whether this person is in an attendance group there, then decide whether to send it again',
  'account-gone':
    'the other platform shows nothing of this account any more, so it cannot be checked: please look',
  'refused-batch': 'its batch was refused; being isolated',
}
