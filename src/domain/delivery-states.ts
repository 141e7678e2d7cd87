/** The life of a delivery: one punch on its way to one account. `inDoubt`: perhaps stored, not seen. */
export const deliveryStates = [
  'held',
  'waiting',
  'sending',
  'sent',
  'inDoubt',
  'verified',
  'alreadyThere',
  'refused',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/**
 * What can happen to it. `miss` exists only for a read made after the longest visibility delay counted from the
 * end of the last attempt; `orphan` is a lane that changed hands in mid-call; `retry` is a person's decision.
 */
export const deliveryEvents = [
  'link',
  'unlink',
  'claim',
  'accept',
  'lose',
  'refuse',
  'see',
  'miss',
  'retry',
  'orphan',
] as const
export type DeliveryEvent = (typeof deliveryEvents)[number]

type Cell = DeliveryState | '·'
type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell]

/** Every state meets every event: the compiler refuses a missing cell. `·` stays as it is. */
// biome-ignore format: a table is read by its columns
const table: Record<DeliveryState, Row> = {
  //              link       unlink  claim      accept  lose       refuse     see             miss       retry      orphan
  held:         [ 'waiting', '·',    '·',       '·',    '·',       '·',       'alreadyThere', '·',       '·',       '·'       ],
  waiting:      [ '·',       'held', 'sending', '·',    '·',       '·',       'alreadyThere', '·',       '·',       '·'       ],
  sending:      [ '·',       '·',    '·',       'sent', 'inDoubt', 'refused', 'verified',     '·',       '·',       'inDoubt' ],
  sent:         [ '·',       '·',    '·',       '·',    '·',       '·',       'verified',     'inDoubt', '·',       '·'       ],
  inDoubt:      [ '·',       '·',    '·',       '·',    '·',       '·',       'verified',     'waiting', 'waiting', '·'       ],
  verified:     [ '·',       '·',    '·',       '·',    '·',       '·',       '·',            '·',       '·',       '·'       ],
  alreadyThere: [ '·',       '·',    '·',       '·',    '·',       '·',       '·',            '·',       '·',       '·'       ],
  refused:      [ '·',       '·',    '·',       '·',    '·',       '·',       'verified',     '·',       'waiting', '·'       ],
}

/** The state after `event`; the same state where the event means nothing to it. */
export function nextState(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  const cell = table[state][deliveryEvents.indexOf(event)] ?? '·'
  return cell === '·' ? state : cell
}

/** Nothing more will happen to it without a person. */
export const isSettled = (state: DeliveryState): boolean =>
  state === 'verified' || state === 'alreadyThere' || state === 'refused'

/** Perhaps the platform has it: only a read-back may decide what happens next. */
export const wasAttempted = (state: DeliveryState): boolean =>
  state === 'sending' || state === 'sent' || state === 'inDoubt'
