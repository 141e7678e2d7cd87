import type { AlarmCode, AlarmKinds, AlarmLevel, ChannelKind } from '#domain/alarms/alarm.ts'
import type { NoticeKind } from '#domain/alarms/owed-to.ts'
import { minuteOf } from '../written-time.ts'
import { platformNames } from './failures.ts'
import { places, type Words } from './places.ts'
import { stalls } from './stalls.ts'

const channelKinds: Record<ChannelKind, string> = {
  'wecom-robot': '企业微信群机器人',
  'dingtalk-robot': '钉钉群机器人',
  email: '邮件',
  webhook: 'Webhook',
}
const at = ({ platform, connection }: { platform: keyof typeof platformNames; connection: string }) =>
  `${platformNames[platform]}连接 ${connection}`
const said = (text: string) => (text ? `（平台原话：${text}）` : '')

const kinds: { [C in AlarmCode]: (facts: AlarmKinds[C]) => Words } = {
  'route-behind': ({ route, completeTo, because }) => ({
    title: completeTo
      ? `路线 ${route} 停住了：打卡只读到 ${minuteOf(completeTo)}${because ? `（${because}）` : ''}`
      : `路线 ${route} 一直没有读到打卡${because ? `（${because}）` : ''}`,
    hint: because
      ? `运行 npx qintong status 和 npx qintong runs 查看原因并照提示处理；处理好后自动从断点继续，不会丢打卡。`
      : `确认 npx qintong serve 在运行、路线没有暂停，再运行 npx qintong status；恢复后自动从断点继续，不会丢打卡。`,
  }),
  'steps-stalled': ({ route, step, tries, since }) => ({
    title: `路线 ${route} 的${stalls.title(step, tries, since)}`,
    hint: stalls.hint(route),
  }),
  'stream-silent': (facts) => ({
    title: `${at(facts)}的 Stream 没有声音${facts.lastHeardAt ? `，最后一次是 ${minuteOf(facts.lastHeardAt)}` : ''}`,
    hint: '打卡仍按定时读取同步，只是会慢一些。检查本机能否访问 api.dingtalk.com 和 wss 长连接，以及应用的 Stream 模式是否开启。',
  }),
  'secret-refused': (facts) => ({
    title: `${at(facts)}的密钥不被接受（${facts.code}）${facts.until ? `，${minuteOf(facts.until)} 之前不再尝试` : ''}`,
    hint: `在 ${places[facts.platform === 'dingtalk' ? 'dingtalk.credentials' : 'wecom.secret']} 核对密钥，改好环境变量或 setup.yaml 后运行 npx qintong apply -f setup.yaml，会立即重新尝试。`,
  }),
  'ip-not-trusted': (facts) => ({
    title: `${at(facts)}拒绝了本机的出口 IP${said(facts.theirText)}`,
    hint: `在 ${places[facts.platform === 'dingtalk' ? 'dingtalk.ip-list' : 'wecom.trusted-ip']} 加入这个 IP，约一分钟后生效并自动继续。`,
  }),
  'permission-missing': (facts) => ({
    title: `${at(facts)}没有接口 ${facts.api} 的权限${said(`${facts.theirCode} ${facts.theirText}`.trim())}`,
    hint: `运行 npx qintong check ${facts.connection}，照它指出的页面和权限开通。`,
  }),
  'quota-nearly-spent': (facts) => ({
    title: `${at(facts)}本月的接口额度快用完了（${facts.used}/${facts.quota}）`,
    hint: `把 setup.yaml 里的 pollEvery 调大，或在 ${places['dingtalk.quota']} 升级并改 edition。`,
  }),
  'quota-spent': (facts) => ({
    title: `${at(facts)}本月的接口额度已用完（${facts.used}/${facts.quota}），读取已停止`,
    hint: `额度在 ${facts.freeAgainOn} 恢复，届时自动补齐，不会丢打卡；等不及可在 ${places['dingtalk.quota']} 升级并改 edition。`,
  }),
  'events-nearly-spent': (facts) => ({
    title: `${at(facts)}本月的事件推送次数快用完了（${facts.used}/${facts.quota}）`,
    hint: `用完后到月底不再有推送，打卡只按计划读取，会晚一些，不会丢；要保持及时，请在 ${places['dingtalk.quota']} 升级并改 edition。`,
  }),
  'events-spent': (facts) => ({
    title: `${at(facts)}本月的事件推送次数已用完（${facts.used}/${facts.quota}）`,
    hint: `推送在 ${facts.freeAgainOn} 恢复，之前只按计划读取，打卡会晚一些，不会丢；等不及可在 ${places['dingtalk.quota']} 升级并改 edition。`,
  }),
  'quota-short': (facts) => ({
    title: `${at(facts)}照现在的用量，接口额度只够到 ${facts.lastsUntil}（已用 ${facts.used}/${facts.quota}）`,
    hint: `把 setup.yaml 里的 pollEvery 调大，或在 ${places['dingtalk.quota']} 升级并改 edition。`,
  }),
  'deliveries-in-doubt': ({ route, count, since }) => ({
    title: `路线 ${route} 有 ${count} 条打卡写入后一直没有看到，最早是 ${minuteOf(since)}`,
    hint: `运行 npx qintong sync --route ${route} 再核对一次；仍存疑的到对方后台查看，确认没有后用 npx qintong resend ${route} 重新写入。`,
  }),
  'deliveries-refused': ({ route, count }) => ({
    title: `路线 ${route} 有 ${count} 条打卡被平台拒绝`,
    hint: `运行 npx qintong calls --failed 查看平台的理由，处理后用 npx qintong resend ${route} 重新写入。`,
  }),
  'deliveries-out-of-calls': ({ route, count, freeAgainOn }) => ({
    title: `路线 ${route} 有 ${count} 条打卡等着写入钉钉，本月的接口额度已不够`,
    hint: `打卡都已保留，${freeAgainOn} 额度恢复后自动写入，不会丢；余下的额度先留给每日的读取。等不及时运行 npx qintong plan --route ${route}，它列出升级、缩小范围、改为单向各要多少。`,
  }),
  'people-waiting': ({ route, people, held }) => ({
    title: `路线 ${route} 有 ${people} 人的身份等人确认，${held} 条打卡在等他们`,
    hint: `运行 npx qintong people --route ${route} 查看，用 npx qintong link 或 confirm 确认；打卡随即送出。`,
  }),
  'probes-near-limit': (facts) => ({
    title: `${at(facts)}按手机号查找落空 ${facts.wrong} 次，接近我们的上限 ${facts.mostWrong} 次`,
    hint: '到上限后不再按手机号查找，其余照常。用 npx qintong links export 导出对应表，填好后导入，就不必再问平台。',
  }),
  'brake-pulled': ({ route, writes, punches }) => ({
    title: `路线 ${route} 已自动刹住：${punches} 次真实打卡却写了 ${writes} 条`,
    hint: `写入已停，读取照常，打卡都已保留。多半是两边在互相转写，或对方收下却不显示。运行 npx qintong punches 查看来回的打卡，确认原因后用 npx qintong resume ${route} 继续。`,
  }),
  'store-gone': ({ reason }) => ({
    title: `数据库连不上：${reason}`,
    hint: '检查 PostgreSQL 是否在运行、DATABASE_URL 是否正确。恢复后自动继续，已确认的数据都在。',
  }),
  'store-full': ({ freeMegabytes }) => ({
    title: `数据所在的磁盘快满了，只剩 ${freeMegabytes} MB`,
    hint: '清理磁盘或扩容；写满之前会停下来，不会写坏数据。也可以把 CALL_LOG_DAYS、RAW_DAYS 调小。',
  }),
  'store-slow': ({ roundTripMs }) => ({
    title: `数据库应答很慢：最简单的查询要 ${roundTripMs} 毫秒`,
    hint: '检查数据库机器的负载、磁盘与网络；同步会变慢，但不会丢打卡。',
  }),
  'store-read-only': ({ reason }) => ({
    title: `数据库只能读不能写：${reason}`,
    hint: '多半是主备切换后连到了备库，或磁盘已满被置为只读：检查 DATABASE_URL 指向主库。恢复后自动继续。',
  }),
  'clock-skewed': (facts) => ({
    title: `本机时钟比${platformNames[facts.platform]}${facts.skewSeconds > 0 ? '慢' : '快'} ${Math.abs(facts.skewSeconds)} 秒（连接 ${facts.connection}）`,
    hint: `在${places['host.clock']}中打开自动对时（NTP）。时钟不准会让窗口边上的打卡晚一轮才读到。`,
  }),
  'backup-failed': ({ reason }) => ({
    title: `备份失败：${reason}`,
    hint: '检查备份目录的空间和权限，再运行一次 npx qintong backup。',
  }),
  'backup-old': ({ lastAt }) => ({
    title: lastAt ? `最近一次备份是 ${minuteOf(lastAt)}，太久了` : '还没有做过备份',
    hint: '运行 npx qintong backup <文件>，并检查定时备份为什么没有执行。',
  }),
  'callbacks-forged': (facts) => ({
    title: `${at(facts)}在 ${facts.minutes} 分钟内收到 ${facts.count} 个签名不对的回调`,
    hint: '它们都已被拒绝。若刚改过 token 或 aesKey，请让 setup.yaml 与平台后台一致；否则是有人在试，请检查回调地址是否外泄。',
  }),
  'channel-failing': ({ channel, kind, because }) => ({
    title: `告警渠道 ${channel}（${channelKinds[kind]}）发不出去：${because}`,
    hint: `核对 setup.yaml 里 alarms 一节的 ${channel}，重新 apply 后用 npx qintong alarms test ${channel} 试发。`,
  }),
}

