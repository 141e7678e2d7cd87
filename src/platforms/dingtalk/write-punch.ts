import type { Clock } from '#domain/effects.ts'
import { failure } from '#domain/failures.ts'
import type { PunchToWrite } from '#domain/punch.ts'
import { upload } from '#platforms/dingtalk/endpoints.ts'
import { toUpload } from '#platforms/dingtalk/from-domain.ts'
import { dingtalkUpload } from '#platforms/dingtalk/limits.ts'
import { type Gate, outcomeOf } from '#platforms/gate.ts'
import type { WriteAnswer } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { failureOf, namingPeople, untrueAnswer } from '#platforms/refusals.ts'

/** 50002 is "no permission" elsewhere; where one person is uploaded it means them, out of the app's range. */
const personRefused = ['50002']

/**
 * Uploads one punch: one metered call. What DingTalk does not take by its own documentation (older than 180 days, still
 * to come) is refused here and costs none. A yes that denies itself (`success: false`) is lost: only a read-back tells.
 */
export async function writePunch(
  { gate, facts, clock }: { gate: Gate; facts: ConnectionFacts; clock: Clock },
  record: PunchToWrite,
  notAfter?: Temporal.Instant,
): Promise<WriteAnswer> {
  const now = clock.now()
  const oldest = now.subtract({ hours: dingtalkUpload.historyDays * 24 })
  if (Temporal.Instant.compare(record.at, now) > 0 || Temporal.Instant.compare(record.at, oldest) < 0)
    return {
      kind: 'refused',
      failure: failure('platform.time-not-taken', {
        ...{ platform: facts.platform, connection: facts.key, api: upload.name },
        ...{ theirCode: '', theirText: '', requestId: '' },
        ...{ at: inShanghai(record.at), oldest: inShanghai(oldest) },
      }),
    }
  try {
    const { data, text } = await gate.call(upload, toUpload(record), notAfter && { notAfter })
    if (data.success === false) throw untrueAnswer(facts, upload, text)
    return { kind: 'accepted' }
  } catch (error) {
    const failed = failureOf(namingPeople(error, [record.userId], personRefused))
    return { kind: failed.code === 'platform.person-refused' ? 'refused' : outcomeOf(error), failure: failed }
  }
}

const inShanghai = (at: Temporal.Instant): string =>
  at.toString({ timeZone: 'Asia/Shanghai', smallestUnit: 'second' })
