import { z } from 'zod'
import { streamSwitches } from './dingtalk/stream-switches.ts'
import { uploadSwitches } from './dingtalk/upload-switches.ts'
import { eventSwitches } from './event-switches.ts'
import { pastSwitches } from './past-switches.ts'

/** A misfortune that strikes calls. `true` = every call, a number = that probability. */
const Strike = z.strictObject({
  probability: z.number().min(0).max(1).optional(),
  /** The next n matching calls, then never again. */
  next: z.int().min(0).optional(),
  /** Only this API: `listRecord`, `user/list`, `wecom/gettoken`, or a whole path. */
  api: z.string().min(1).optional(),
  platform: z.enum(['dingtalk', 'wecom']).optional(),
})
const strike = <S extends z.ZodRawShape>(more: S) =>
  z.union([z.literal(false), z.literal(true), z.number().min(0).max(1), Strike.extend(more)])
const eachSide = z.strictObject({ dingtalk: z.boolean().optional(), wecom: z.boolean().optional() })
const ids = z.array(z.string())
const seconds = z.number().min(0)

type Row = { schema: z.ZodType; default: unknown; zh: string; en: string }
const row = <S extends z.ZodType>(schema: S, initial: z.input<S>, zh: string, en: string) => ({
  schema,
  default: initial,
  zh,
  en,
})

/**
 * Every switch of the sandbox, in one table: what it accepts, how it starts, and what it does. `GET /_sandbox/faults`
 * shows it under `known`. Where the platform's real behaviour is unknown a switch has at least two positions.
 */
