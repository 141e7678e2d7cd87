import { createChance } from '../chance.ts'
import type { Act, Deed } from './acts.ts'
import type { WorldAsk } from './found-world.ts'

/** Switches that may be thrown while a story lasts, what they are set to, and how they stand when all is well. */
const misfortunes: readonly { name: string; value: unknown; calm: unknown }[] = [
  { name: 'answerLost', value: 0.3, calm: false },
  { name: 'effectLost', value: 0.3, calm: false },
  { name: 'busy', value: 0.3, calm: false },
  { name: 'busy', value: { probability: 0.3, after: true }, calm: false },
  { name: 'http5xx', value: { probability: 0.3, after: true }, calm: false },
  { name: 'slow', value: { probability: 0.2, ms: 40_000, effect: 'after' }, calm: false },
  { name: 'tokenRevokedEarly', value: 0.3, calm: false },
  { name: 'garbage', value: 0.2, calm: false },
  { name: 'visibilityDelay', value: { min: 5, max: 90 }, calm: 0 },
  { name: 'visibilityDelay', value: { min: 60, max: 1_800 }, calm: 0 },
  { name: 'uploadVisibilityDelay', value: { min: 5, max: 120 }, calm: 0 },
  { name: 'latePunches', value: { probability: 0.2, delaySeconds: 7_200 }, calm: false },
  { name: 'lateCheckins', value: { probability: 0.2, delaySeconds: 7_200 }, calm: false },
  { name: 'htmlBan', value: { probability: 0.05, seconds: 120 }, calm: false },
  { name: 'ipNotTrusted', value: { wecom: true }, calm: {} },
  { name: 'permissionMissing', value: { wecom: ['checkin'] }, calm: {} },
  { name: 'stringNumbers', value: true, calm: false },
  { name: 'writtenTexts', value: 'stripped', calm: 'kept' },
  { name: 'rowsOutsideWindow', value: true, calm: false },
  { name: 'unknownEnums', value: true, calm: false },
  { name: 'clockSkew', value: 3_600, calm: 0 },
]

/** The same where events are told. */
const eventMisfortunes: typeof misfortunes = [
  { name: 'eventLoss', value: 0.5, calm: 0 },
  { name: 'eventDuplicates', value: 0.5, calm: 0 },
  { name: 'eventDelay', value: { min: 0, max: 1_800 }, calm: 0 },
  { name: 'eventsShuffled', value: true, calm: false },
]

/** Ways in which an administrator changes punches that were made. */
const amendments = ['inPlace', 'newId', 'approve', 'void', 'newRow'] as const

const databaseTroubles = ['full', 'readOnly', 'gone', 'slow'] as const

const daySeconds = 86_400
const hourSeconds = 3_600
const stepsOfARun = 120
const stepsOfADay = 600

type Dice = { whole(below: number): number; isLucky(probability: number): boolean }

/** The misfortunes of a story, from its seed alone, in order of time. */
export function planActs(ask: Pick<WorldAsk, 'seed' | 'days' | 'direction' | 'hasEvents'>): Act[] {
  const { seed, days } = ask
  const chance = createChance(seed * 6_007 + 11)
  const dice: Dice = {
    whole: (below) => Math.floor(chance() * below),
    isLucky: (probability) => chance() < probability,
  }
  const acts: Act[] = []
  for (let day = 0; day < days; day++) acts.push(...actsOfDay(dice, day * daySeconds, ask))
  acts.push(...amendmentsOf(dice, ask))
  for (let day = 0; day < days; day++) acts.push(...atWrites(dice, day * daySeconds))
  return acts.toSorted((a, b) => a.at - b.at)
}

function actsOfDay(dice: Dice, dawn: number, { hasEvents }: Pick<WorldAsk, 'hasEvents'>): Act[] {
  const acts: Act[] = []
  const anyTime = () => dawn + dice.whole(daySeconds)
  const fromTo = (first: Deed, then: Deed, atLeast: number, atMost: number): void => {
    const at = anyTime()
    acts.push({ ...first, at, undone: { ...then, at: at + atLeast + dice.whole(atMost - atLeast) } })
  }
  const switched = (table: typeof misfortunes): void => {
    const { name, value, calm } = table[dice.whole(table.length)]!
    fromTo({ kind: 'fault', name, value }, { kind: 'fault', name, value: calm }, 300, 6 * hourSeconds)
  }
  for (let i = dice.whole(3); i > 0; i--) switched(misfortunes)
  if (hasEvents && dice.isLucky(0.5)) switched(eventMisfortunes)
  for (let i = dice.whole(3); i > 0; i--)
    acts.push({
      ...{ at: anyTime(), kind: 'kill' },
      afterSteps: 1 + dice.whole(dice.isLucky(0.5) ? stepsOfARun : stepsOfADay),
    })
  if (dice.isLucky(0.4))
    acts.push({
      ...{ at: anyTime(), kind: 'freeze', afterSteps: 1 + dice.whole(stepsOfADay) },
      seconds: 240 + dice.whole(2 * hourSeconds),
    })
  if (dice.isLucky(0.15))
    acts.push({ at: anyTime(), kind: 'jump', seconds: 600 + dice.whole(5 * hourSeconds) })
  const trouble = databaseTroubles[dice.whole(databaseTroubles.length)]!
  if (dice.isLucky(0.2))
    fromTo({ kind: 'database', trouble }, { kind: 'database', trouble: null }, 60, 3 * hourSeconds)
  if (dice.isLucky(0.15)) fromTo({ kind: 'pause' }, { kind: 'resume' }, 600, 6 * hourSeconds)
  const nth = dice.whole(1_000)
  if (dice.isLucky(0.2)) fromTo({ kind: 'unlink', nth }, { kind: 'link', nth }, 600, 8 * hourSeconds)
  if (dice.isLucky(0.15)) fromTo({ kind: 'refuse', nth }, { kind: 'accept', nth }, 600, 8 * hourSeconds)
  if (dice.isLucky(0.1)) acts.push({ at: anyTime(), kind: 'hire', nth })
  if (dice.isLucky(0.1)) fromTo({ kind: 'leave', nth }, { kind: 'rehire', nth }, hourSeconds, 6 * hourSeconds)
  return acts
}

/** A process ends or stands still in the moment that decides whether a punch is written twice. */
function atWrites(dice: Dice, dawn: number): Act[] {
  const acts: Act[] = []
  const anyTime = () => dawn + dice.whole(daySeconds)
  if (dice.isLucky(0.3))
    acts.push({ at: anyTime(), kind: 'killAtWrite', when: dice.isLucky(0.5) ? 'after' : 'before' })
  if (dice.isLucky(0.3))
    acts.push({ at: anyTime(), kind: 'freezeAtWrite', seconds: 240 + dice.whole(4 * hourSeconds) })
  return acts
}

/**
 * From some moment on a share of the punches is amended. Never calmed: that would take back what an administrator did.
 * Only where nothing is written into DingTalk, since the switch would amend that, too.
 */
function amendmentsOf(dice: Dice, { days, direction }: Pick<WorldAsk, 'days' | 'direction'>): Act[] {
  const mode = amendments[dice.whole(amendments.length)]!
  const at = dice.whole(days * daySeconds * 0.75)
  const delaySeconds = 900 + dice.whole(3 * hourSeconds)
  if (direction !== 'dingtalk-to-wecom' || !dice.isLucky(0.5)) return []
  const value = { probability: 0.3, delaySeconds, mode }
  return [{ at, kind: 'fault', name: 'amendedPunches', value }]
}
