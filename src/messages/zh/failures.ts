import type { RosterDoubt } from '#domain/doubt-roster.ts'
import type { FailureCode, Failures, PlatformFacts } from '#domain/failures.ts'
import type { PlatformName } from '#domain/ids.ts'
import { links } from './links.ts'
import { places, type Words } from './places.ts'
import { sheetProblem } from './sheets.ts'

export const platformNames: Record<PlatformName, string> = { dingtalk: '钉钉', wecom: '企业微信' }

const seconds = (ms: number) => `${Math.max(1, Math.ceil(ms / 1000))} 秒`
/** What the platform itself said, for its support. */
const said = ({ theirCode, theirText, requestId }: PlatformFacts) => {
  const words = [theirCode, theirText].filter(Boolean).join(' ')
  const id = requestId ? `请求编号 ${requestId}` : ''
  const parts = [words && `平台原话：${words}`, id].filter(Boolean)
  return parts.length > 0 ? `（${parts.join('；')}）` : ''
}
const at = ({ platform, connection, api }: PlatformFacts) =>
  `${platformNames[platform]}（连接 ${connection}${api ? `，接口 ${api}` : ''}）`
const known = (names: string[]) => (names.length > 0 ? `现有：${names.join('、')}。` : '目前一个也没有。')

const scopeNames: Record<string, string> = {
  qyapi_base: '调用企业API基础权限',
  qyapi_get_attendance_data: '考勤数据读权限',
  qyapi_attendance_group_read: '考勤组查询权限',
  qyapi_attendance_group_manage: '考勤组管理权限',
  'Pro.AttendanceRecord.Write': '考勤打卡记录写权限',
  qyapi_get_department_list: '通讯录部门信息读权限',
  qyapi_get_department_member: '通讯录部门成员读权限',
  qyapi_get_member: '成员信息读权限',
  qyapi_get_member_by_mobile: '根据手机号获取成员基本信息权限',
}
const scopeList = (scopes: string[]) =>
  scopes.map((scope) => (scopeNames[scope] ? `「${scopeNames[scope]}」（${scope}）` : scope)).join('、')

function grant({ platform, api, theirCode, scopes }: Failures['platform.no-permission']): string {
  if (platform === 'dingtalk') {
    const which = scopes.length > 0 ? scopeList(scopes) : '接口所需的权限'
    // open to all editions since 2025-11-19, while two older notices still say Pro
    const edition = api === 'upload' ? '已经开通仍被拒绝，就可能是钉钉版本不含写入打卡：请向钉钉确认。' : ''
    return `在 ${places['dingtalk.permissions']} 申请${which}，然后在 ${places['dingtalk.publish']} 发布新版本使其生效。${edition}`
  }
  if (theirCode === '60011' || theirCode === '50002')
    return `该成员或部门不在应用可见范围内：在 ${places['wecom.visible-range']} 加入所有需要同步考勤的人。`
  if (theirCode === '48009')
    return `这个密钥不能读取通讯录：请在 setup.yaml 用自建应用的 secret，并设置其可见范围。`
  if (/checkin/i.test(api)) return `在 ${places['wecom.checkin-api-apps']} 中加入本应用。`
  return `在 ${places['wecom.secret']} 为应用开通该接口；打卡接口则在 ${places['wecom.checkin-api-apps']} 中加入本应用。`
}

const doubtText = (doubt: RosterDoubt): string => {
  switch (doubt.code) {
    case 'many-lost':
      return `已知的 ${doubt.of} 人中一次少了 ${doubt.lost} 人`
    case 'nobody-listed':
      return `一个人也没有，而已知有 ${doubt.of} 人`
    case 'undone':
      return `它与刚撤回的导入 ${doubt.import} 完全相同`
  }
}

