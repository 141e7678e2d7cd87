import type { Clock } from '#domain/effects.ts'
import { type Gate, outcomeOf } from '#platforms/gate.ts'
import { toLookupNumber } from '#platforms/mobile.ts'
import type { Platform } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { failureOf, isRefusedWith, namingPeople } from '#platforms/refusals.ts'
import { checkWecom } from '#platforms/wecom/check-readiness.ts'
import {
  addCheckinRecord,
  getCheckinData,
  getHardwareCheckinData,
  getUserId,
  userGet,
} from '#platforms/wecom/endpoints.ts'
import { toRecord } from '#platforms/wecom/from-domain.ts'
import { wecomWrongLookups } from '#platforms/wecom/limits.ts'
import { readContacts, readMemberIds } from '#platforms/wecom/read-roster.ts'
import { mayBeHidden, windowsOf } from '#platforms/wecom/read-windows.ts'
import { type JobNumberSource, readPunchRows } from '#platforms/wecom/to-domain.ts'
import { readMachineRows } from '#platforms/wecom/to-machine-punches.ts'

const nobody = ['46004']
const noSuchMember = ['60111', '46004', '40003']
const outOfRange = ['60011']
/** `status` of a member who left the corp. */
const hasLeft = 5
// 60011 is "no permission" elsewhere; where people are asked for by id it means one of them, out of the visible range
const personRefused = ['301021', '60011', '60111', '46004']
/** 上下班, 外出 and all kinds to come. */
const allKinds = 3
const byUploadTime = 2

/**
 * WeCom as the journey sees it. `clock` serves `check` alone: readiness is asked about the last day. So does
 * `contactsGate`, the gate of the contacts secret where there is one: it alone can count whom the app does not see.
 */
export function createWecomConnector(parts: {
  gate: Gate
  facts: ConnectionFacts
  clock: Clock
  jobNumber: JobNumberSource
  contactsGate?: Gate | undefined
}): Platform {
  const { gate, jobNumber } = parts
  const readDays = getCheckinData.limit.days ?? 1
  return {
    name: 'wecom',
    mayChangeUserIds: true,
    batch: {
      readPeople: getCheckinData.limit.people ?? 1,
      readDays,
      writeRecords: addCheckinRecord.limit.records ?? 1,
    },
    callNames: { read: getCheckinData.name, write: addCheckinRecord.name },
    callsPerSecond: Object.fromEntries(
      [getCheckinData, addCheckinRecord].map(({ name, limit }) => [name, limit.calls / limit.perSeconds]),
    ),

    wrongLookups: wecomWrongLookups,
    mayHide: mayBeHidden,

    readRoster: async () => (await readContacts(gate, jobNumber)).accounts,

    async standingOf(userid) {
      try {
        const { data } = await gate.call(userGet, { userid })
        return data.status === hasLeft ? 'left' : 'there'
      } catch (error) {
        if (isRefusedWith(error, noSuchMember)) return 'left'
        if (isRefusedWith(error, outOfRange)) return 'outOfRange'
        throw error
      }
    },

    countMembers: async () =>
      parts.contactsGate ? (await readMemberIds(parts.contactsGate, parts.facts)).size : null,

    async readPunches({ userIds, from, to }) {
      const windows = windowsOf(from, to, readDays)
      const leadSeconds = Math.floor(from.epochMilliseconds / 1000) - windows[0]!.starttime
      // the end has to lie after the start: a window of one second borrows the next and gives its rows back
      const slackSeconds = windows[0]!.endtime > windows[0]!.starttime ? 0 : 1
      try {
        const answers = []
        for (const { starttime, endtime } of windows)
          answers.push(
            await gate.call(getCheckinData, {
              opencheckindatatype: allKinds,
              starttime,
              endtime: endtime + slackSeconds,
              useridlist: userIds,
            }),
          )
        const rows = answers.flatMap(({ data }) => data.checkindata ?? [])
        const raw = answers.map(({ text }) => text).join('\n')
        return { ...readPunchRows(rows, { userIds, from, to, slackSeconds, leadSeconds }), raw }
      } catch (error) {
        throw namingPeople(error, userIds, personRefused)
      }
    },

    async readLateUploads({ userIds, from, to }) {
      const starttime = Math.floor(from.epochMilliseconds / 1000)
      const { data, text } = await gate.call(getHardwareCheckinData, {
        filter_type: byUploadTime,
        starttime,
        endtime: Math.max(starttime + 1, Math.ceil(to.epochMilliseconds / 1000)),
        useridlist: userIds,
      })
      return { ...readMachineRows(data.checkindata ?? [], { userIds }), raw: text }
    },

    async writePunches(records, notAfter) {
      try {
        await gate.call(addCheckinRecord, { records: records.map(toRecord) }, notAfter && { notAfter })
        return { kind: 'accepted' }
      } catch (error) {
        const people = records.map(({ userId }) => userId)
        const failed = failureOf(namingPeople(error, people, personRefused))
        // whether the others of the batch were stored is unknown then, whatever the gate makes of the code
        const kind = failed.code === 'platform.person-refused' ? 'refused' : outcomeOf(error)
        return { kind, failure: failed }
      }
    },

    async findByMobile(mobile) {
      try {
        const { data } = await gate.call(getUserId, { mobile: toLookupNumber(mobile) })
        return data.userid?.trim() || null
      } catch (error) {
        if (isRefusedWith(error, nobody)) return null
        throw error
      }
    },

    check: () => checkWecom(parts),
  }
}
