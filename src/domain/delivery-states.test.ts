import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryEvents, deliveryStates, isSettled, nextState } from './delivery-states.ts'

const events = fc.array(fc.constantFrom(...deliveryEvents), { maxLength: 40 })

test('between two claims there is always a miss or a person: nothing is sent twice without a clean read', () => {
  fc.assert(
    fc.property(events, (story) => {
      let state = nextState('held', 'link')
      let mayClaim = true
      for (const event of story) {
        const next = nextState(state, event)
        if (event === 'claim' && next === 'sending' && state !== 'sending') {
          expect(mayClaim).toBe(true)
          mayClaim = false
        }
        if (next === 'waiting' && (event === 'miss' || event === 'retry')) mayClaim = true
        state = next
      }
    }),
  )
})

test('a lost answer is in doubt, and only a read or a person moves it on', () => {
  expect(nextState('sending', 'lose')).toBe('inDoubt')
  expect(nextState('sending', 'orphan')).toBe('inDoubt')
  for (const event of deliveryEvents)
    if (!['see', 'miss', 'retry'].includes(event)) expect(nextState('inDoubt', event)).toBe('inDoubt')
})

test('what the platform accepted needs two clean misses before it is sent again', () => {
  expect(nextState('sent', 'miss')).toBe('inDoubt')
  expect(nextState('inDoubt', 'miss')).toBe('waiting')
})

test('what is verified or was already there never changes', () => {
  for (const state of deliveryStates.filter((one) => isSettled(one) && one !== 'refused'))
    for (const event of deliveryEvents) expect(nextState(state, event)).toBe(state)
})
