import highs, { type LegacyHighs } from 'highs'
import type { ReadDemand } from './lower-bound.ts'

// Its types describe the CommonJS build; the module that is loaded here exports the loader itself.
const solver = await (highs as unknown as () => Promise<LegacyHighs>)()

/**
 * The fewest calls of `capacity` people each that answer these demands, exactly, by integer programming. For toys: a
 * variable for every person and moment. A call can be put off until the next interval's end and still reads whom it
 * read, so only ends are moments worth trying.
 */
export function exactCalls(demands: readonly ReadDemand[], capacity: number): number {
  if (demands.length === 0) return 0
  const moments = [...new Set(demands.map(({ by }) => by))].toSorted((a, b) => a - b)
  const people = [...new Set(demands.map(({ person }) => person))]
  const reads = (person: number, moment: number) => `y${person}_${moment}`
  const answered = demands.map(({ person, from, by }, i) => {
    const terms = moments.flatMap((at, moment) =>
      from <= at && at <= by ? [reads(people.indexOf(person), moment)] : [],
    )
    return ` d${i}: ${terms.join(' + ')} >= 1`
  })
  const room = moments.map(
    (_, moment) =>
      ` c${moment}: ${people.map((_person, i) => reads(i, moment)).join(' + ')} - ${capacity} x${moment} <= 0`,
  )
  const model = [
    'Minimize',
    ` obj: ${moments.map((_, moment) => `x${moment}`).join(' + ')}`,
    'Subject To',
    ...answered,
    ...room,
    'General',
    ` ${moments.map((_, moment) => `x${moment}`).join(' ')}`,
    'Binary',
    ` ${people.flatMap((_person, i) => moments.map((_, moment) => reads(i, moment))).join(' ')}`,
    'End',
  ].join('\n')
  const solution = solver.solve(model)
  if (solution.Status !== 'Optimal') throw new Error(`not solved: ${solution.Status}`)
  return Math.round(solution.ObjectiveValue)
}
