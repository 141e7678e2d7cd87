import { expect, test } from 'vitest'
import type { AlarmEntry } from '#domain/alarms/alarm.ts'
import { freshStream } from '#domain/stream-health.ts'
import { createMetrics } from './metrics.ts'
import { aRoute } from './test-kit.ts'

const status = (routes = [aRoute()]) => ({ version: '0', home: '', database: 'embedded', routes, alarms: [] })
const lines = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))

test('calls are counted by connection, API and outcome, and timed in seconds', async () => {
  const metrics = createMetrics()
  const call = { connection: 'hq-dingtalk', api: 'listRecord', outcome: 'ok', durationMs: 80 }
  metrics.recordCall(call)
  metrics.recordCall(call)
  metrics.recordCall({ ...call, outcome: 'platform.busy' })
  const told = await lines(metrics)
  expect(told).toContain('qintong_calls_total{connection="hq-dingtalk",api="listRecord",outcome="ok"} 2')
  expect(told).toContain(
    'qintong_calls_total{connection="hq-dingtalk",api="listRecord",outcome="platform.busy"} 1',
  )
  expect(told).toContain('qintong_call_duration_seconds_sum{connection="hq-dingtalk",api="listRecord"} 0.24')
  expect(told).toContain(
    'qintong_call_duration_seconds_bucket{le="0.1",connection="hq-dingtalk",api="listRecord"} 3',
  )
})

test('a Stream is shown while it is held: whether it is up, when it was heard, what became of its frames', async () => {
  const metrics = createMetrics()
  const at = Temporal.Instant.from('2026-11-22T01:42:00Z')
  const health = { ...freshStream(2, at), connections: 1, lastHeardAt: at, kept: 7, later: 1, reconnects: 3 }
  metrics.showStreams({ 'hq-dingtalk': health, 'branch-dingtalk': freshStream(2, at) })
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'qintong_stream_up{connection="hq-dingtalk"} 1',
      'qintong_stream_up{connection="branch-dingtalk"} 0',
      'qintong_stream_sockets{connection="hq-dingtalk",state="open"} 1',
      'qintong_stream_sockets{connection="hq-dingtalk",state="wanted"} 2',
      `qintong_stream_last_heard_seconds{connection="hq-dingtalk"} ${at.epochMilliseconds / 1000}`,
      'qintong_stream_frames{connection="hq-dingtalk",outcome="kept"} 7',
      'qintong_stream_frames{connection="hq-dingtalk",outcome="later"} 1',
      'qintong_stream_reconnects{connection="hq-dingtalk"} 3',
    ]),
  )
  metrics.showStreams({})
  expect((await lines(metrics)).filter((line) => line.startsWith('qintong_stream_'))).toEqual([])
})

test('runs are counted by their outcome', async () => {
  const metrics = createMetrics()
  metrics.recordRun('hq', 'done')
  metrics.recordRun('hq', 'lane.busy')
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'qintong_runs_total{route="hq",outcome="done"} 1',
      'qintong_runs_total{route="hq",outcome="lane.busy"} 1',
    ]),
  )
})

test('the status is shown as it is now: freshness in Unix time, people, deliveries, quota, pauses, the last run', async () => {
  const metrics = createMetrics()
  metrics.showStatus(
    status([
      aRoute({
        ...{ held: 3, refused: 2, inDoubt: 1, paused: true, unknownBecause: { refused: 2 } },
        quota: [{ connection: 'hq-dingtalk', used: 1204, quota: 5000, events: { used: 7, quota: 3000 } }],
      }),
    ]),
  )
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      'qintong_status_readable 1',
      `qintong_complete_to_seconds{route="hq"} ${Date.UTC(2026, 10, 22, 1, 42) / 1000}`,
      'qintong_complete_people{route="hq"} 120',
      'qintong_unknown_people{route="hq",because="refused"} 2',
      'qintong_people{route="hq",status="linked"} 120',
      'qintong_people{route="hq",status="conflicting"} 0',
      'qintong_deliveries{route="hq",state="held"} 3',
      'qintong_deliveries{route="hq",state="refused"} 2',
      'qintong_deliveries{route="hq",state="in_doubt"} 1',
      'qintong_route_paused{route="hq"} 1',
      'qintong_last_run_ok{route="hq"} 1',
      'qintong_quota_used{connection="hq-dingtalk"} 1204',
      'qintong_quota_limit{connection="hq-dingtalk"} 5000',
      'qintong_event_quota_used{connection="hq-dingtalk"} 7',
      'qintong_event_quota_limit{connection="hq-dingtalk"} 3000',
      'qintong_probes{connection="hq-wecom",outcome="wrong"} 3',
      'qintong_probes_wrong_limit{connection="hq-wecom"} 6',
    ]),
  )
})

