const rules = new Intl.PluralRules('en')

/** Which of two forms a count takes: `are(1, 'is', 'are')`. */
export const formFor = (count: number, one: string, many: string): string =>
  rules.select(count) === 'one' ? one : many

/** A count with its noun: `1 row`, `2 rows`, `1 punch`, `3 punches`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${formFor(count, one, many)}`
