import { type Clock, elapsedMs } from '#domain/effects.ts'
import { listRecord } from '#platforms/dingtalk/endpoints.ts'
import { readPunchRows } from '#platforms/dingtalk/to-domain.ts'
import { toWallClock } from '#platforms/dingtalk/wall-clock.ts'
import type { Gate } from '#platforms/gate.ts'
import type { PunchesRead } from '#platforms/platform.ts'
import type { RowsAsked } from '#platforms/read-row.ts'
import { isRefusedWith, namingPeople } from '#platforms/refusals.ts'

type Asked = Pick<RowsAsked, 'userIds' | 'from' | 'to'>

/** Every window looks back at least so far before the end of the last one. */
const lookedBackMs = 3_600_000

/** The span is too long. */
const tooLong = ['41041']

/**
 * Reads punches, both ends inclusive, in one call. One second more is asked for at the end: a platform that leaves its end
 * out, or compares milliseconds, would filter the last second away. Where both are then exactly the documented days apart
 * nobody knows whether that is still taken (contract, Q7). A window that ends about now then goes without, for the next one
 * looks back; of one that has passed it is tried, and once it was refused such windows take a second call, for their last
 * second alone.
 */
export function punchReader({
  gate,
  clock,
}: {
  gate: Gate
  clock: Clock
}): (asked: Asked) => Promise<PunchesRead> {
  const mostSeconds = (listRecord.limit.days ?? 1) * 86_400
  let isWholeSpanRefused = false

  const ask = async ({ userIds, from, to }: Asked, slackSeconds = 1): Promise<PunchesRead> => {
    try {
      const { data, text } = await gate.call(listRecord, {
        userIds: [...userIds],
        checkDateFrom: toWallClock(from),
        checkDateTo: toWallClock(to.add({ seconds: slackSeconds })),
        isI18n: false,
      })
      return { ...readPunchRows(data.recordresult ?? [], { userIds, from, to, slackSeconds }), raw: text }
    } catch (error) {
      throw namingPeople(error, userIds)
    }
  }
  const askInTwo = async ({ userIds, from, to }: Asked): Promise<PunchesRead> => {
    const most = await ask({ userIds, from, to: to.subtract({ seconds: 1 }) })
    const last = await ask({ userIds, from: to, to })
    return joined(most, last)
  }
  return async (asked) => {
    const isWholeSpan = (asked.to.epochMilliseconds - asked.from.epochMilliseconds) / 1000 + 1 >= mostSeconds
    if (!isWholeSpan) return ask(asked)
    if (elapsedMs(clock, asked.to) < lookedBackMs) return ask(asked, 0)
    if (isWholeSpanRefused) return askInTwo(asked)
    try {
      return await ask(asked)
    } catch (error) {
      if (!isRefusedWith(error, tooLong)) throw error
      isWholeSpanRefused = true
      return askInTwo(asked)
    }
  }
}

/** One read of both; rows that cannot be read may come in each answer. */
function joined(one: PunchesRead, other: PunchesRead): PunchesRead {
  const known = new Set(one.unreadable.map(({ row }) => JSON.stringify(row)))
  return {
    punches: [...one.punches, ...other.punches],
    approvedSlots: [...one.approvedSlots, ...other.approvedSlots],
    emptySlots: [...one.emptySlots, ...other.emptySlots],
    outside: one.outside + other.outside,
    unreadable: [...one.unreadable, ...other.unreadable.filter(({ row }) => !known.has(JSON.stringify(row)))],
    raw: `${one.raw}\n${other.raw}`,
  }
}
