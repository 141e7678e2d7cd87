import type { Reason } from '#domain/evidence.ts'
import type { LinkStatus } from '#domain/person.ts'

/** Why two accounts are, may be or may not be one person. */
export function reason(because: Reason): string {
  switch (because.code) {
    case 'explicit-link':
      return '显式关联'
    case 'mobile':
      return `手机号一致（尾号 ${because.tail}）`
    case 'job-number':
      return `工号一致 ${because.jobNumber}`
    case 'same-name':
      return `同名 ${because.name}`
    case 'name-differs':
      return `姓名不同：${because.ours} 与 ${because.theirs}`
    case 'shared-mobile':
      return `手机号（尾号 ${because.tail}）由 ${because.people} 人共用`
    case 'reused-job-number':
      return `工号 ${because.jobNumber} 有 ${because.people} 人在用`
    case 'evidence-disagrees':
      return `手机号指向 ${because.mobileSays}，工号却指向 ${because.jobNumberSays}`
    case 'several-candidates':
      return `有 ${because.count} 个可能的账号`
    case 'no-counterpart':
      return '对面没有找到同一个人'
    case 'twin-not-visible':
      return `对应账号 ${because.userId} 不存在或应用看不到`
    case 'twin-taken':
      return `对应账号已与 ${because.by} 关联`
  }
}

export const linkStatus: Record<LinkStatus, string> = {
  linked: '已关联',
  suggested: '待确认',
  conflicting: '有冲突',
  unmatched: '未匹配',
}

/** States of a delivery, the internal ones included. */
export const deliveryStates: Record<string, string> = {
  held: '待关联',
  waiting: '待写入',
  batched: '待写入',
  sending: '写入中',
  sent: '待核对',
  inDoubt: '存疑',
  verified: '已核对',
  alreadyThere: '原已存在',
  refused: '被拒',
  skipped: '不传递',
}

/** Why a delivery is held, skipped or in doubt. A code that is not here is shown as it is. */
export const deliveryReasons: Record<string, string> = {
  unlinked: '对面没有关联的账号',
  suggested: '身份待人确认',
  conflicting: '身份证据有冲突',
  approvedSlot: '该时段已由审批填补，不覆盖',
  amended: '送达后来源又更正了它：请在企业微信手工处理',
  'not-shown': '按期限未见到，正在再次核对',
  void: '平台判为无效',
  echo: '我们自己写入的回流',
  merged: '同一秒的重复打卡，只送一次',
  tooOld: '早于对方可接受的时间',
  future: '时间在未来，到时再送',
  gone: '来源已不再显示',
  'waiting-to-show': '已写入，等待平台显示',
  'answer-lost': '写入的应答丢失，正在核对',
  superseded: '同一时段显示的是另一条打卡，需要人决定是否重送',
  'late-platform': '平台显示比预期更晚，需要人决定是否重送',
  'refused-batch': '所在批次被拒，正在逐条排查',
}
