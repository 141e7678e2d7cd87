/** A day as a number, counted from 1970-01-01: dates of a company are sums and differences. */
export type Day = number

const epoch = Temporal.PlainDate.from('1970-01-01')

export const dayOf = (date: string): Day =>
  Temporal.PlainDate.from(date).since(epoch, { largestUnit: 'day' }).days
/** `YYYY-MM-DD`. */
export const dateOf = (day: Day): string => epoch.add({ days: day }).toString()
