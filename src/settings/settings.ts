import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.ts'

type Setting<T> = {
  /** The environment variable. */
  variable: string
  type: z.ZodType<T>
  /** What a right value looks like: shown when a wrong one is refused. */
  example: string
  zh: string
  en: string
  /** Its value is never shown. */
  isSecret: boolean
}

const setting = <T>(
  variable: string,
  type: z.ZodType<T>,
  example: string,
  zh: string,
  en: string,
): Setting<T> => ({
  variable,
  type,
  example,
  zh,
  en,
  isSecret: false,
})
const secret = <T>(...parts: Parameters<typeof setting<T>>): Setting<T> => ({
  ...setting<T>(...parts),
  isSecret: true,
})

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const days = (least: number, usual: number) => z.coerce.number().int().min(least).max(36_500).default(usual)
const duration = (usual: string, least = '0s', most = '366d') =>
  z
    .string()
    .default(usual)
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== null && ms >= parseDuration(least)! && ms <= parseDuration(most)!) return ms
      context.addIssue({ code: 'custom', message: 'duration' })
      return z.NEVER
    })
const url = (schemes: RegExp) => z.string().refine((text) => schemes.test(text) && URL.canParse(text))

/** Every setting of the product. The environment, --help and the docs read from here and nowhere else. */
export const settingsTable = {
  home: setting(
    'QINTONG_HOME',
    z
      .string()
      .default(resolve(checkout, 'data'))
      .transform((path) => (path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path))
      .refine(isAbsolute),
    '/srv/qintong',
    '存放全部数据、密钥与日志的目录（绝对路径）；默认是本仓库下的 data，与当前目录无关',
    'Folder of all data, keys and logs (an absolute path); by default data in this checkout, never the current folder',
  ),
  databaseUrl: secret(
    'DATABASE_URL',
    url(/^postgres(ql)?:\/\//).optional(),
    'postgres://user:password@host:5432/qintong',
    'PostgreSQL ≥ 15 的地址；不设则使用内置数据库',
    'Address of a PostgreSQL ≥ 15; absent: the embedded server',
  ),
  secretKey: secret(
    'QINTONG_SECRET_KEY',
    z
      .string()
      .refine((text) => /^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim()))
      .optional(),
    '$(openssl rand -base64 32)',
    '加密密钥（32 字节，base64）；不设则在数据目录中生成，权限 0600',
    'Sealing key (32 bytes, base64); absent: generated into the home, mode 0600',
  ),
  publicUrl: setting(
    'QINTONG_PUBLIC_URL',
    url(/^https?:\/\//).optional(),
    'https://kaoqin.example.com',
    '员工与平台访问本服务的地址（回调、消息里的链接）',
    'The address people and platforms reach this service at (callbacks, links in messages)',
  ),
  httpsProxy: secret(
    'HTTPS_PROXY',
    url(/^https?:\/\//).optional(),
    'http://10.0.0.2:3128',
    '访问平台时经过的代理：让出口 IP 固定，便于填写可信 IP',
    'Proxy on the way to the platforms: a fixed egress address for their trusted-IP lists',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'info',
    '日志级别：debug、info、warn、error、silent',
    'Log level: debug, info, warn, error, silent',
  ),
  host: setting(
    'QINTONG_HOST',
    z.string().min(1).default('127.0.0.1'),
    '127.0.0.1',
    '网页监听的地址',
    'Host of the web pages',
  ),
  port: setting(
    'QINTONG_PORT',
    z.coerce.number().int().min(0).max(65_535).default(3000),
    '3000',
    '网页监听的端口；0 表示任意空闲端口',
    'Port of the web pages; 0: whichever is free',
  ),
  workerPort: setting(
    'WORKER_PORT',
    z.coerce.number().int().min(0).max(65_535).optional(),
    '9464',
    'serve --role worker 在 127.0.0.1 的这个端口上提供 /metrics、/healthz、/readyz 与状态页；不设则不监听任何端口',
    'Port of 127.0.0.1 on which serve --role worker has /metrics, /healthz, /readyz and the status page; absent: it listens on none',
  ),
  callLogDays: setting(
    'CALL_LOG_DAYS',
    days(7, 180),
    '180',
    '接口调用日志保留的天数',
    'Days the call log is kept',
  ),
  rawDays: setting(
    'RAW_DAYS',
    days(1, 90),
    '90',
    '平台原始应答保留的天数',
    'Days the raw answers of the platforms are kept',
  ),
  runHistoryDays: setting(
    'RUN_HISTORY_DAYS',
    days(1, 400),
    '400',
    '同步批次历史保留的天数',
    'Days the history of runs is kept',
  ),
  eventDays: setting(
    'EVENT_DAYS',
    days(1, 30),
    '30',
    '平台事件保留的天数',
    'Days the events of the platforms are kept',
  ),
  backupEveryHours: setting(
    'BACKUP_EVERY_HOURS',
    z.coerce.number().int().min(0).max(720).default(24),
    '24',
    'serve 每隔几小时自动备份一次到数据目录下的 backups（首次立即备份，此后以北京时间 03:17 为基准）；0 表示不备份。设了 QINTONG_SECRET_KEY 时，它就是这些备份的口令',
    'Hours between the backups that serve makes into backups of the home (the first at once, then counted from 03:17 Beijing time); 0: none. With QINTONG_SECRET_KEY set, that key is their passphrase',
  ),
  backupKeep: setting(
    'BACKUP_KEEP',
    z.coerce.number().int().min(1).max(1_000).default(7),
    '7',
    '保留几份自动备份；新的一份校验通过后才删除最旧的',
    'Scheduled backups that are kept; the oldest goes only after a newer one is verified',
  ),
  streamConnections: setting(
    'STREAM_CONNECTIONS',
    z.coerce.number().int().min(1).max(8).default(2),
    '2',
    '每个钉钉连接同时保持几条 Stream 长连接（一条断开重连时另一条照常收事件）',
    'Stream sockets held for each DingTalk connection (while one reconnects the other goes on receiving)',
  ),
  callbackMaxAgeMs: setting(
    'CALLBACK_MAX_AGE',
    duration('15m', '10m', '24h'),
    '15m',
    '企业微信回调的时间戳与本机时钟最多相差多久（至少 10m）',
    'How far the stamp of a WeCom callback may be from our clock (at least 10m)',
  ),
  domainProofs: setting(
    'WW_VERIFY',
    z
      .string()
      .default('')
      .transform((text) => text.split(/[\s,]+/).filter((code) => code !== ''))
      .refine((codes) => codes.every((code) => /^[A-Za-z0-9]{1,64}$/.test(code))),
    'aBcD1234eFgH5678',
    '企业微信可信域名校验文件 WW_verify_<code>.txt 里的 code，多个用逗号分开；放好后 /WW_verify_<code>.txt 即可访问',
    "Code of WeCom's trusted-domain file WW_verify_<code>.txt, several with commas; it is then served at /WW_verify_<code>.txt",
  ),
  pace: setting(
    'PACE',
    z.coerce.number().gt(0).max(1).default(0.8),
    '0.8',
    '调用速度占平台频率上限的比例（0 到 1）',
    "Share of a platform's rate limit that is used (0 to 1)",
  ),
  processesAtAddress: setting(
    'PROCESSES_AT_ADDRESS',
    z.coerce.number().int().min(1).max(1_000).default(1),
    '4',
    '共用同一出口 IP 的 serve 进程数；平台按来源 IP 计的频率上限由它们平分',
    'How many serve processes leave by the same address; they divide the limits that platforms count per source address',
  ),
  timeoutMs: setting(
    'TIMEOUT_MS',
    z.coerce.number().int().min(1000).max(300_000).default(20_000),
    '20000',
    '一次平台调用最多等待的毫秒数',
    'Longest wait for one platform call, milliseconds',
  ),
  contactsMaxAgeMs: setting(
    'CONTACTS_MAX_AGE',
    duration('1h'),
    '1h',
    'serve 多久重新读取一次花名册（sync 命令每次都读）',
    'Age at which serve reads the rosters again (the sync command always does)',
  ),
  visibilityMaxMs: setting(
    'VISIBILITY_MAX',
    duration('45m', '0s', '7d'),
    '45m',
    '平台已保存的打卡最长多久后才能查到；连接里的 visibilityMax 优先',
    'Longest time a stored write may take to show; visibilityMax of a connection wins',
  ),
  laneWaitMs: setting(
    'LANE_WAIT',
    duration('60s'),
    '60s',
    'sync 等待通道的最长时间，超过则以 lane-busy 结束',
    'Longest time sync waits for a lane before it ends with lane-busy',
  ),
  laneLeaseMs: setting(
    'LANE_LEASE',
    duration('3m', '5s', '1h'),
    '3m',
    '占着通道的进程没有动静（被冻结、断网）多久后由其他进程接手；须长于一次平台调用加一次限流等待的两倍',
    'How long a process that holds a lane may be silent (frozen, cut off) before another takes over; more than twice a call and a wait for a rate limit',
  ),
  writeBackMonths: setting(
    'WRITE_BACK_MONTHS',
    z.coerce.number().int().min(0).max(6).default(1),
    '1',
    '除本月外还向企业微信补写之前几个自然月的打卡',
    'Calendar months before this one that WeCom is still given punches for',
  ),
  closingVerdicts: setting(
    'CLOSING_VERDICTS',
    z
      .enum(['off', 'on'])
      .default('off')
      .transform((text) => text === 'on'),
    'off',
    '每日收尾时另向钉钉取前一天的打卡结果（约每 12 人一次计费调用，只用富余的额度）；事件点名的人与日子不受此限',
    "Whether each day's closing also asks DingTalk for the results of the day before (about a metered call per 12 people, only of calls that are spare); people and days that events name are asked for in any case",
  ),
  slotRadiusMs: setting(
    'SLOT_RADIUS',
    duration('4h'),
    '4h',
    '打卡距班次时点多久以内仍算同一时点（判断审批占用与被覆盖）',
    'How far from its planned time a punch may still belong to a slot',
  ),
  wrongProbeShare: setting(
    'WRONG_PROBE_SHARE',
    z.coerce.number().min(0).max(0.5).default(0.25),
    '0.25',
    '按手机号查人时，查不到的次数最多用到平台上限的几成（企业微信的上限为总人数的 20 %，四分之一即 5 %）',
    "How far look-ups by mobile that find nobody may go towards the platform's limit (WeCom's is 20 % of the head-count; a quarter is 5 %)",
  ),
} satisfies Record<string, Setting<unknown>>

/** All settings, typed; durations are milliseconds. */
export type Settings = { [K in keyof typeof settingsTable]: z.output<(typeof settingsTable)[K]['type']> }

/** What is wrong with one variable: what was written, and what to write instead. Secrets are not shown. */
export type InvalidSetting = { variable: string; what: string; instead: string }

/** Reads every setting from the environment; an empty variable counts as absent. The first wrong one is named. */
export function readSettings(
  env: Record<string, string | undefined>,
): { ok: true; settings: Settings } | { ok: false; invalid: InvalidSetting } {
  const settings: Record<string, unknown> = {}
  for (const [name, { variable, type, example, isSecret }] of Object.entries(settingsTable)) {
    const written = env[variable] === '' ? undefined : env[variable]
    const parsed = (type as z.ZodType).safeParse(written)
    if (!parsed.success) {
      const what = isSecret ? variable : `${variable}=${written}`
      return { ok: false, invalid: { variable, what, instead: `${variable}=${example}` } }
    }
    settings[name] = parsed.data
  }
  return { ok: true, settings: settings as Settings }
}

/** The settings of the demo: a home of its own, and never anybody's real database. */
export const demoSettings = (settings: Settings): Settings & { isDemo: true } => ({
  ...settings,
  isDemo: true,
  home: resolve(settings.home, 'demo'),
  databaseUrl: undefined,
})

/** The table for people: one row a setting, in one language. `preset` is what holds when the variable is absent. */
export function describeSettings(lang: 'zh' | 'en'): { variable: string; preset: string; text: string }[] {
  return Object.entries(settingsTable).map(([name, { variable, type, zh, en }]) => {
    const preset = (type as z.ZodType).safeParse(undefined)
    const value = preset.success ? preset.data : undefined
    // The home is a machine's path: people are told where it is relative to the checkout.
    const shown =
      name === 'home'
        ? '<checkout>/data'
        : name.endsWith('Ms') && name !== 'timeoutMs'
          ? formatDuration(Number(value))
          : (value ?? '')
    return { variable, preset: String(shown), text: lang === 'zh' ? zh : en }
  })
}
