import type { Clock } from '#domain/effects.ts'
import { checkDingtalk } from '#platforms/dingtalk/check-readiness.ts'
import {
  failedEvents,
  getByMobile,
  listRecord,
  upload,
  userCount,
  userGet,
} from '#platforms/dingtalk/endpoints.ts'
import { dingtalkWrongLookups } from '#platforms/dingtalk/limits.ts'
import { punchReader } from '#platforms/dingtalk/read-punches.ts'
import { readContacts } from '#platforms/dingtalk/read-roster.ts'
import { readDay, readVerdicts } from '#platforms/dingtalk/read-verdicts.ts'
import { toFailedEvent } from '#platforms/dingtalk/to-failed-event.ts'
import { writePunch } from '#platforms/dingtalk/write-punch.ts'
import type { Gate } from '#platforms/gate.ts'
import { toLookupNumber } from '#platforms/mobile.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { isRefusedWith } from '#platforms/refusals.ts'

// nobody has the number; it is no phone number; no such user
const nobody = ['60121', '40104', '46004']
const noSuchUser = ['60121', '33012']
const outOfRange = ['50002']

/**
 * DingTalk as the journey sees it. `clock` tells `check` the last day, and `writePunches` what is too old or still to
 * come. Every punch that is written costs a metered call.
 */
export function createDingtalkConnector(parts: {
  gate: Gate
  facts: ConnectionFacts
  clock: Clock
}): Platform {
  const { gate, facts, clock } = parts
  const readPeople = listRecord.limit.people ?? 1
  const readDays = listRecord.limit.days ?? 1
  return {
    name: 'dingtalk',
    mayChangeUserIds: false,
    batch: { readPeople, readDays, writeRecords: upload.limit.records ?? 1 },
    callNames: { read: listRecord.name, write: upload.name },
    callsPerSecond: Object.fromEntries(
      [listRecord, upload].map(({ name, limit }) => [name, limit.calls / limit.perSeconds]),
    ),

    wrongLookups: dingtalkWrongLookups,
    // 打卡详情 has one row per physical punch, the invalid ones included. Source: contract 3.1, 3.2.
    showsEveryPunch: true,

    readRoster: async () => (await readContacts(gate, facts)).accounts,

    async standingOf(userid) {
      try {
        await gate.call(userGet, { userid })
        return 'there'
      } catch (error) {
        if (isRefusedWith(error, noSuchUser)) return 'left'
        if (isRefusedWith(error, outOfRange)) return 'outOfRange'
        throw error
      }
    },

    countMembers: async () => (await gate.call(userCount, { only_active: false })).data.result.count,

    readPunches: punchReader(parts),

    readVerdicts: (ask) => readVerdicts(gate, facts, ask),
    readDay: (ask) => readDay(gate, ask),

    async writePunches(records, notAfter) {
      const [record] = records
      if (!record || records.length > 1) throw new Error('record/upload takes one punch a call')
      return writePunch(parts, record, notAfter)
    },

    async findByMobile(mobile) {
      try {
        const { data } = await gate.call(getByMobile, { mobile: toLookupNumber(mobile) })
        return data.result.userid?.trim() || (data.result.exclusive_account_userid_list?.[0] ?? null)
      } catch (error) {
        if (isRefusedWith(error, nobody)) return null
        throw error
      }
    },

    async readFailedEvents() {
      const { data } = await gate.call(failedEvents, {})
      const events = (data.failed_list ?? []).map((row) => toFailedEvent(row, clock.now()))
      return { events, hasMore: data.has_more === true }
    },

    check: () => checkDingtalk({ gate, facts, clock }),
  }
}
