import { expect, test } from 'vitest'
import { quietForMs } from './quiet-hours.ts'

const minutes = (n: number) => n * 60_000

test.for([
  { at: '08:29:59', hours: ['08:30-09:30'], quietFor: 0 },
  { at: '08:30:00', hours: ['08:30-09:30'], quietFor: minutes(60) },
  { at: '09:29:00', hours: ['08:30-09:30'], quietFor: minutes(1) },
  { at: '09:30:00', hours: ['08:30-09:30'], quietFor: 0 },
  { at: '23:00:00', hours: ['22:00-06:00'], quietFor: minutes(7 * 60) },
  { at: '05:00:00', hours: ['22:00-06:00'], quietFor: minutes(60) },
  { at: '12:00:00', hours: ['22:00-06:00'], quietFor: 0 },
  { at: '17:45:00', hours: ['08:30-09:30', '17:30-18:30'], quietFor: minutes(45) },
  { at: '12:00:00', hours: [], quietFor: 0 },
])('at $at with $hours it is quiet for $quietFor ms', ({ at, hours, quietFor }) => {
  expect(quietForMs(hours, Temporal.Instant.from(`2026-03-04T${at}+08:00`))).toBe(quietFor)
})
