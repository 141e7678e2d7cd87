import { type StreamHabits, streamHabits } from '#platforms/dingtalk/stream/habits.ts'

/**
 * Why a line is no more. `dismissed`: the platform asked us to go. `mute`: it answers pings and says nothing else.
 * `dead`: no sign of life. `closed`: it was closed or broke. `unopened`: it never came to be, and may next time.
 * `refused`: the platform said no, and only a person can change that.
 */
export type LineEnd = 'dismissed' | 'mute' | 'dead' | 'closed' | 'unopened' | 'refused'

/**
 * How long to wait before the next line, and how many failures in a row that makes. The first rule that applies wins.
 * `livedMs`: how long the line was open, 0 when it never was. `chance` in [0, 1) spreads many clients apart.
 */
export function decideReconnect(
  { end, livedMs }: { end: LineEnd; livedMs: number },
  failures: number,
  chance: number,
  { refusedMs, retryMs, steadyAfterMs }: StreamHabits = streamHabits,
): { waitMs: number; failures: number } {
  if (end === 'refused') return { waitMs: spread(refusedMs, failures, chance), failures: failures + 1 }
  // whoever sends us away at once, again and again, is not followed at once
  if (livedMs < steadyAfterMs) return { waitMs: spread(retryMs, failures, chance), failures: failures + 1 }
  if (end === 'dismissed' || end === 'mute') return { waitMs: 0, failures: 0 }
  return { waitMs: Math.round(retryMs.jitter * chance), failures: 0 }
}

const spread = ({ first, most, jitter }: StreamHabits['retryMs'], failures: number, chance: number): number =>
  Math.round(Math.min(first * 2 ** Math.min(failures, 30), most) + jitter * chance)

/** Looks in a row at which a socket had given no sign of life, and no frame. */
export type Silence = { lifeless: number; speechless: number }

/**
 * One look at a socket: what it has done since the last one, and what follows. Looks are counted, not clock time, so
 * that a clock that jumps cuts no line.
 */
export function judgeSilence(
  before: Silence,
  since: { isAlive: boolean; hasSpoken: boolean },
  { deadAfterLooks, muteAfterLooks }: StreamHabits = streamHabits,
): { silence: Silence; end: 'dead' | 'mute' | null } {
  const silence = {
    lifeless: since.isAlive || since.hasSpoken ? 0 : before.lifeless + 1,
    speechless: since.hasSpoken ? 0 : before.speechless + 1,
  }
  if (silence.lifeless >= deadAfterLooks) return { silence, end: 'dead' }
  return { silence, end: silence.speechless >= muteAfterLooks ? 'mute' : null }
}
