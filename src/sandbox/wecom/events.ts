import { hash32 } from '../chance.ts'
import type { SandboxClock } from '../clock.ts'
import type { Company } from '../company.ts'
import { createEventQueue } from '../event-queue.ts'
import type { Faults } from '../faults.ts'
import type { Journal } from '../journal.ts'
import type { StaffAct } from '../staff.ts'
import type { HttpPush } from './http-push.ts'

/** An event, ready but for its encryption. `bornAt`: epoch ms. */
export type WecomEvent = { eventId: string; bornAt: number; message: string }

/** WeCom's events: about contacts alone, since punches have none. */
export interface WecomEvents {
  /** Whoever carries events from now on; null: nobody has saved an address, and there are none. */
  setDeliverer(push: HttpPush['push'] | null): void
  staff(act: StaffAct): void
  nextDueMs(): number | null
  /** Delivers what is due. Resolves when all of it was answered. */
  work(): Promise<void>
  counts(): { born: number; sent: number; taken: number; givenUp: number; waiting: number }
}

/** Once and three times again, a few seconds apart; then the platform may drop it. */
const retriesMs = [5_000, 5_000, 5_000]

export function createWecomEvents(parts: {
  seed: number
  corpId: string
  company: Company
  clock: SandboxClock
  faults: Faults
  journal: Journal
}): WecomEvents {
  const { seed, corpId, company, clock, faults, journal } = parts
  let push: HttpPush['push'] | null = null
  let born = journal.load<number>('wecomEventsBorn')[0]?.[1] ?? 0
  const counts = { sent: 0, taken: 0, givenUp: 0 }
  const queue = createEventQueue<WecomEvent>({
    ...{ kind: 'wecomEvent', seed, retriesMs, clock, faults, journal },
    async deliver({ message }) {
      if (!push) return 'later'
      counts.sent++
      if (!(await push(message))) return 'later'
      counts.taken++
      return 'taken'
    },
    onGivenUp: () => {
      counts.givenUp++
    },
  })

  return {
    setDeliverer(deliver) {
      push = deliver
    },
    staff(act) {
      if (!push || !faults.values.events) return
      for (const fields of bodiesOf(act, company)) {
        journal.put('wecomEventsBorn', 'last', ++born)
        const head = {
          ToUserName: corpId,
          CreateTime: Math.floor(act.at / 1000),
          MsgType: 'event',
          ...fields,
        }
        const message = `<xml>${Object.entries(head).map(element).join('')}</xml>`
        queue.add({ eventId: `${hash32(seed, 'wecom', born)}`, bornAt: clock.nowMs(), message })
      }
    },
    nextDueMs: () => (push ? queue.nextDueMs() : null),
    async work() {
      if (push) await queue.work()
    },
    counts: () => ({ born, ...counts, waiting: queue.waiting() }),
  }
}

type Fields = Record<string, string | number>

/** Texts come in CDATA, numbers do not. */
const element = ([name, value]: [string, string | number]): string =>
  typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`

/**
 * What the act tells: who enters or leaves what the app sees, and for the contacts secret what changed. Only ids travel,
 * and of a member only a new department or user id is told.
 */
function bodiesOf(act: StaffAct, company: Company): Fields[] {
  const { wecom: userId } = act
  if (userId === undefined) return []
  const departments = (company.byWecom.get(userId.toLowerCase())?.wecom?.departments ?? [])
    .map((i) => i + 1)
    .join(',')
  const contact = (ChangeType: string, more: Fields = {}): Fields => ({
    FromUserName: 'sys',
    Event: 'change_contact',
    ChangeType,
    UserID: userId,
    ...more,
  })
  const app = (Event: string): Fields => ({ FromUserName: userId, Event, AgentID: '1000002' })
  switch (act.act) {
    case 'hire':
    case 'rehire':
      return [contact('create_user', { Department: departments }), app('subscribe')]
    case 'leave':
      return [contact('delete_user'), app('unsubscribe')]
    case 'reuse':
      return [contact('delete_user'), contact('create_user', { Department: departments })]
    case 'changeUserid':
      return [contact('update_user', { NewUserID: act.to })]
    case 'change':
      return act.departments ? [contact('update_user', { Department: departments })] : []
    case 'rename':
      return []
  }
}
