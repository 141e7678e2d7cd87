import type { LaneState, Step } from './types.ts'

/** Placeholder signature. */
export function planNext(state: LaneState): Step {
  return { kind: 'wait', until: state.now.add({ minutes: 1 }), because: 'idle' }
}
