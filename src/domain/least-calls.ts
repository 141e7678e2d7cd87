/** The fewest data calls a route's window can be carried with, from the platforms' documented batch sizes. */
export function leastCalls(ask: {
  /** Source people in scope. */
  people: number
  /** People who owe something, so that the target must be read before anything is written for them. */
  readers: number
  /** People something is written for, so that the target must be read again after. */
  receivers: number
  days: number
  written: number
  source: { people: number; days: number }
  target: { people: number; days: number; records: number }
}): { read: number; readBack: number; write: number } {
  const readOf = (people: number) =>
    Math.ceil(people / ask.target.people) * Math.ceil(ask.days / ask.target.days)
  return {
    read: Math.ceil(ask.people / ask.source.people) * Math.ceil(ask.days / ask.source.days),
    readBack: readOf(ask.readers) + (ask.written > 0 ? readOf(ask.receivers) : 0),
    write: Math.ceil(ask.written / ask.target.records),
  }
}
