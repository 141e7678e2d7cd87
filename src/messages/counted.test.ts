import { expect, test } from 'vitest'
import { messagesIn } from './messages.ts'

const { reports, acts, contacts } = messagesIn('en')

test.for([
  [reports.links.exported('a.xlsx', 1, 1), '1 row written to a.xlsx; 1 of them waits for a decision.'],
  [reports.links.exported('a.xlsx', 2, 0), '2 rows written to a.xlsx; 0 of them wait for a decision.'],
  [reports.links.cleaning(1), 'The cleaning list has 1 item.'],
  [reports.identity.done(1, 1, '1 s'), '1 account, 1 line passed over, 1 s.'],
  [
    acts.redirected(2),
    '2 punches that had gone to the wrong account go to the right person with the next sync.',
  ],
  [contacts.header('hq-wecom', 'hq', 1), 'Connection hq-wecom (subsidiary hq): 1 person'],
] as const)('%s', ([told, right]) => {
  expect(told).toBe(right)
})
