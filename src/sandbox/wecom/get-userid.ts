import * as wire from '#platforms/wecom/wire.ts'
import { DAY_MS } from '../shanghai.ts'
import { ok, refuse } from './answers.ts'
import { isVisible, members } from './members.ts'
import { route } from './route.ts'

const door = 'wecom getuserid'

/**
 * 手机号获取userid: works for apps that may not see mobiles. More wrong questions than a fifth of the head-count shut it
 * for a day. Chinese numbers without +86.
 */
export const getUserId = route(
  'POST',
  'user/getuserid',
  wire.GetUserIdRequest,
  'contacts',
  {},
  (ask, world, call) => {
    const { ledger } = world
    if (call.nowMs < ledger.shutUntil(door)) return refuse(call, 45009, 'api freq out of limit')
    const bytes = Buffer.byteLength(ask.mobile)
    if (bytes < 5 || bytes > 32) return refuse(call, 40058, 'invalid Request Parameter mobile')
    const all = members(world)
    const person = all.find(({ wecom }) => wecom.mobile === ask.mobile && isVisible(world, wecom.userId))
    if (person) return ok({ userid: person.wecom.userId })
    if (ledger.count('wrong mobiles', call.nowMs, DAY_MS) > all.length * 0.2)
      ledger.shut(door, call.nowMs + DAY_MS)
    return refuse(call, 46004, 'user not found')
  },
)
