import { places } from './places.ts'

/** What each readiness item is about; a code that is not here is shown as it is. */
export const checkNames: Record<string, string> = {
  token: '凭证',
  ip: '可信IP地址',
  network: '网络',
  scope: '通讯录范围',
  contacts: '通讯录读取',
  mobile: '手机号',
  'attendance-read': '读取打卡',
  'attendance-write': '写入打卡',
  clock: '本机时钟',
  quota: '调用额度',
}

/** Warnings that no failure explains: what it means, and what to do. */
export const checkWarnings: Record<
  string,
  (facts: Record<string, string>) => { title: string; hint: string }
> = {
  scope: ({ visible, total }) => ({
    title: visible && total ? `只看得到 ${total} 人中的 ${visible} 人` : '只看得到一部分部门',
    hint: '看不到的人无法同步；请把需要同步考勤的人全部加入范围。',
  }),
  contacts: () => ({ title: '可见范围内没有成员', hint: '请把需要同步考勤的人加入范围。' }),
  mobile: () => ({
    title: '读不到手机号',
    hint: '仍可用工号或显式关联匹配身份：请在两边填好工号，或在 setup.yaml 的 links 中写明对应关系。',
  }),
  'attendance-read': () => ({ title: '没有可供试读的成员', hint: '请先把成员加入范围，再检查一次。' }),
}

export const passed = (name: string) => `${name}正常`
export const warned = (name: string) => `${name}需要留意`
export const failedCheck = (name: string) => `${name}不可用`

/** The console page for a connector's key; an unknown key is shown as it is. */
export function place(where: string): string {
  const [key = '', ...facts] = where.split(' ')
  const page = (places as Record<string, string>)[key]
  if (page === undefined) return where
  const departments = facts.find((fact) => fact.startsWith('departments='))?.slice('departments='.length)
  if (facts.includes('field=mobile')) return `${page}，申请「企业员工手机号信息」`
  return departments ? `${page}（目前只含部门 ${departments}）` : page
}

/** What one part of an edition is called. */
const editionParts: Record<string, string> = {
  standard: '标准版',
  professional: '专业版',
  'development-pack': '开发包',
}

/** An edition and what it costs more a year. */
export const editions = {
  name: (parts: readonly string[]) => parts.map((part) => editionParts[part] ?? part).join('加'),
  offer: (name: string, calls: number, yuan: string | null) =>
    `升级为${name}（每月 ${calls} 次${yuan === null ? '，价格请询钉钉' : `，目录价每年另加 ${yuan} 元`}）`,
}

/** The closing words: is it worth it here, one-way or two-way, what it costs. */
export const advice = {
  ready: (connection: string, both: boolean, canWrite: boolean) =>
    both
      ? `结论：${connection} 可以读也可以写打卡，可用作任一方向的一端。`
      : `结论：${connection} 目前${canWrite ? '只能写入打卡，可用作接收的一端（单向）' : '只能读取打卡，可用作来源的一端（单向）'}。`,
  notReady: (connection: string) => `结论：${connection} 还不能使用，请先处理标有 ✗ 的项目。`,
  people: (people: number) => `应用可见 ${people} 人。`,
  cost: (calls: number, quota: number) =>
    `预计每月用 ${calls} 次计费调用，额度 ${quota} 次（${Math.round((calls / Math.max(1, quota)) * 100)}%）${calls > quota ? '：不够用，请调大 pollEvery 或升级版本' : '：够用'}。`,
  free: '这个平台的调用不计费。',
  twoWay: (calls: number, isEnough: boolean, offer: string | null) =>
    `双向或由企业微信写入时，每条打卡用一次计费调用：按每人每天 2 条，每月另需约 ${calls} 次${isEnough ? '，额度够用，不另收费' : offer ? `，额度不够，需${offer}，或缩小范围、改为单向` : '，没有够用的版本，请缩小范围或改为单向'}。`,
}
