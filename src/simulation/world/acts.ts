import type { DatabaseTrouble } from './database-trouble.ts'

/** What happens to a world beside people punching. `at`, and when it is undone: seconds from the beginning. */
export type Act = Deed & { at: number; undone?: Deed & { at: number } }

/** `nth`: which of the people with an account on both sides, counted round. */
export type Deed =
  | { kind: 'fault'; name: string; value: unknown }
  | { kind: 'kill'; afterSteps: number }
  /** A process stands still past its lease, another takes over, and then the first goes on. */
  | { kind: 'freeze'; afterSteps: number; seconds: number }
  /** The same with the next write in hand: before it leaves, or when it is done and nobody has heard. */
  | { kind: 'killAtWrite'; when: 'before' | 'after' }
  | { kind: 'freezeAtWrite'; seconds: number }
  /** The machine sleeps: nobody wakes, and then it is that much later. */
  | { kind: 'jump'; seconds: number }
  | { kind: 'database'; trouble: DatabaseTrouble | null }
  | { kind: 'pause' | 'resume' }
  /** A person says that two accounts are not one human, or that they are. */
  | { kind: 'unlink' | 'link'; nth: number }
  | { kind: 'hire' | 'leave' | 'rehire'; nth: number }
  /** DingTalk will not answer for this person, or does again. */
  | { kind: 'refuse' | 'accept'; nth: number }

/** Says of an act what a reader of a shrunk story wants to know, with its day and time. */
export function tellAct(act: Act): string {
  const from = `${momentOf(act.at)} ${tellDeed(act)}`
  return act.undone ? `${from}, until ${momentOf(act.undone.at)}` : from
}

function momentOf(at: number): string {
  const time = Temporal.PlainTime.from('04:00').add({ seconds: Math.round(at % 86_400) })
  return `day ${Math.floor(at / 86_400) + 1} ${time.toString({ smallestUnit: 'second' })}`
}

function tellDeed(deed: Deed): string {
  switch (deed.kind) {
    case 'fault':
      return `${deed.name} ${JSON.stringify(deed.value)}`
    case 'kill':
      return `kill, ${deed.afterSteps} steps on`
    case 'freeze':
      return `freeze for ${deed.seconds} s, ${deed.afterSteps} steps on`
    case 'killAtWrite':
      return `kill ${deed.when} the next write`
    case 'freezeAtWrite':
      return `freeze for ${deed.seconds} s before the next write`
    case 'jump':
      return `asleep for ${deed.seconds} s`
    case 'database':
      return `the database is ${deed.trouble ?? 'well'}`
    case 'pause':
    case 'resume':
      return deed.kind
    default:
      return `${deed.kind} person ${deed.nth}`
  }
}
