import type { Clock } from '#domain/effects.ts'
import { type Departments, rootDepartment } from '#platforms/department-paths.ts'
import type { Gate } from '#platforms/gate.ts'
import type { CheckItem } from '#platforms/platform.ts'
import type { ConnectionFacts } from '#platforms/ports.ts'
import { type Checklist, createChecklist, failureOf } from '#platforms/refusals.ts'
import { getCheckinData, getCorpCheckinOption } from '#platforms/wecom/endpoints.ts'
import { readContacts, readDepartments, readMemberIds, readMembers } from '#platforms/wecom/read-roster.ts'
import type { JobNumberSource } from '#platforms/wecom/to-domain.ts'
import type { User } from '#platforms/wecom/wire.ts'

type Parts = {
  gate: Gate
  facts: ConnectionFacts
  clock: Clock
  jobNumber: JobNumberSource
  contactsGate?: Gate | undefined
}

/** Departments looked into for somebody to ask about: a probe, not a roster. */
const departmentsTried = 10

/**
 * Token, address and visible range, then whether the app is among 打卡's 可调用接口的应用, then one punch read of one
 * member over the last day. Writing cannot be tried without leaving a punch that nobody can delete: its item rests on
 * the rules probe, which the same list admits.
 */
export async function checkWecom(parts: Parts): Promise<CheckItem[]> {
  const { gate, facts } = parts
  const list = createChecklist(facts)
  const departments = await askDepartments(gate, list)
  if (departments !== 'stop') {
    const someone = await askMembers(gate, list, departments)
    await askHeadCount(parts, list)
    const mayCheckin = await askRules(gate, list)
    await askAttendance(parts, list, someone)
    if (mayCheckin) list.pass('attendance-write', 'wecom.checkin-api-apps')
  }
  list.clock(gate.skewSeconds())
  return list.items
}

async function askDepartments(gate: Gate, list: Checklist): Promise<Departments | 'stop'> {
  let departments: Departments = new Map()
  try {
    departments = await readDepartments(gate)
    if (departments.has(rootDepartment)) list.pass('scope', 'wecom.visible-range')
    else list.warn('scope', `wecom.visible-range departments=${[...departments.keys()].join(',')}`)
  } catch (error) {
    if (list.failed(error, 'contacts', 'wecom.visible-range')) return 'stop'
  }
  // even a refusal of the question proves that the token and the address were accepted
  list.pass('token', 'wecom.secret')
  list.pass('ip', 'wecom.trusted-ip')
  return departments
}

/** Somebody to ask about, and whether members come with their mobile numbers. */
async function askMembers(gate: Gate, list: Checklist, departments: Departments): Promise<User | null> {
  try {
    for (const id of [...departments.keys()].slice(0, departmentsTried)) {
      const { members } = await readMembers(gate, id)
      const someone = members[0]
      if (!someone) continue
      list.pass('contacts', 'wecom.visible-range')
      if (members.some((member) => member.mobile)) list.pass('mobile', 'wecom.mobile-hidden')
      else list.warn('mobile', 'wecom.mobile-hidden')
      return someone
    }
    list.warn('contacts', 'wecom.visible-range visible=0')
  } catch (error) {
    list.failed(error, 'contacts', 'wecom.visible-range')
  }
  return null
}

/** With the contacts secret: how many of all members the app sees. */
async function askHeadCount({ gate, facts, jobNumber, contactsGate }: Parts, list: Checklist) {
  if (!contactsGate) return
  try {
    const total = (await readMemberIds(contactsGate, facts)).size
    const visible = (await readContacts(gate, jobNumber)).accounts.length
    const where = `wecom.visible-range visible=${visible} total=${total}`
    if (visible >= total) list.pass('scope', where)
    else list.warn('scope', where)
  } catch (error) {
    // a secret that is only good for counting, so nothing stops without it
    list.warn('contacts-secret', 'wecom.contacts-secret', failureOf(error))
  }
}

async function askRules(gate: Gate, list: Checklist): Promise<boolean> {
  try {
    await gate.call(getCorpCheckinOption, {})
    return true
  } catch (error) {
    list.failed(error, 'attendance-write', 'wecom.checkin-api-apps')
    return false
  }
}

async function askAttendance({ gate, clock }: Parts, list: Checklist, someone: User | null) {
  if (!someone) {
    list.warn('attendance-read', 'wecom.visible-range visible=0')
    return
  }
  const now = Math.floor(clock.now().epochMilliseconds / 1000)
  try {
    await gate.call(getCheckinData, {
      opencheckindatatype: 3,
      starttime: now - 86_400,
      endtime: now,
      useridlist: [someone.userid],
    })
    list.pass('attendance-read', 'wecom.checkin-api-apps')
  } catch (error) {
    list.failed(error, 'attendance-read', 'wecom.checkin-api-apps')
  }
}
