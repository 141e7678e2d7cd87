import type { FaultName } from '../fault-table.ts'

/** One position of a switch, as a button. Any other value can be typed. */
export type Position = { value: unknown; zh: string; en: string }

const at = (value: unknown, zh: string, en: string): Position => ({ value, zh, en })
const off = at(false, '关', 'off')
const on = at(true, '开', 'on')
const onOff = [off, on]
const shares = [at(0, '没有', 'none'), at(0.2, '五分之一', 'one in five'), at(1, '每一条', 'every event')]
const strikes = (more: Record<string, unknown> = {}): Position[] => [
  off,
  at({ ...more, next: 1 }, '下一次', 'next call'),
  at(
    Object.keys(more).length > 0 ? { ...more, probability: 0.2 } : 0.2,
    '五分之一的调用',
    'one call in five',
  ),
  at(Object.keys(more).length > 0 ? more : true, '每一次', 'every call'),
]
const writes = { api: 'add_checkin_record' }
const amended = (mode: string, zh: string, en: string) =>
  at({ probability: 0.3, delaySeconds: 600, mode }, zh, en)
const nobody = at([], '无', 'nobody')

/** The buttons of every switch, in groups as a person would look for them. */
export const positionGroups: {
  zh: string
  en: string
  switches: Partial<Record<FaultName, Position[]>>
}[] = [
  {
    zh: '调用出了事',
    en: 'Calls go wrong',
    switches: {
      answerLost: [
        off,
        at({ ...writes, next: 1 }, '下一次写入', 'next write'),
        at({ next: 1 }, '下一次', 'next call'),
        at(0.2, '五分之一的调用', 'one call in five'),
      ],
      effectLost: [
        off,
        at({ next: 1 }, '下一次写入', 'next write'),
        at(0.2, '五分之一的写入', 'one write in five'),
        at(true, '每次写入', 'every write'),
      ],
      busy: strikes(),
      http5xx: strikes(),
      slow: [
        off,
        at({ next: 1, ms: 3_000 }, '下一次，3 秒', 'next call, 3 s'),
        at({ ms: 3_000 }, '每一次，3 秒', 'every call, 3 s'),
        at({ next: 1, ms: 30_000 }, '下一次，30 秒', 'next call, 30 s'),
      ],
      tokenRevokedEarly: strikes(),
      htmlBan: [
        off,
        at({ next: 1, seconds: 60 }, '下一次，封 1 分钟', 'next call, for 1 min'),
        at({ next: 1, seconds: 60, shape: 'json' }, '同上，JSON 样子', 'the same, as JSON'),
      ],
      garbage: strikes(),
      globalThrottle: strikes(),
    },
  },
  {
    zh: '写入企业微信',
    en: 'Writing into WeCom',
    switches: {
      visibilityDelay: [
        at(0, '立即', 'at once'),
        at(8, '8 秒', '8 s'),
        at(60, '1 分钟', '1 min'),
        at({ min: 5, max: 90 }, '5 到 90 秒', '5 to 90 s'),
        at({ min: 60, max: 2_400 }, '1 到 40 分钟', '1 to 40 min'),
      ],
      duplicates: [
        at('ignore', '忽略', 'ignored'),
        at('store', '再存一条', 'stored again'),
        at('error', '报错', 'refused'),
      ],
      partial: [
        at('none', '全不存', 'nothing stored'),
        at('skipBad', '跳过坏的并报错', 'good ones stored, error'),
        at('skipSilently', '跳过坏的不报错', 'good ones stored, no error'),
        at('prefix', '存到坏的为止', 'those before it stored'),
      ],
      oldestWriteDays: [at(null, '不限', 'no limit'), at(31, '31 天', '31 days'), at(7, '7 天', '7 days')],
    },
  },
  {
    zh: '写入钉钉',
    en: 'Writing into DingTalk',
    switches: {
      uploadVisibilityDelay: [
        at(0, '立即', 'at once'),
        at(8, '8 秒', '8 s'),
        at(120, '2 分钟', '2 min'),
        at({ min: 0, max: 120 }, '0 到 120 秒', '0 to 120 s'),
      ],
      uploadDuplicates: [
        at('store', '再存一条', 'stored again'),
        at('merge', '并入', 'merged'),
        at('refuse', '拒绝', 'refused'),
      ],
      uploadUnknownUserid: [at('refuse', '拒绝', 'refused'), at('ignore', '答成功，不存', 'ignored')],
      uploadOutsideGroup: [
        at('accept', '接受', 'accepted'),
        at('refuse', '拒绝', 'refused'),
        at('ignore', '答成功，不存', 'ignored'),
      ],
      uploadOutsideHours: [at('plain', '普通打卡', 'ordinary'), at('void', '无效打卡', 'void')],
      uploadShownAs: [at('ATM', 'ATM', 'ATM'), at('DING_ATM', 'DING_ATM', 'DING_ATM')],
      writtenTexts: [at('kept', '还在', 'kept'), at('stripped', '都没了', 'gone')],
    },
  },
  {
    zh: '读到的内容',
    en: 'What reads show',
    switches: {
      latePunches: [
        off,
        at({ probability: 0.3, delaySeconds: 600 }, '三成，晚 10 分钟', '30 %, 10 min late'),
        at({ probability: 0.3, delaySeconds: 7_200 }, '三成，晚 2 小时', '30 %, 2 h late'),
      ],
      lateCheckins: [
        off,
        at({ probability: 0.3, delaySeconds: 600 }, '三成，晚 10 分钟', '30 %, 10 min late'),
        at({ probability: 0.3, delaySeconds: 7_200 }, '三成，晚 2 小时', '30 %, 2 h late'),
      ],
      amendedPunches: [
        off,
        amended('inPlace', '就地改', 'in place'),
        amended('newRow', '另起一行', 'as a new row'),
        amended('newId', '换编号', 'under a new id'),
        amended('approve', '审批', 'by approval'),
        amended('void', '作废', 'made void'),
      ],
      amendmentsIn: [
        at('punches', '打卡记录也改', 'the punch too'),
        at('results', '只改结果', 'the result alone'),
      ],
      shows: [at('all', '全部', 'all'), at('winners', '只有胜出的', 'winners only')],
      emitMissingRows: onOff,
      monthEndOvernightBug: [
        off,
        at('cutAtMidnight', '窗口从上月开始才有', 'in windows from before'),
        at(true, '总是读不到', 'never to be read'),
      ],
      approvedShape: [at('spNumber', 'sp_number', 'sp_number'), at('checkinType', '审批打卡', '审批打卡')],
      lowercaseUserids: onOff,
      notSignedRows: onOff,
      shuffledRows: onOff,
      rowsOutsideWindow: onOff,
      stringNumbers: onOff,
      unknownEnums: onOff,
      brokenRows: [nobody],
      checkDateToExclusive: onOff,
      punchIds: [at('corp', '企业内', 'in the corp'), at('person', '一人之内', 'in a person')],
      exactSevenDays: [at('accept', '接受', 'accepted'), at('refuse', '拒绝', 'refused')],
      equalTimes: [at('refuse', '拒绝', 'refused'), at('accept', '接受', 'accepted')],
      historyEdge: [at('empty', '空', 'empty'), at('850002', '850002', '850002')],
      leaverRows: [at('readable', '能读到', 'readable'), at('empty', '空', 'empty')],
    },
  },
  {
    zh: '人员、权限与额度',
    en: 'People, permissions, quota',
    switches: {
      unknownUserid: [at('error301021', '整体失败', 'the call fails'), at('drop', '忽略', 'ignored')],
      outOfScope: [at('drop', '忽略', 'ignored'), at('error301021', '整体失败', 'the call fails')],
      memberOutOfRange: [at({}, '无', 'nobody')],
      personRefused: [nobody],
      mobileHidden: [
        at({ dingtalk: false, wecom: false }, '两边都给', 'shown on both sides'),
        at({ dingtalk: false, wecom: true }, '企业微信不给', 'hidden in WeCom'),
        at({ dingtalk: true, wecom: true }, '两边都不给', 'hidden on both sides'),
      ],
      permissionMissing: [
        at({}, '不缺', 'none missing'),
        at({ dingtalk: ['qyapi_get_attendance_data'] }, '钉钉考勤', 'DingTalk attendance'),
        at({ wecom: ['checkin'] }, '企业微信打卡', 'WeCom check-in'),
        at({ wecom: ['contacts'] }, '企业微信通讯录', 'WeCom contacts'),
      ],
      ipNotTrusted: [
        at({}, '两边都信任', 'trusted'),
        at({ dingtalk: true }, '钉钉不信任', 'not by DingTalk'),
        at({ wecom: true }, '企业微信不信任', 'not by WeCom'),
      ],
      quotaExhausted: onOff,
      quotaGraceDays: [at(0, '没有', 'none'), at(2, '2 天', '2 days'), at(5, '5 天', '5 days')],
    },
  },
  {
    zh: '平台的脾气',
    en: 'The platforms’ manners',
    switches: {
      strictRequests: onOff,
      separateTokens: onOff,
      clockSkew: [
        at(0, '准', 'right'),
        at(120, '快 2 分钟', '2 min fast'),
        at(-120, '慢 2 分钟', '2 min slow'),
      ],
    },
  },
  {
    zh: '事件',
    en: 'Events',
    switches: {
      events: onOff,
      eventLoss: shares,
      eventDuplicates: shares,
      eventDelay: [
        at(0, '马上', 'at once'),
        at(300, '5 分钟', '5 min'),
        at({ min: 0, max: 600 }, '10 分钟以内', 'up to 10 min'),
      ],
      eventsShuffled: onOff,
      eventEnvelope: [at('new', '新信封', 'new envelope'), at('legacy', '旧信封', 'legacy envelope')],
    },
  },
  {
    zh: '钉钉 Stream',
    en: 'DingTalk’s Stream',
    switches: {
      streamDoor: [
        at('open', '正常', 'lets in'),
        at('refuses', '拒绝连接', 'refuses'),
        at('hangsUp', '接通就挂', 'hangs up'),
      ],
      streamSilence: [
        at('none', '不沉默', 'speaks'),
        at('mute', '什么也不推', 'mute'),
        at('dead', '心跳也不应', 'dead'),
      ],
      streamRubbish: [
        at(0, '没有', 'none'),
        at(0.2, '五分之一', 'one frame in five'),
        at(1, '每一帧', 'every frame'),
      ],
      streamDuplicates: [
        at(0, '没有', 'none'),
        at(0.02, '偶尔', 'now and then'),
        at(1, '每一条', 'every event'),
      ],
      streamLife: [
        at({ min: 3_600, max: 10_800 }, '1 到 3 小时', '1 to 3 h'),
        at({ min: 60, max: 120 }, '1 到 2 分钟', '1 to 2 min'),
      ],
      streamPing: [at(30, '30 秒', '30 s'), at(5, '5 秒', '5 s'), at(0, '不发', 'none')],
      streamEndpoint: [
        at(null, '沙箱自己', 'the sandbox'),
        at('ws://example.com/connect', '不安全的地址', 'an unsafe one'),
      ],
    },
  },
]
