import * as wire from '#platforms/dingtalk/wire.ts'
import { ok } from './answers.ts'
import { route } from './route.ts'

/** 获取推送失败的事件列表. */
export const failedEvents = route(
  'GET',
  '/call_back/get_call_back_failed_result',
  wire.FailedEventsRequest,
  { scope: 'qyapi_base', metered: true },
  (_ask, world, call) => {
    const { rows, hasMore } = world.events.failed.read(call.nowMs)
    return ok(call, { has_more: hasMore, failed_list: rows })
  },
)