/** Alarms: what happened, what to do, and the frames around them. */
export const alarms = {
  kinds,
  levels: { notice: '提示', warning: '警告', critical: '严重' } satisfies Record<AlarmLevel, string>,
  channelKinds,
  noticeKinds: {
    raised: '告警',
    reminder: '仍未恢复',
    resolved: '已恢复',
    passed: '曾经发生，已恢复',
  } satisfies Record<NoticeKind, string>,
  /** The beginning of every message: a robot that is kept by keywords may use it as one. */
  brand: '勤通',
  separator: '，',
  counted: (name: string, count: number) => `${name} ${count} 条`,
  bullet: '● ',
  block: (level: string, kind: string, title: string) => `${kind}（${level}）：${title}`,
  whatToDo: (hint: string) => `怎么办：${hint}`,
  since: (at: string) => `开始于 ${minuteOf(at)}`,
  from: (since: string, until: string) => `${minuteOf(since)} 至 ${minuteOf(until)}`,
  test: {
    title: '测试消息，收到说明这个渠道可用',
    text: (channel: string) => `渠道 ${channel} 配置正确。真正的告警会写明发生了什么、该怎么办。`,
  },
  troubles: {
    unreachable: '连不上它的服务器',
    timeout: '没有在时限内应答',
    reset: '应答中途断开',
    'too-large': '应答太长',
    'no-mail': '这个进程不能发邮件',
    muted: '刚被限流，稍后再试',
    banned: '我们的出口 IP 正被平台封禁，解封后再发',
  } as Record<string, string>,
  page: { title: '需要处理', more: (count: number) => `另有 ${count} 条，运行 npx qintong alarms 查看` },
  cli: {
    heads: ['级别', '编号', '对象', '开始', '恢复', '发生了什么'],
    none: '现在没有告警。',
    open: (count: number) => `未恢复 ${count} 条：`,
    past: (count: number) => `最近恢复 ${count} 条：`,
    channelHeads: ['渠道', '类型', '最低级别', '最近送达', '状态'],
    channels: '告警渠道：',
    works: '可用',
    notTried: '还没有用过',
    off: '已关闭',
    noChannels: '还没有设置告警渠道：在 setup.yaml 加上 alarms 一节，再运行 npx qintong apply。',
    accepted: (channel: string) => `✓ ${channel} 已送达`,
    failed: (channel: string, because: string) => `✗ ${channel} 没有送达：${because}`,
    nextTest: '运行 npx qintong alarms test 给每个渠道发一条测试消息。',
    nextFix: '改好 setup.yaml 的 alarms 一节，apply 之后再试一次。',
    nextNothing: '告警会发到以上渠道。',
  },
}
