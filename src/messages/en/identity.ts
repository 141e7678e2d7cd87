import type { Messages } from '../zh.ts'

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
      return `${because.people} people share the mobile ending in ${because.tail}`
    case 'reused-job-number':
      return `${because.people} people use job number ${because.jobNumber}`
    case 'evidence-disagrees':
      return `the mobile points at ${because.mobileSays}, the job number at ${because.jobNumberSays}`
    case 'several-candidates':
      return `${because.count} possible accounts`
    case 'no-counterpart':
      return 'nobody on the other side is the same person'
    case 'twin-not-visible':
      return `the other account ${because.userId} does not exist or is not visible to the app`
    case 'twin-taken':
      return `the other account is already linked with ${because.by}`
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
  'refused-batch': 'its batch was refused; being isolated',
}
