import type { NameLikeness, Reason, Remedy } from '#domain/evidence.ts'
import type { LinkStatus } from '#domain/person.ts'
import { minuteOf } from '../written-time.ts'

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
    case 'namesake-open':
      return `同名的 ${because.userId} 还没有对应账号，两人的资料可能弄混`
    case 'namesake-fits':
      return `除工号外，同名的 ${because.userId} 更相符，工号可能填错`
    case 'name-alike':
      return `${likeness[because.how]}：${because.ours} 与 ${because.theirs}`
    case 'name-unclear':
      return `从姓名看不出：${because.ours} 与 ${because.theirs}`
    case 'name-only':
      return '只有姓名相符，没有其他证据'
    case 'little-beside-name':
      return '姓名之外的证据太弱，不能自动关联'
    case 'parted':
      return `${because.by ?? '有人'}于 ${minuteOf(because.at)} 认定与 ${because.userId} 不是同一人`
    case 'job-number-alike':
      return `工号相近：${because.ours} 与 ${because.theirs}`
    case 'same-email':
      return `邮箱一致 ${because.email}`
    case 'email-alike':
      return `邮箱相近：${because.ours} 与 ${because.theirs}`
    case 'same-user-id':
      return `账号一致 ${because.userId}`
    case 'mobile-tail':
      return `账号中含手机尾号 ${because.tail}`
    case 'same-department':
      return `部门一致 ${because.department}`
    case 'department-alike':
      return `部门相当：${because.ours} 与 ${because.theirs}`
    case 'same-title':
      return `职位一致 ${because.title}`
    case 'same-hire-date':
      return `入职日期一致 ${because.on}`
    case 'near-hire-date':
      return `入职日期相近：${because.ours} 与 ${because.theirs}`
    case 'same-manager':
      return '直属上级同名'
    case 'punched-together':
      return `${because.times} 次在同一秒打卡`
    case 'mobile-differs':
      return '手机号不同'
    case 'job-number-differs':
      return `工号不同：${because.ours} 与 ${because.theirs}`
    case 'department-differs':
      return `部门不同：${because.ours} 与 ${because.theirs}`
    case 'hire-date-differs':
      return `入职日期不同：${because.ours} 与 ${because.theirs}`
    case 'periods-apart':
      return '一个离职之后另一个才入职'
    case 'through':
      return `两者都与 ${because.userId} 是同一人`
    case 'too-many-namesakes':
      return `叫 ${because.name} 的账号有 ${because.people} 个，未能逐一比较`
  }
}

const likeness: Record<NameLikeness, string> = {
  homophone: '姓名同音',
  pinyin: '姓名与拼音相符',
  'stand-in': '姓名除代用字外相符',
  'look-alike': '姓名字形相近',
  'one-off': '姓名只差一字',
}

/** What a person can do that would change the outcome. */
export function remedy(change: Remedy): string {
  switch (change.code) {
    case 'enter-mobile':
      return `在 ${change.connections.join('、')} 补填同一手机号`
    case 'enter-job-number':
      return `在 ${change.connections.join('、')} 补填同一工号`
    case 'enter-own-mobile':
      return `在 ${change.connections.join('、')} 都填本人自己的手机号（现在的号码几人共用）`
    case 'correct-mobile':
      return '核对手机号，改正填错的一侧'
    case 'correct-job-number':
      return `核对工号 ${change.ours} 与 ${change.theirs}，改正填错的一侧`
    case 'correct-name':
      return `核对姓名 ${change.ours} 与 ${change.theirs}，改正填错的一侧`
    case 'ask-platform':
      return `向 ${change.connection} 查询该手机号属于谁`
    case 'enter-leave-date':
      return '给已离开的账号补填离职日期'
    case 'confirm':
      return '由人确认是否同一人'
    case 'link':
      return `若确是同一人，运行 npx qintong link ${change.accounts.join(' ')}`
    case 'name-twin':
      return '知道对面是谁的人用 npx qintong link 指明'
    case 'show-twin':
      return `让应用看得到 ${change.userId}，或用 npx qintong link 改指另一个账号`
    case 'unlink':
      return '由人解除关联'
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
  voidThere: '对方平台同一秒已有一条无效打卡，不再写入，请在对方平台核对',
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
  'unreadable-hours': '平台不显示月初凌晨的这段时间，没看见不能说明没写入，需要人核对',
  'never-shown': '写入多次都答成功却从未显示，请查此人是否在对方的考勤组里，再决定是否重送',
  'account-gone': '对方平台已查不到这个账号，是否写入无法核对，请人工确认',
  'refused-batch': '所在批次被拒，正在逐条排查',
}
