import { dateOf } from './days.ts'
import { type Dice, dice } from './dice.ts'
import type { CompanyPlan, Human, Stay } from './people.ts'

/** Of rehired people and of seconded ones: the number they had stays theirs. */
const keepsNumber = { rehired: 0.5, seconded: 0.6 }

/** Gives out job numbers in order of entry, each subsidiary from one, in a style of its own. */
export function numberStays({ seed, subsidiaries, rates }: CompanyPlan, people: readonly Human[]): void {
  const stays = people.flatMap((human) => human.stays.map((stay) => ({ human, stay })))
  stays.sort((a, b) => a.stay.hired - b.stay.hired || a.human.n - b.human.n)
  for (let subsidiary = 0; subsidiary < subsidiaries; subsidiary++) {
    const style = styleOf(dice(seed, 'numbering', subsidiary))
    let serial = 0
    for (const { human, stay } of stays) {
      if (stay.subsidiary !== subsidiary) continue
      const [first] = human.stays
      const keeps = first?.subsidiary === stay.subsidiary ? keepsNumber.rehired : keepsNumber.seconded
      const isKept = stay !== first && dice(seed, 'keeps', human.n).happens(keeps)
      // A number of another subsidiary is filled in below, when that one has given out its own.
      stay.jobNumber = isKept ? '' : style(++serial, stay)
    }
  }
  for (const { human, stay } of stays) if (stay.jobNumber === '') stay.jobNumber = human.stays[0]!.jobNumber
  for (const { human, stay: leaver } of stays) {
    const own = dice(seed, 'jobNumberReused', human.n)
    const isStruck = human.corruptions.has('leaver') && own.happens(rates.jobNumberReused)
    if (!isStruck || leaver.left === null) continue
    const joiners = stays.filter(
      ({ human: other, stay }) =>
        stay.subsidiary === leaver.subsidiary && stay.hired > leaver.left! && other.stays.length === 1,
    )
    if (joiners.length === 0) continue
    const joiner = own.pick(joiners.slice(0, 20))
    joiner.stay.jobNumber = leaver.jobNumber
    for (const { corruptions } of [human, joiner.human]) corruptions.add('jobNumberReused')
  }
}

function styleOf(own: Dice): (serial: number, stay: Stay) => string {
  const letters = own.pick(['QT', 'A', 'HR', 'S'])
  const digits = own.between(4, 6)
  const padded = (serial: number, length: number) => String(serial).padStart(length, '0')
  return own.pick([
    (serial: number) => padded(serial, digits),
    (serial: number) => padded(serial, digits),
    (serial: number) => `${letters}${padded(serial, digits)}`,
    (serial: number, { hired }: Stay) => `${dateOf(hired).slice(0, 4)}${padded(serial, 5)}`,
  ])
}
