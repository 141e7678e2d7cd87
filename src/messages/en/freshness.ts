import type { Messages } from '../zh.ts'

export const freshness: Messages['freshness'] = {
  because: {
    'never-read': 'not read yet; the next sync will',
    gap: 'some days in between were not read',
    refused: 'the platform refuses to answer',
    unreadable: 'the time of a punch record cannot be read',
    ownerless: 'a row in the same answer names nobody',
  },
  unknown: (count, reasons) => `Unknown for ${count}: ${reasons}.`,
  reason: (because, count, names) => `${because} (${count}: ${names})`,
  andMore: (names) => `${names} and others`,
  nameSeparator: ', ',
  reasonSeparator: '; ',
  next: {
    gap: 'Read the missing days:',
    refused: 'See the platform’s reason:',
    unreadable:
      'The records are kept as they came. Once the platform puts them right, the next sync makes up for it; if it does not, give the platform the request number in the call log.',
  },
}
