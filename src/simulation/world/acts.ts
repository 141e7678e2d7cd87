import { createChance } from '../chance.ts'

/** What happens to a world beside people punching, at a second counted from its beginning. */
export type Act = { at: number } & (
  | { kind: 'fault'; name: string; value: unknown }
  | { kind: 'calm'; name: string; value: unknown }
  | { kind: 'kill'; afterSteps: number }
)

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
]

const daySeconds = 86_400
const stepsOfARun = 120

/** The misfortunes of a story, from its seed alone, in order of time. */
export function planActs({ seed, days }: { seed: number; days: number }): Act[] {
  const chance = createChance(seed * 6_007 + 11)
  const acts: Act[] = []
  const some = (most: number) => Math.floor(chance() * (most + 1))
  for (let day = 0; day < days; day++) {
    for (let i = some(2); i > 0; i--) {
      const { name, value, calm } = misfortunes[Math.floor(chance() * misfortunes.length)]!
      const from = day * daySeconds + Math.floor(chance() * daySeconds)
      const lasts = 300 + Math.floor(chance() * 6 * 3_600)
      acts.push(
        { at: from, kind: 'fault', name, value },
        { at: from + lasts, kind: 'calm', name, value: calm },
      )
    }
    for (let i = some(2); i > 0; i--)
      acts.push({
        at: day * daySeconds + Math.floor(chance() * daySeconds),
        kind: 'kill',
        afterSteps: 1 + Math.floor(chance() * stepsOfARun),
      })
  }
  return acts.toSorted((a, b) => a.at - b.at)
}
