import type { World } from './found-world.ts'
import type { Report } from './watch.ts'

/** How far back punches are learnt anew at every look: nobody looks less often, and what was learnt stays. */
const hoursLearnt = 36

/**
 * What can be seen at the platforms alone: nothing of ours stands twice (I3), nothing was written that the other side
 * never showed (I5, I6), no limit was passed (I7). Looks only at what is new since it last looked.
 */
export function checkPlatforms({ sandbox, time, told, parted }: World, report: Report): () => void {
  const toDingtalk = new Map<string, string>()
  const toWecom = new Map<string, string>()
  const seen = { wecom: new Set<string>(), dingtalk: new Set<string>() }
  let [recordsSeen, uploadsSeen] = [0, 0]
  let violationsSeen = 0
  /** Every second in which a person really punched, void or not, however it looks now. */
  const real = { wecom: new Set<string>(), dingtalk: new Set<string>() }
  const learn = () => {
    for (const { dingtalk, wecom } of sandbox.pairs()) {
      toDingtalk.set(wecom.toLowerCase(), dingtalk)
      toWecom.set(dingtalk, wecom.toLowerCase())
    }
    const now = time.now()
    const window = { from: now.subtract({ hours: hoursLearnt }).toString(), to: now.toString() }
    for (const { userId, at, origin } of sandbox.expectedPunches(window))
      if (origin === 'own') real.dingtalk.add(`${userId}@${at}`)
    for (const { userId, at, origin } of sandbox.expectedCheckins(window))
      if (origin === 'own') real.wecom.add(`${userId.toLowerCase()}@${at}`)
  }
  const isParted = (wecom: string, storedAt: number) => {
    const since = parted.get(wecom)
    return since !== undefined && storedAt > since.epochMilliseconds
  }
  return () => {
    const records = sandbox.records()
    const uploads = sandbox.uploads()
    learn()
    for (const { userid, checkin_time, origin, storedAt } of records.slice(recordsSeen)) {
      if (origin !== 'api') continue
      const user = userid.toLowerCase()
      const key = `${user}@${checkin_time}`
      if (seen.wecom.has(key)) report('I3', `WeCom holds ${key} twice because of us`)
      seen.wecom.add(key)
      const source = `${toDingtalk.get(user)}@${checkin_time}`
      if (!real.dingtalk.has(source)) report('I6', `WeCom was given ${key}, and DingTalk has no such punch`)
      if (isParted(user, storedAt)) report('I6', `WeCom was given ${key} of somebody who was unlinked`)
    }
    for (const { userid, checkin_time, storedAt } of uploads.slice(uploadsSeen)) {
      const key = `${userid}@${checkin_time}`
      if (seen.dingtalk.has(key)) report('I3', `DingTalk holds ${key} twice because of us`)
      seen.dingtalk.add(key)
      const source = `${toWecom.get(userid)}@${checkin_time}`
      if (!real.wecom.has(source))
        report(seen.wecom.has(source) ? 'I5' : 'I6', `DingTalk was given ${key}, and WeCom has no such punch`)
      if (isParted(toWecom.get(userid) ?? '', storedAt))
        report('I6', `DingTalk was given ${key} of somebody who was unlinked`)
    }
    recordsSeen = records.length
    uploadsSeen = uploads.length
    // A ban in these worlds is a misfortune, not an answer to calling too often.
    const passed = sandbox.violations().filter(({ code }) => code !== 'banned')
    const violations = passed.reduce((sum, { times }) => sum + times, 0)
    if (violations > violationsSeen) report('I7', `a limit was passed: ${JSON.stringify(passed)}`)
    violationsSeen = violations
    for (const call of told.oversized.splice(0)) report('I7', call)
  }
}
