import { fail } from '#domain/failures.ts'
import type { Operations } from './operations.ts'

/** Alarms as the command line sees them, in memory: one open, one over, two channels of which one fails. */
export const smallAlarms: Pick<Operations, 'alarms' | 'testAlarms'> = {
  alarms: async () => ({
    open: [
      {
        code: 'quota-spent',
        about: 'hq-dingtalk',
        level: 'critical',
        since: '2026-11-07T09:00:00+08:00',
        until: null,
        told: { ops: { kind: 'raised', at: '2026-11-07T09:01:00+08:00' } },
        facts: {
          connection: 'hq-dingtalk',
          platform: 'dingtalk',
          used: 5000,
          quota: 5000,
          freeAgainOn: '2026-12-01',
        },
      },
    ],
    past: [
      {
        code: 'deliveries-refused',
        about: 'hq',
        level: 'warning',
        since: '2026-11-06T09:00:00+08:00',
        until: '2026-11-06T10:00:00+08:00',
        told: {},
        facts: { route: 'hq', count: 3 },
      },
    ],
    channels: [
      {
        channel: 'ops',
        kind: 'wecom-robot',
        level: 'warning',
        acceptedAt: '2026-11-07T09:01:00+08:00',
        failure: null,
        quietUntil: null,
      },
      {
        channel: 'boss',
        kind: 'email',
        level: 'critical',
        acceptedAt: null,
        failure: 'unreachable',
        quietUntil: '2026-11-07T10:01:00+08:00',
      },
    ],
  }),
  testAlarms: async ({ channel }) => {
    if (channel !== undefined && channel !== 'ops')
      fail('usage.unknown-channel', { channel, known: ['boss', 'ops'] })
    const ops = { channel: 'ops', kind: 'wecom-robot', outcome: 'accepted', because: null } as const
    const boss = { channel: 'boss', kind: 'email', outcome: 'lost', because: 'unreachable' } as const
    return channel === 'ops' ? [ops] : [ops, boss]
  },
}
