import type { Clock } from '#domain/effects.ts'
import { checkDingtalk } from '#platforms/dingtalk/check-readiness.ts'
import { getByMobile, listRecord, userCount, userGet } from '#platforms/dingtalk/endpoints.ts'
import { readContacts } from '#platforms/dingtalk/read-roster.ts'
import { readPunchRows } from '#platforms/dingtalk/to-domain.ts'
import { toWallClock } from '#platforms/dingtalk/wall-clock.ts'
import type { Gate } from '#platforms/gate.ts'
import { toLookupNumber } from '#platforms/mobile.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { isRefusedWith, namingPeople } from '#platforms/refusals.ts'

// nobody has the number; it is no phone number; no such user
const nobody = ['60121', '40104', '46004']
const noSuchUser = ['60121', '33012']
const outOfRange = ['50002']

/**
 * DingTalk as the journey sees it. `clock` serves `check` alone: readiness is asked about the last day.
 * Reads roster and punches; writing punches into DingTalk comes with the engine and is refused by `apply` until then.
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
    batch: { readPeople, readDays, writeRecords: 0 },
    callNames: { read: listRecord.name, write: '' },
    callsPerSecond: { [listRecord.name]: listRecord.limit.calls / listRecord.limit.perSeconds },

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

    async readPunches({ userIds, from, to }) {
      const slackSeconds = slackFor(from, to, readDays)
      try {
        const { data, text } = await gate.call(listRecord, {
          userIds,
          checkDateFrom: toWallClock(from),
          checkDateTo: toWallClock(to.add({ seconds: slackSeconds })),
          isI18n: false,
        })
        return { ...readPunchRows(data.recordresult ?? [], { userIds, from, to, slackSeconds }), raw: text }
      } catch (error) {
        throw namingPeople(error, userIds)
      }
    },

    async writePunches() {
      throw new Error('writing punches into DingTalk is not built yet; apply refuses such routes')
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

    check: () => checkDingtalk({ gate, facts, clock }),
  }
}

/**
 * One second more at the end, so that a punch at 59.4 s, which counts for second 59, is not filtered away by a platform
 * that compares milliseconds; none where the window would then touch the documented span (contract, question 7).
 */
function slackFor(from: Temporal.Instant, to: Temporal.Instant, days: number): number {
  const seconds = (to.epochMilliseconds - from.epochMilliseconds) / 1000
  return seconds + 1 < days * 86_400 ? 1 : 0
}
