import { platformNames } from './failures.ts'

const platform = (name: string) => (platformNames as Record<string, string>)[name] ?? name

/** What the commands answer, in sentences. Times arrive already written out. */
export const reports = {
  platform,
  none: '无',
  yes: '是',
  no: '否',
  next: '下一步',
  listSeparator: '、',
  apply: {
    created: (count: number) => `新增 ${count} 项`,
    changed: (count: number) => `修改 ${count} 项`,
    unchanged: (count: number) => `未变 ${count} 项`,
    notInFile: (count: number) => `不在文件中、保持原样 ${count} 项`,
    ended: (count: number) =>
      `${count} 条关联没有恢复：其中的 userid 已归另一个人（确认无误再用 npx qintong link）`,
    dryRun: '这是预演，没有做任何改动。',
    nextCheck: '运行 npx qintong check 检查连接是否就绪。',
    nextApply: '去掉 --dry-run 让它生效。',
  },
  check: {
    ok: '可以使用',
    notOk: '还不能使用',
    where: '在哪里',
    nextFix: '处理标有 ✗ 的项目后再运行一次 npx qintong check。',
    nextPlan: '运行 npx qintong plan --route <路线> 预演一次同步。',
    nothing: '还没有任何连接。',
  },
  window: (route: string, from: string, to: string) => `路线 ${route}，时间窗 ${from} 至 ${to}`,
  people: {
    counts: (linked: number, suggested: number, conflicting: number, unmatched: number) =>
      `人员：已关联 ${linked}，待确认 ${suggested}，有冲突 ${conflicting}，未匹配 ${unmatched}`,
    heads: ['姓名', '状态', '账号', '依据', '可能是', '把握', '怎样会改变'],
    nobody: '还没有人员：先运行一次 npx qintong sync --route <路线>。',
    nextLink:
      '用 npx qintong confirm 连接:userid 接受建议，用 npx qintong link 甲 乙 自己指明；人多时用 npx qintong links export 对应表.xlsx。他们的打卡随即送出。',
    noSuggestion:
      '知道谁是谁时用 npx qintong link 甲 乙 指明；人多时用 npx qintong links export 对应表.xlsx。',
    allLinked: '所有人都已关联。',
    elsewhere: '（在其他子公司也有账号）',
  },
  identity: {
    heads: ['状态', '账号', '把握', '权重', '依据', '怎样会改变'],
    counts: (linked: number, suggested: number, conflicting: number, unmatched: number) =>
      `账号：已关联 ${linked}，待确认 ${suggested}，有冲突 ${conflicting}，未匹配 ${unmatched}`,
    more: (count: number) => `……另有 ${count} 对，用 --json 查看全部`,
    done: (accounts: number, badLines: number, took: string) =>
      `共 ${accounts} 个账号，${badLines} 行读不懂，用时 ${took}。`,
    unreadable: (file: string, reason: string) => `读不了文件 ${file}：${reason}`,
    badLine: (line: number, problem: string) => `第 ${line} 行跳过：${problem}`,
    moreBadLines: (count: number) => `……另有 ${count} 行跳过`,
    problems: {
      'not-json': '不是 JSON',
      'not-an-object': '不是 JSON 对象',
      'no-connection': '缺少 connection（连接的编号）',
      'no-user-id': '缺少 userId（账号）',
      duplicate: '与前面某行完全相同',
    } as Record<string, string>,
  },
  punches: {
    read: (read: number, fresh: number, unchanged: number, revised: number) =>
      `读到 ${read} 条打卡：新 ${fresh}，未变 ${unchanged}，有更正 ${revised}`,
    skipped: (parts: string) => `不传递：${parts}`,
    skippedNames: {
      void: '无效',
      echo: '回流',
      merged: '同秒合并',
      tooOld: '太早',
      future: '未到时间',
      gone: '来源已撤',
    } as Record<string, string>,
    heads: ['时间', '姓名', '账号', '无效', '地点', '送达'],
    none: '这段时间没有打卡。',
    total: (count: number) => `共 ${count} 条。`,
  },
  deliveries: {
    planned: (planned: number) => `需要写入 ${planned} 条`,
    written: (written: number) => `本次写入 ${written} 条`,
    nothingWritten: '没有需要写入的内容，未向任何平台写入',
    outcome: (verified: number, alreadyThere: number, held: number, refused: number, inDoubt: number) =>
      `结果：已核对 ${verified}，原已存在 ${alreadyThere}，待关联 ${held}，被拒 ${refused}，存疑 ${inDoubt}`,
    heldNames: {
      unlinked: '未关联',
      suggested: '待确认',
      conflicting: '有冲突',
      approvedSlot: '已由审批填补',
      voidThere: '同一秒在对方是无效打卡',
      amended: '送达后又被更正，需在企业微信手工处理',
      waiting: '待写入',
      outOfCalls: '等钉钉调用额度',
      braked: '路线已自动刹住',
    } as Record<string, string>,
    heldBecause: (parts: string) => `待关联的原因：${parts}`,
    inDoubtBecause: (parts: string) => `存疑的原因：${parts}`,
  },
  calls: {
    used: (text: string) => `平台调用：${text}`,
    least: (text: string) => `最少可能：${text}`,
    expected: (text: string) => `预计调用：${text}`,
    spent: (text: string) => `本次预演用了：${text}`,
    quota: (connection: string, used: number, quota: number) =>
      `${connection} 本月已用计费调用 ${used}/${quota}`,
    outlook: (expected: number) => `，按计划到月底共 ${expected}`,
    events: (used: number, quota: number) => `；事件推送 ${used}/${quota}`,
    timesLeast: (times: string, least: number) => `，是可证明最少 ${least} 次的 ${times} 倍`,
    heads: ['时间', '连接', '接口', '毫秒', '结果', '平台代码', '计费'],
    none: '还没有调用记录。',
    noneFailed: '没有失败的调用。',
  },
  took: (text: string) => `用时 ${text}`,
  willTake: (text: string) => `预计用时 ${text}（不含等待平台显示）`,
  sync: {
    done: '全部完成并核对。',
    nextHeld: (route: string) =>
      `有打卡在等身份关联：运行 npx qintong people --route ${route} 查看，用 confirm 或 link 确认；人多时用 npx qintong links export。`,
    nextDoubt: (route: string) =>
      `有打卡尚未核对到：稍后再运行 npx qintong sync --route ${route}，会先核对再决定，不会重复写入。`,
    nextRefused: '有打卡被平台拒绝：运行 npx qintong calls --failed 查看原因。',
    nextOutOfCalls: (route: string) =>
      `有打卡因钉钉本月调用额度不足暂未写入：都已保留，额度恢复后自动写入；运行 npx qintong plan --route ${route} 看升级、缩小范围、改为单向各要多少。`,
    nextBraked: (route: string) =>
      `这条路线写入的条数远多于真实打卡，写入已自动停下（读取照常）：查明原因后运行 npx qintong resume ${route}。`,
  },
  plan: {
    heads: ['姓名', 'userid', '状态', '将写入', '待关联'],
    more: (count: number) => `……另有 ${count} 人，用 --json 查看全部`,
    next: (route: string) => `运行 npx qintong sync --route ${route} 执行。`,
    writing: {
      window: (records: number, calls: number, allowed: number) =>
        `写入钉钉 ${records} 条，每条一次计费调用，连同写前写后的核对共 ${calls} 次；额度现在允许写 ${allowed} 条`,
      month: (calls: number, perMonth: number, left: number) =>
        `照此写入到月底还需 ${calls} 次，整月约 ${perMonth} 次；除去每日读取，本月可用于写入 ${left} 次`,
      enough: '写入在额度之内，不另收费。',
      tooDear: (day: string) =>
        `额度不够：照此到 ${day} 用完。超出的不写入，留在本机等下月，不会丢失。可以选择：`,
      nextMonth: (from: string) => `从 ${from} 起额度够用，届时自动补写`,
      narrowScope: (people: number) => `缩小范围：在 setup.yaml 的 scope 里至多留 ${people} 人`,
      oneWay: '改为单向 direction: dingtalk-to-wecom：写入企业微信不计费',
    },
  },
  route: {
    paused: (route: string) => `路线 ${route} 已暂停；读取与写入都停止，数据保留。`,
    resumed: (route: string) => `路线 ${route} 已恢复。`,
    released: (route: string) => `路线 ${route} 的自动刹车已松开，等着的打卡随后写入。`,
    alreadyPaused: (route: string) => `路线 ${route} 本来就是暂停的。`,
    alreadyRunning: (route: string) => `路线 ${route} 本来就在运行。`,
    resent: (route: string, count: number) =>
      count > 0
        ? `路线 ${route} 有 ${count} 条打卡将在下一次同步先核对、再写入。`
        : `路线 ${route} 没有需要重送的打卡。`,
  },
  links: {
    exported: (file: string, rows: number, open: number) =>
      `已导出 ${rows} 行到 ${file}，其中 ${open} 行等人决定。`,
    cleaning: (count: number) => (count > 0 ? `清洗清单有 ${count} 项。` : '清洗清单是空的。'),
    kept: (file: string) => `原来的文件改名为 ${file}。`,
    tooLong: (most: number) =>
      `注意：行数超过 links import 一次能读回的（约 ${most} 行），这个文件改好后会被拒绝。`,
    inParts: '请按路线分开导出，或用 --subsidiary <子公司> 按子公司导出：',
    part: (file: string, route: string, rows: number) =>
      `npx qintong links export ${file} --route ${route}（${rows} 行）`,
    onlyOpen: '导入前请只保留要决定的行（排在最前面），删去其余各行：没有列出的人保持不变。',
    nextEdit: (file: string) => `在“决定”一列填写后，运行 npx qintong links import ${file}。`,
    rowHeads: ['行', '决定', '路线', '钉钉账号', '企业微信账号', '备注'],
    moreRows: (count: number) => `……另有 ${count} 行，用 --json 查看全部`,
    imported: (linked: number, unlinked: number, unchanged: number, ignored: number) =>
      `新关联 ${linked} 行，取消或不关联 ${unlinked} 行，本来就是如此 ${unchanged} 行，没有决定 ${ignored} 行。`,
    dryRun: '这是预演，没有做任何改动。',
    nextImport: (file: string) => `去掉 --dry-run 让它生效：npx qintong links import ${file}。`,
    marked: (file: string) => `已写出标好的文件 ${file}`,
    nextSync: '运行 npx qintong sync --route <路线>，等待的打卡随即送出。',
    nothing: '没有需要改变的。',
  },
  link: {
    made: (a: string, b: string) => `已关联 ${a} 与 ${b}。`,
    same: (a: string, b: string) => `${a} 与 ${b} 本来就是关联的。`,
    displaced: (account: string) => `注意：${account} 原来关联着这个账号，现在没有了；其打卡会等待新的关联。`,
    released: (count: number) => `${count} 条等待的打卡将在下一次同步送出。`,
    removed: (account: string, from: string) =>
      from === '' ? `${account} 没有关联。` : `已取消 ${account} 与 ${from} 的关联，之后不会自动关联回去。`,
    apartAlready: (a: string, b: string) => `没有任何改变：${a} 与 ${b} 本来就不是同一个人。`,
    split: (a: string, b: string) => `${a} 与 ${b} 不是同一个人，之后不会自动关联。`,
    nextSync: (route: string) => `运行 npx qintong sync --route ${route} 立即送出。`,
    nextPeople: '运行 npx qintong people 查看现在的身份关系。',
  },
  tenant: {
    heads: ['租户', '名称'],
    added: (key: string, name: string) => `已新增租户 ${key}（${name}）`,
    renamed: (key: string, name: string) => `租户 ${key} 现在叫 ${name}`,
    next: (key: string) =>
      `用 npx qintong --tenant ${key} apply -f setup.yaml 写入它的连接与路线；正在运行的 serve 重启后才会接收它的事件与告警。`,
  },
  keys: {
    done: (count: number, file: string) => `已用新密钥重新封存 ${count} 处机密，新密钥在 ${file}`,
    nextFile: '旧密钥留在旁边，名为 secret.key.before；确认一切正常后删除它，并重新备份。',
    nextVariable: (file: string) =>
      `把环境变量 QINTONG_SECRET_KEY 改成 ${file} 里的内容再启动，然后删除该文件，并重新备份。`,
  },
  backup: {
    written: (file: string, tables: number, rows: number, bytes: number) =>
      `已备份到 ${file}：${tables} 张表，${rows} 行，${bytes} 字节，已读回核对`,
    restored: (file: string, at: string, rows: number) =>
      `已从 ${file}（${at} 的备份）恢复 ${rows} 行，已核对`,
    checked: (file: string, at: string, tables: number, rows: number, schema: string) =>
      `${file} 完整可用：${at} 的备份，${tables} 张表，${rows} 行，结构 ${schema}`,
    migrated: (count: number) => `备份来自较早的版本，已升级 ${count} 步`,
    keys: {
      same: '密钥与备份里的相同',
      adopted: '数据目录现在使用备份里的密钥；原来的密钥留在旁边，名为 secret.key.before',
      resealed: '机密已用 QINTONG_SECRET_KEY 重新封存',
    },
    writesFrom: (at: string) =>
      `${at} 之后才会向平台写入：备份之后写过的打卡要先看得见，才不会写两次。读取不受影响。`,
    before: (file: string) => `原来的数据另存在 ${file}`,
    nextSealed: '把口令与备份分开保存。',
    nextOpen: '这个文件里有密钥，拿到它就能读出全部机密：请放在安全的地方，或用 --passphrase-file 加密。',
    nextCheck: '运行 npx qintong status 查看，再运行 npx qintong check 检查连接。',
  },
  simulate: {
    told: (seeds: number, days: number, took: string) =>
      `推演了 ${seeds} 个种子，每个 ${days} 天，用时 ${took}`,
    counts: (wakes: number, kills: number, punches: number, written: number) =>
      `唤醒 ${wakes} 次，中断 ${kills} 次；打卡 ${punches} 条，写入平台 ${written} 条`,
    pace: (days: number) => `每分钟推演 ${days} 个虚拟日`,
    hash: (hash: string) => `哈希 ${hash}（同样的种子与代码，结果相同）`,
    held: '所有不变量都成立',
    broken: (count: number) => `有 ${count} 个种子违反了不变量：`,
    seed: (seed: number) => `种子 ${seed}`,
    story: '  仍会违反的最短经过：',
  },
  runs: {
    heads: ['编号', '路线', '状态', '时间窗', '开始', '用时', '已核对', '待处理'],
    none: '还没有同步过。',
    states: {
      queued: '排队',
      running: '进行中',
      done: '完成',
      failed: '失败',
      withdrawn: '已撤回',
    } as Record<string, string>,
  },
  status: {
    nothing: '还没有路线：先运行 npx qintong apply -f setup.yaml。',
    complete: (route: string, to: string, have: number, all: number) =>
      `路线 ${route}：完整到 ${to}，${have}/${all} 人`,
    never: (route: string) => `路线 ${route}：还没有同步过`,
    way: (from: string, to: string) => `从 ${from} 到 ${to}：`,
    neverThisWay: '还没有读过',
    completeThisWay: (to: string, have: number, all: number) => `完整到 ${to}，${have}/${all} 人`,
    standsStill: (why: string, retryAt: string) => `停着：${why}，${retryAt} 再试`,
    readGap: (route: string, day: string) =>
      `运行 npx qintong sync --route ${route} --from ${day} 补上没有读到的几天。`,
    paused: '（已暂停）',
    braked: (since: string, writes: number, punches: number) =>
      `自 ${since} 起停止写入：${punches} 次真实打卡却写了 ${writes} 条；读取照常。`,
    waiting: (held: number, refused: number, inDoubt: number) =>
      `等人处理：待关联 ${held}，被拒 ${refused}，存疑 ${inDoubt}`,
    allClear: '没有需要人处理的事。',
    where: (version: string, home: string, database: string) =>
      `勤通 ${version}，数据目录 ${home}，数据库 ${database === 'embedded' ? '内置' : '外部'}`,
  },
  serve: {
    ready: (url: string) => `勤通已启动：${url}`,
    signIn: '目前只允许本机访问，无需登录。',
    worker: '工作进程已启动。',
    stop: '按 Ctrl-C 停止，数据会保留。',
    stopped: '已停止。',
    alreadyRunning: (url: string) => `勤通已在运行：${url}`,
  },
  demo: {
    starting: '正在准备示例公司与沙箱……',
    sandbox: (dingtalk: string, wecom: string) => `沙箱：钉钉 ${dingtalk}，企业微信 ${wecom}`,
    firstSync: '正在做第一次同步……',
    firstSyncFailed: '第一次同步没有完成，服务会按计划继续：',
    home: (path: string) => `数据保存在 ${path}`,
  },
  sandbox: {
    ready: (dingtalk: string, wecom: string) => `沙箱已启动：钉钉 ${dingtalk}，企业微信 ${wecom}`,
    setup: '把下面的内容存为 setup.yaml，再运行 npx qintong apply -f setup.yaml：',
    page: (url: string) => `在浏览器里看两个平台、制造故障：${url}/_sandbox/`,
    switches: (url: string) => `故障开关：${url}/_sandbox/faults；世界状态：${url}/_sandbox/world`,
  },
}