export const faultTable = {
  // — misfortunes: strike a share of the calls, or the next n
  answerLost: row(
    strike({}),
    false,
    '已生效，但应答在途中丢失（连接被重置）',
    'the effect happens, the answer is lost (connection reset)',
  ),
  effectLost: row(
    strike({}),
    false,
    '写入接口回答成功，实际什么也没存',
    'a write answers success and stores nothing',
  ),
  busy: row(
    strike({ after: z.boolean().optional() }),
    false,
    '系统繁忙 -1；after：先生效再报繁忙',
    'system busy, -1; after: once the effect has happened',
  ),
  http5xx: row(
    strike({ status: z.int().min(500).max(599).optional(), after: z.boolean().optional() }),
    false,
    'HTTP 5xx；after：先生效再报错',
    'an HTTP 5xx; after: once the effect has happened',
  ),
  slow: row(
    strike({ ms: z.int().min(0), effect: z.enum(['before', 'after']).optional() }).refine(
      (v) => typeof v === 'object' || v === false,
      'slow needs {"ms": n}',
    ),
    false,
    '应答延迟 ms 毫秒；effect=after：效果也推迟到那时',
    'the answer takes ms; effect=after: so does what was stored',
  ),
  tokenRevokedEarly: row(strike({}), false, '令牌提前失效', 'the token used is revoked before its time'),
  htmlBan: row(
    strike({ seconds: seconds.optional(), shape: z.enum(['html', 'json']).optional() }),
    false,
    'IP 被封：HTML 页面或 status 1111；seconds 默认 300',
    'the address is banned: an HTML page or status 1111; seconds, 300 by default',
  ),
  garbage: row(strike({}), false, '已生效，但应答不是 JSON', 'the effect happens, the answer is not JSON'),
  globalThrottle: row(
    strike({}),
    false,
    '钉钉 90002：所有应用调用该接口过多',
    'DingTalk 90002: all customers together call this API too often',
  ),
  // — writing into WeCom
  visibilityDelay: row(
    z.union([seconds, z.strictObject({ min: seconds, max: seconds })]),
    0,
    '写入多少秒后才可读到；{min,max} 为随机',
    'seconds until a stored record can be read; {min,max}: random',
  ),
  duplicates: row(
    z.enum(['ignore', 'store', 'error']),
    'ignore',
    '同人同秒重复写入：忽略、再存一条、报错',
    'the same person and second again: ignored, stored again, refused',
  ),
  partial: row(
    z.enum(['none', 'skipBad', 'skipSilently', 'prefix']),
    'none',
    '批内有坏记录：全不存、跳过坏的并报错、跳过坏的不报错、存到坏的为止并报错',
    'a bad record in a batch: nothing stored, the good ones stored and an error, the same without an error, those before it and an error',
  ),
  oldestWriteDays: row(
    z.union([z.null(), z.int().min(0)]),
    null,
    '早于多少天的写入被拒（301083），null 不限',
    'writes older than this many days are refused (301083), null: none',
  ),
  // — what reads show
  shows: row(
    z.enum(['all', 'winners']),
    'all',
    '企业微信打卡记录：全部，或只有每个时段胜出的',
    'WeCom shows all punches, or only the one that counts for its slot',
  ),
  emitMissingRows: row(
    z.boolean(),
    true,
    '企业微信对缺卡时段给出“未打卡”行',
    'WeCom gives a 未打卡 row for each missed slot',
  ),
  monthEndOvernightBug: row(
    z.union([z.boolean(), z.literal('cutAtMidnight')]),
    false,
    '月末夜班次月凌晨的打卡：总是读不到，或时间窗从上月开始才读得到（cutAtMidnight）',
    'a night shift’s punch after midnight on the 1st: never to be read, or only in a window that began in the month before (cutAtMidnight)',
  ),
  approvedShape: row(
    z.enum(['spNumber', 'checkinType']),
    'spNumber',
    '审批打卡的样子：带 sp_number，或 checkin_type 为审批打卡',
    'an approved slot: has sp_number, or its checkin_type says 审批打卡',
  ),
  lowercaseUserids: row(
    z.boolean(),
    false,
    '企业微信回显的 userid 全小写',
    'WeCom echoes user ids in lower case',
  ),
  notSignedRows: row(
    z.boolean(),
    false,
    '钉钉打卡详情里也出现 NotSigned/SYSTEM 行',
    'listRecord also shows NotSigned/SYSTEM rows',
  ),
  ...pastSwitches,
  shuffledRows: row(z.boolean(), true, '行的顺序打乱', 'rows come in any order'),
  rowsOutsideWindow: row(
    z.boolean(),
    false,
    '夹带没有要的行（别的时间、别的人）',
    'rows that were not asked for come along (other times, other people)',
  ),
  stringNumbers: row(z.boolean(), false, '数字都加引号', 'every number comes in quotes'),
  unknownEnums: row(z.boolean(), false, '出现没见过的枚举值', 'enum values never seen before'),
  checkDateToExclusive: row(
    z.boolean(),
    false,
    '钉钉 checkDateTo 不含本秒',
    'DingTalk’s checkDateTo is exclusive',
  ),
  punchIds: row(
    z.enum(['corp', 'person']),
    'corp',
    '钉钉打卡 id：在企业内唯一，或只在一个人之内唯一',
    'a DingTalk punch id is one within the corp, or within a person alone',
  ),
  exactSevenDays: row(
    z.enum(['accept', 'refuse']),
    'accept',
    '起止恰好差 7 天：接受或 41041',
    'a span of exactly 7 days: accepted, or 41041',
  ),
  equalTimes: row(
    z.enum(['refuse', 'accept']),
    'refuse',
    '企业微信起止时间相同：301024 或接受',
    'starttime equal to endtime: 301024, or accepted',
  ),
  historyEdge: row(
    z.enum(['empty', '850002']),
    'empty',
    '超过 180 天：空或 850002',
    'older than 180 days: empty, or 850002',
  ),
  leaverRows: row(
    z.enum(['readable', 'empty']),
    'readable',
    '离职者的打卡能否按 userid 读到',
    'whether a leaver’s punches can be read by user id',
  ),
  // — people and permissions
  unknownUserid: row(
    z.enum(['error301021', 'drop']),
    'error301021',
    '企业微信读打卡遇到未知 userid：整体失败或忽略',
    'an unknown user id in getcheckindata: the call fails, or it is ignored',
  ),
  outOfScope: row(
    z.enum(['drop', 'error301021']),
    'drop',
    '可见范围外的成员：忽略或整体失败',
    'a member outside the visible range: ignored, or the call fails',
  ),
  memberOutOfRange: row(
    z.strictObject({ dingtalk: ids.optional(), wecom: ids.optional() }),
    {},
    '这些 userid 不在应用可见范围',
    'these user ids are outside the app’s range',
  ),
  personRefused: row(
    ids,
    [],
    '钉钉对这些 userid 拒绝回答打卡，整个调用失败（33012）',
    'DingTalk refuses to answer for these user ids: the whole call fails (33012)',
  ),
  brokenRows: row(
    ids,
    [],
    '钉钉给这些 userid 的打卡行里，时间读不出来',
    'in DingTalk’s rows of these user ids the time cannot be read',
  ),
  mobileHidden: row(
    eachSide,
    { dingtalk: false, wecom: true },
    '通讯录不给手机号',
    'contacts do not show mobile numbers',
  ),
  permissionMissing: row(
    z.strictObject({ dingtalk: ids.optional(), wecom: z.array(z.enum(['checkin', 'contacts'])).optional() }),
    {},
    '缺少权限：钉钉权限点；企业微信 checkin（48002）、contacts（60011）',
    'missing permissions: DingTalk scopes; WeCom checkin (48002), contacts (60011)',
  ),
  ipNotTrusted: row(eachSide, {}, 'IP 不在白名单（60020）', 'the address is not trusted (60020)'),
  quotaExhausted: row(
    z.boolean(),
    false,
    '钉钉本月调用量已用完（90020）',
    'DingTalk’s monthly calls are used up (90020)',
  ),
  quotaGraceDays: row(
    z.int().min(0).max(5),
    0,
    '用完后的宽限天数',
    'days of grace once the monthly calls are used up',
  ),
  // — the manner of the platforms
  strictRequests: row(z.boolean(), true, '请求里有未知字段就拒绝', 'unknown fields in a request are refused'),
  separateTokens: row(
    z.boolean(),
    false,
    '钉钉新旧令牌不通用',
    'DingTalk’s two token generations are not interchangeable',
  ),
  clockSkew: row(z.number(), 0, 'Date 头偏差秒数', 'seconds the Date header is off'),
  // — writing into DingTalk
  ...uploadSwitches,
  // — events
  ...eventSwitches,
  // — the Stream
  ...streamSwitches,
} satisfies Record<string, Row>

/** The name of a switch. */
export type FaultName = keyof typeof faultTable
/** What each switch holds after validation. */
export type FaultValues = { [N in FaultName]: z.output<(typeof faultTable)[N]['schema']> }
/** Switches that strike single calls. */
export type StrikeName =
  | 'answerLost'
  | 'effectLost'
  | 'busy'
  | 'http5xx'
  | 'slow'
  | 'tokenRevokedEarly'
  | 'htmlBan'
  | 'garbage'
  | 'globalThrottle'
