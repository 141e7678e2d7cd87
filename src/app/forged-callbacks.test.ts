import { expect, test } from 'vitest'
import { createMetrics } from '#http/metrics.ts'
import { countForgedCallbacks } from './forged-callbacks.ts'

test('wrong signatures of the last ten minutes are counted by connection, and nothing else is', async () => {
  let now = Temporal.Instant.from('2026-11-22T09:00:00+08:00')
  const forged = countForgedCallbacks({ now: () => now, sleep: async () => {} })
  const metrics = createMetrics()
  const counting = forged.counting(metrics)
  expect(forged.counts()).toEqual({})
  for (let n = 0; n < 12; n++) counting.recordCallback('hq-wecom', 'bad-signature')
  counting.recordCallback('hq-wecom', 'kept')
  counting.recordCallback('', 'bad-signature')
  now = now.add({ minutes: 6 })
  counting.recordCallback('hq-wecom', 'bad-signature')
  expect(forged.counts()).toEqual({ 'hq-wecom': 13 })
  now = now.add({ minutes: 5 })
  expect(forged.counts()).toEqual({ 'hq-wecom': 1 })
  now = now.add({ minutes: 5 })
  expect(forged.counts()).toEqual({ 'hq-wecom': 0 })
  expect(await metrics.registry.metrics()).toContain(
    'qintong_callbacks_total{connection="hq-wecom",outcome="bad-signature"} 13',
  )
})