test('a step that brings nothing is counted by its way and kind, and gone when it brings something', async () => {
  const metrics = createMetrics()
  const since = '2026-11-22T09:00:00+08:00'
  const [way] = aRoute().ways
  const stalled = [{ step: 'deliver', since, tries: 6, retryAt: '2026-11-22T09:20:00+08:00' }]
  metrics.showStatus(status([aRoute({ ways: [{ ...way!, stalled }] })]))
  const labels = 'route="hq",connection="hq-dingtalk",subsidiary="hq",step="deliver"'
  expect(await lines(metrics)).toEqual(
    expect.arrayContaining([
      `qintong_way_stalled_steps{${labels}} 6`,
      `qintong_way_stalled_since_seconds{${labels}} ${Date.UTC(2026, 10, 22, 1) / 1000}`,
    ]),
  )
  metrics.showStatus(status())
  expect((await lines(metrics)).filter((line) => line.includes('stalled'))).toEqual([])
})

test('what is gone, or cannot be read, is withdrawn instead of staying at its last figure', async () => {
  const metrics = createMetrics()
  metrics.showStatus(status())
  metrics.showStatus(status([aRoute({ route: 'new' })]))
  expect((await lines(metrics)).filter((line) => line.includes('route="hq"'))).toEqual([])
  metrics.showStatus(null)
  const told = await lines(metrics)
  expect(told.filter((line) => line.includes('route="new"') || line.includes('connection='))).toEqual([])
  expect(told).toContain('qintong_status_readable 0')
})

test('a route that never ran has no freshness at all, rather than one of 1970', async () => {
  const metrics = createMetrics()
  const ways = aRoute().ways.map((way) => ({ ...way, completeTo: null, completeFor: 0 }))
  metrics.showStatus(status([aRoute({ completeTo: null, completeFor: 0, ways, lastRun: null })]))
  const told = await lines(metrics)
  expect(told.filter((line) => /complete_to|last_run/.test(line) && line.includes('route='))).toEqual([])
})

test('every name is ours, and two products in one process count apart', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.recordRun('hq', 'done')
  expect((await lines(one)).filter((line) => !line.startsWith('qintong_'))).toEqual([])
  expect((await lines(other)).filter((line) => line.startsWith('qintong_runs_total'))).toEqual([])
  expect((await lines(other)).some((line) => line.startsWith('qintong_process_cpu_seconds_total'))).toBe(true)
})

test('open alarms are counted by code, and gone when they are over', async () => {
  const metrics = createMetrics()
  const alarm = (about: string): AlarmEntry => ({
    ...{ code: 'deliveries-refused', facts: { route: about, count: 2 }, about, level: 'warning' },
    ...{ since: '2026-11-22T09:00:00+08:00', until: null, told: {} },
  })
  metrics.showStatus({ ...status(), alarms: [alarm('hq'), alarm('suzhou')] })
  expect(await lines(metrics)).toContain('qintong_alarms_open{code="deliveries-refused"} 2')
  metrics.showStatus({ ...status(), alarms: [] })
  expect((await lines(metrics)).join()).not.toContain('qintong_alarms_open{')
})

test('the inbox tells what waits and since when, and is withdrawn when it cannot be read', async () => {
  const metrics = createMetrics()
  const at = Temporal.Instant.from('2026-11-22T01:00:00Z')
  metrics.showInbox([
    { connection: 'hq-dingtalk', open: 3, oldestOpenAt: at, latestAt: at.add({ seconds: 60 }) },
    { connection: 'hq-wecom', open: 0, oldestOpenAt: null, latestAt: null },
  ])
  const shown = await metrics.registry.metrics()
  expect(shown).toContain('qintong_events_open{connection="hq-dingtalk"} 3')
  expect(shown).toContain(
    `qintong_events_oldest_open_seconds{connection="hq-dingtalk"} ${at.epochMilliseconds / 1000}`,
  )
  expect(shown).not.toContain('qintong_events_latest_seconds{connection="hq-wecom"}')
  metrics.showInbox(null)
  expect(await metrics.registry.metrics()).not.toContain('qintong_events_open{')
})