/** Every failure in words: what happened, and what to do. */
export const failures: { [C in FailureCode]: (facts: Failures[C]) => Words } = {
  'platform.bad-credentials': (facts) => ({
    title: `${at(facts)}不接受这组凭证${said(facts)}`,
    hint:
      facts.platform === 'dingtalk'
        ? `在 ${places['dingtalk.credentials']} 核对 corpId、clientId 与 clientSecret，改好 setup.yaml 后重新运行 npx qintong apply -f setup.yaml。`
        : `在 ${places['wecom.corp-id']} 核对 corpId，在 ${places['wecom.secret']} 核对 secret，改好 setup.yaml 后重新运行 npx qintong apply -f setup.yaml。`,
  }),
  'platform.credentials-paused': (facts) => ({
    title: `${at(facts)}连续拒绝这组凭证，为避免服务器 IP 被平台封禁，已暂停尝试到 ${facts.until}`,
    hint: '改正密钥后重新运行 npx qintong apply -f setup.yaml，会立即重新尝试。',
  }),
  'platform.no-permission': (facts) => ({
    title: `${at(facts)}没有调用权限${said(facts)}`,
    hint: grant(facts),
  }),
  'platform.ip-not-trusted': (facts) => ({
    title: `${platformNames[facts.platform]}拒绝了来自 ${facts.ip || '本机出口 IP'} 的请求${said(facts)}`,
    hint: `在 ${places[facts.platform === 'dingtalk' ? 'dingtalk.ip-list' : 'wecom.trusted-ip']} 中加入 ${facts.ip || '本机的出口 IP'}，约一分钟后生效，随后自动继续。出口 IP 不固定时，用 HTTPS_PROXY 指定固定出口。`,
  }),
  'platform.out-of-calls': (facts) => ({
    title: `${platformNames[facts.platform]}本月的接口调用额度已用完（${facts.used}/${facts.quota}，连接 ${facts.connection}）`,
    hint: `额度在 ${facts.freeAgainAt} 恢复，届时自动继续，不会丢失打卡；等不及可在 ${places['dingtalk.quota']} 升级，并在 setup.yaml 改 edition。`,
  }),
  'platform.rate-limited': (facts) => ({
    title: `${at(facts)}暂时限制了调用频率${said(facts)}`,
    hint: `约 ${seconds(facts.waitMs)}后会放行，请稍后重新运行；若反复出现，请把 PACE 调小（如 0.5）。`,
  }),
  'platform.banned': (facts) => ({
    title: `${at(facts)}暂时封禁了本机的出口 IP${said(facts)}`,
    hint: `约 ${seconds(facts.waitMs)}后解封，期间不会再发出请求；请检查同一出口 IP 上是否有其他程序在大量调用。`,
  }),
  'platform.unreachable': (facts) => ({
    title: `连不上${platformNames[facts.platform]}的服务器 ${facts.host}（连接 ${facts.connection}）`,
    hint: '请检查网络、DNS、防火墙与 HTTPS_PROXY；专属云或沙箱请核对 setup.yaml 中的 endpoints。恢复后重新运行即可，已完成的不会重做。',
  }),
  'platform.too-late': (facts) => ({
    title: `${at(facts)}：这次写入等得太久，没有发出`,
    hint: '本机可能休眠过，或进程被暂停；打卡没有丢，会自动重新核对并写入。若反复出现，请检查本机负载，或把 LANE_LEASE 调大。',
  }),
  'platform.timeout': (facts) => ({
    title: `${at(facts)}在 ${seconds(facts.timeoutMs)}内没有应答`,
    hint: '请检查网络后重新运行；网络较慢时可把 TIMEOUT_MS 调大。写入结果不明的打卡会先核对再决定，不会重复。',
  }),
  'platform.broken-off': (facts) => ({
    title: `${at(facts)}的应答中途断开`,
    hint: '请检查网络后重新运行。写入结果不明的打卡会先核对再决定，不会重复。',
  }),
  'platform.busy': (facts) => ({
    title: `${at(facts)}系统繁忙${said(facts)}`,
    hint: '已按平台建议重试过，请过几分钟重新运行；没有打卡会丢失。',
  }),
  'platform.unreadable-answer': (facts) => ({
    title: `${at(facts)}的应答读不懂（HTTP ${facts.status}）：${facts.excerpt}`,
    hint: '多半是代理、防火墙或专属云地址不对：请核对 endpoints 与 HTTPS_PROXY；若仍出现，请把这段文字发给我们。',
  }),
  'platform.person-refused': (facts) => ({
    title: `${at(facts)}不认识或看不到这些成员：${facts.userIds.slice(0, 5).join('、')}${facts.userIds.length > 5 ? ` 等 ${facts.userIds.length} 人` : ''}${said(facts)}`,
    hint: `请确认他们在 ${places[facts.platform === 'dingtalk' ? 'dingtalk.contacts-scope' : 'wecom.visible-range']} 之内；其他人不受影响。`,
  }),
  'platform.time-not-taken': (facts) => ({
    title: `${at(facts)}不接受 ${facts.at} 的打卡`,
    hint: `只能写入 ${facts.oldest} 之后、且已经发生的打卡；这一条没有发出。更早的请在${platformNames[facts.platform]}后台人工补录。`,
  }),
  'platform.bad-request': (facts) => ({
    title: `${at(facts)}认为请求不合规${said(facts)}`,
    hint: '这通常是我们的缺陷：请把平台原话和请求编号发给我们。',
  }),
  'platform.app-disabled': (facts) => ({
    title: `${at(facts)}的应用或企业已停用${said(facts)}`,
    hint: `在 ${places[facts.platform === 'dingtalk' ? 'dingtalk.credentials' : 'wecom.secret']} 启用应用后重新运行。`,
  }),
  'platform.unknown-code': (facts) => ({
    title: `${at(facts)}返回了未见过的错误${said(facts)}`,
    hint: '请按平台原话在其开放平台文档中查找；把它发给我们，我们会补上说明。',
  }),
  'platform.too-large': (facts) => ({
    title: `${at(facts)}的一次应答太大${said(facts)}`,
    hint: '请缩小 --from 与 --to 的范围后重试。',
  }),
  'platform.clock-skew': (facts) => ({
    title: `本机时钟与${platformNames[facts.platform]}相差 ${Math.abs(facts.skewSeconds)} 秒（${facts.skewSeconds > 0 ? '本机偏慢' : '本机偏快'}）`,
    hint: '请校准本机时间（例如 timedatectl set-ntp true），然后重新运行。',
  }),
  'setup.invalid': ({ file, problems }) => ({
    title: `${file} 有 ${problems.length} 处需要修改，未做任何改动`,
    hint: '按每一行的说明改好后，重新运行 npx qintong apply。',
  }),
  'setup.unreadable': ({ file, reason }) => ({
    title: `读不了文件 ${file}：${reason}`,
    hint: '请检查路径与权限；文件必须是 UTF-8 编码的 YAML，例如 npx qintong apply -f setup.yaml。',
  }),
  'usage.invalid': ({ what, instead }) => ({ title: `用法不对：${what}`, hint: `请改为：${instead}` }),
  'store.in-use': ({ processes }) => ({
    title: `还有 ${processes.length} 个勤通进程在使用这个数据库`,
    hint: `先停止它们：${processes.join('、')}；再运行一次。`,
  }),
  'store.not-empty': ({ punches }) => ({
    title: `这个数据库里已有数据（${punches} 条打卡）`,
    hint: '要用备份替换它，请加 --replace：会先把现有数据另存到数据目录的 backups，再替换。',
  }),
  'backup.exists': ({ file }) => ({
    title: `文件已经在那里了：${file}`,
    hint: '换一个文件名；若它是上次中断留下的，先删除它。',
  }),
  'backup.not-written': ({ file, reason }) => ({
    title: `备份写不进 ${file}（${reason}）`,
    hint: '检查路径、权限与剩余空间，再运行一次。',
  }),
  'backup.unreadable': ({ file, because }) => ({
    title: {
      'not-a-backup': `${file} 不是勤通的备份`,
      'passphrase-needed': `${file} 是加密的备份，需要口令`,
      damaged: `${file} 已损坏，或口令不对`,
    }[because],
    hint:
      because === 'not-a-backup'
        ? '什么都没有改变。请换另一份备份再试。'
        : '什么都没有改变。请加 --passphrase-file，文件第一行是口令。serve 在设了 QINTONG_SECRET_KEY 时自动做的备份，口令就是当时这个变量的值：printenv QINTONG_SECRET_KEY > pass.txt。仍读不出来，请换另一份备份再试。',
  }),
  'usage.unknown-tenant': ({ tenant, known: names }) => ({
    title: `没有名为 ${tenant} 的租户`,
    hint: `${known(names)}用 npx qintong tenant add ${tenant} 新增。`,
  }),
  'usage.unknown-route': ({ route, known: names }) => ({
    title: `没有名为 ${route} 的路线`,
    hint: `${known(names)}路线在 setup.yaml 的 routes 中声明，再用 npx qintong apply -f setup.yaml 生效。`,
  }),
  'usage.unknown-subsidiary': ({ subsidiary, known: names }) => ({
    title: `没有名为 ${subsidiary} 的子公司`,
    hint: `${known(names)}子公司在 setup.yaml 的 subsidiaries 中声明，再用 npx qintong apply -f setup.yaml 生效。`,
  }),
  'usage.unknown-connection': ({ connection, known: names }) => ({
    title: `没有名为 ${connection} 的连接`,
    hint: `${known(names)}连接在 setup.yaml 的 connections 中声明，再用 npx qintong apply -f setup.yaml 生效。`,
  }),
  'usage.no-channels': () => ({
    title: '还没有设置告警渠道，没有可测试的',
    hint: '在 setup.yaml 加上 alarms 一节（企业微信或钉钉群机器人、邮件、Webhook），运行 npx qintong apply -f setup.yaml，再测试一次。',
  }),
  'usage.unknown-channel': ({ channel, known: names }) => ({
    title: `没有名为 ${channel} 的告警渠道`,
    hint: `${known(names)}告警渠道在 setup.yaml 的 alarms 中声明，再用 npx qintong apply -f setup.yaml 生效。`,
  }),
  'usage.unknown-account': ({ account }) => ({
    title: `找不到账号 ${account}`,
    hint: '账号写作 连接:userid，例如 hq-dingtalk:u001；用 npx qintong people 查看全部账号。',
  }),
  'usage.same-connection': ({ connection }) => ({
    title: `两个账号都在连接 ${connection} 里，不能是同一个人的关联`,
    hint: '请写两个不同连接的账号，例如 npx qintong link hq-dingtalk:u001 hq-wecom:zhangsan。同一个人在一处有两个账号时，请在该平台合并或删除一个。',
  }),
  'usage.no-suggestion': ({ account, candidates }) => ({
    title: candidates.length > 0 ? `${account} 的候选里没有这个账号` : `没有为 ${account} 建议任何账号`,
    hint:
      candidates.length > 0
        ? `候选是 ${candidates.join('、')}；确实是另一个账号时，用 npx qintong link。`
        : '知道是谁时，用 npx qintong link 两个账号；npx qintong people 列出待确认的人。',
  }),
  'usage.which-suggestion': ({ account, candidates }) => ({
    title: `${account} 有 ${candidates.length} 个候选，需要指明是哪一个`,
    hint: `写上其中一个：npx qintong confirm ${account} ${candidates[0]}；候选有 ${candidates.join('、')}。`,
  }),
  'usage.unknown-act': ({ act }) => ({
    title: `没有可以撤回的操作 ${act}`,
    hint: '它不存在，或已经撤回。编号见 npx qintong acts。',
  }),
  'usage.act-overtaken': ({ act, later }) => ({
    title:
      later.length > 0
        ? `操作 ${act} 之后，同样的账号又有操作 ${later.join('、')}，不能单独撤回它`
        : `操作 ${act} 留下的关联后来变了（通讯录变动或 setup.yaml），不能再撤回它`,
    hint:
      later.length > 0
        ? `请从最新的开始撤回：npx qintong undo ${later[0]}。`
        : '请用 npx qintong people 核对现状，再用 link 或 unlink 改正。',
  }),
  'usage.window-reversed': ({ from, to }) => ({
    title: `起始时间 ${from} 晚于结束时间 ${to}`,
    hint: '请让 --from 不晚于 --to，且不晚于现在，例如 --from 2026-11-01 --to 2026-11-07。',
  }),
  'usage.window-too-old': ({ from, oldest, platform }) => ({
    title: `${platformNames[platform]}不提供 ${from} 的打卡，最早只能到 ${oldest}`,
    hint: `请把起始时间改为 --from ${oldest} 或更晚。`,
  }),
  'usage.bad-date': ({ value }) => ({
    title: `看不懂时间 ${value}`,
    hint: '请写日期（2026-11-01，按北京时间）或带时区的时刻（2026-11-01T08:30:00+08:00）。',
  }),
  'usage.not-yet': ({ what }) => ({
    title: `暂不支持：${what}`,
    hint: '请改用其他取值；已有的命令见 npx qintong --help，其余在后续版本提供。',
  }),
  'usage.route-paused': ({ route }) => ({
    title: `路线 ${route} 已暂停`,
    hint: `运行 npx qintong resume ${route} 后再试。`,
  }),
  'sheet.unreadable': ({ file, problem }) => {
    const { title, hint } = sheetProblem(problem)
    return { title: `${file}：${title}`, hint }
  },
  'sheet.unwritable': ({ file, reason }) => ({
    title: `写不了文件 ${file}：${reason}`,
    hint: '请检查文件夹是否存在、有没有权限、磁盘是否已满；该文件正在表格软件里打开时，请先关闭。',
  }),
  'links.refused': ({ file, marked, rows, first }) => ({
    title: `${file} 有 ${rows} 行需要修改，未做任何改动`,
    hint: [
      ...first.map(({ line, problem }) => `第 ${line} 行：${links.entryProblem(problem)}`),
      `需要修改的行都标在 ${marked} 里，“${links.columns.problem}”一列写着原因；改好后运行 npx qintong links import ${marked}。`,
    ].join('\n'),
  }),
  'usage.nothing-set-up': () => ({
    title: '还没有任何配置',
    hint: '请先写好 setup.yaml 并运行 npx qintong apply -f setup.yaml；想先试用，运行 npm start。',
  }),
  'usage.unknown-import': ({ import: number }) => ({
    title: `没有可以撤回的导入 ${number}`,
    hint: '它不存在，或已经撤回。导入的编号由 npx qintong contacts 打印。',
  }),
  'contacts.not-believed': ({ connection, platform, doubt }) => ({
    title: `连接 ${connection} 这次读到的花名册没有采用：${doubtText(doubt)}`,
    hint: `没有任何人被标记为离开，已知的花名册保持不变。${doubt.code === 'undone' ? `改好之后会自动重新读取；仍要采用时，运行 npx qintong contacts ${connection} --accept。` : `多半是应用的可见范围变了：在 ${places[platform === 'dingtalk' ? 'dingtalk.contacts-scope' : 'wecom.visible-range']} 核对。确实如此时，运行 npx qintong contacts ${connection} --accept 采用它。`}`,
  }),
  'contacts.later-imports': ({ import: number, later }) => ({
    title: `导入 ${number} 之后还有导入 ${later.join('、')}，不能单独撤回它`,
    hint: `请从最新的开始撤回：npx qintong contacts --undo ${Math.max(...later)}。`,
  }),
  'contacts.already-written': ({ import: number, written }) => ({
    title: `导入 ${number} 带来的账号名下已经写出了打卡，不能撤回：${written
      .slice(0, 3)
      .map(({ account, at, targetUser }) => `${account} ${at} → ${targetUser}`)
      .join('；')}${written.length > 3 ? ` 等至少 ${written.length} 条` : ''}`,
    hint: '平台不提供删除。关联不对的人用 npx qintong unlink 取消关联；已经写出的打卡请在目标平台的管理后台更正。',
  }),
  'lane.busy': ({ route, holder, waitedSeconds }) => ({
    title: `路线 ${route} 正被另一个进程占用（${holder}），等了 ${waitedSeconds} 秒仍未轮到`,
    hint: '请等它结束后再试；对方若已卡死，租约到期后会自动释放。',
  }),
  'lane.lost': ({ connection }) => ({
    title: `连接 ${connection} 的通道已被另一个进程接管，本次运行停止写入`,
    hint: '数据没有问题；请重新运行，或让接管的进程继续。',
  }),
  'run.interrupted': ({ route }) => ({
    title: `路线 ${route} 的同步被中断，已完成的部分已保存`,
    hint: `重新运行 npx qintong sync --route ${route} 会从中断处继续，不会重复写入。`,
  }),
  'store.gone': ({ reason }) => ({
    title: `数据库连不上或中途断开：${reason}`,
    hint: '请检查数据库是否在运行、DATABASE_URL 是否正确、磁盘是否已满，然后重新运行；已提交的内容不会丢失。',
  }),
  'store.newer-schema': ({ schema, build }) => ({
    title: `数据库已被更新的版本升级（${schema}），本程序只认识到 ${build}`,
    hint: '请更新程序（git pull 后重新 npm start）；旧程序不会改动它。',
  }),
  'store.too-old-server': ({ version }) => ({
    title: `PostgreSQL 版本太旧（${version}）`,
    hint: '请使用 PostgreSQL 15 或更新版本，或去掉 DATABASE_URL 使用内置数据库。',
  }),
  'store.disk-full': ({ reason }) => ({
    title: `磁盘已满：${reason}`,
    hint: '请清理磁盘后重新运行；已提交的内容不会丢失。',
  }),
  'store.read-only': ({ reason }) => ({
    title: `数据库处于只读状态：${reason}`,
    hint: '请确认 DATABASE_URL 指向主库，且磁盘与权限正常。',
  }),
  'store.slow': ({ reason }) => ({
    title: `数据库没有按时应答：${reason}`,
    hint: '请检查数据库机器的负载、磁盘与网络，以及是否有人锁着表（pg_stat_activity）；已提交的内容不会丢失。',
  }),
  'store.no-embedded': ({ platform }) => ({
    title: `这个系统（${platform}）没有可用的内置数据库`,
    hint: '请重新安装依赖（npm start 会自动安装），或用 DATABASE_URL 指向一个 PostgreSQL 15 或更新的服务器。',
  }),
  'home.not-writable': ({ path, reason }) => ({
    title: `数据目录 ${path} 不可写：${reason}`,
    hint: '请修改该目录的权限，或用 QINTONG_HOME 指定另一个目录（绝对路径）。',
  }),
  'home.bad-key': ({ source }) => ({
    title: `加密密钥不可用：${source}`,
    hint: '请恢复原来的密钥（32 字节的 base64）；丢失密钥后，已保存的平台密钥无法解开，只能重新 apply。',
  }),
  'server.port-taken': ({ port, host }) => ({
    title: `端口 ${host}:${port} 已被占用`,
    hint: `请换一个端口（例如 --port ${port + 1}），或停止占用它的程序。`,
  }),
  'server.not-loopback': ({ host }) => ({
    title: `还没有登录功能，不能监听 ${host}`,
    hint: '请使用 --host 127.0.0.1，需要远程访问时在前面放一个带登录的反向代理。',
  }),
  internal: ({ reference }) => ({
    title: `程序内部出错（编号 ${reference}）`,
    hint: `详情已写入数据目录下 logs/qintong.log，请把该编号对应的内容发给我们；数据保持一致，可以重新运行。`,
  }),
}
