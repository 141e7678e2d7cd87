import type { Finding } from '#domain/cleaning-list.ts'
import type { PlatformName } from '#domain/ids.ts'
import type { CellTrouble, EntryProblem } from '#domain/mapping-entry.ts'
import type { Decision, MappingAdvice, MappingColumn } from '#domain/mapping-table.ts'

const sheets = { mapping: '对应表', several: '多处有账号的人', cleaning: '清洗清单', guide: '说明' }

/** Titles of the mapping table. An import knows them in every language. */
const columns: Record<MappingColumn, string> = {
  row: '行编号（请勿修改）',
  name: '姓名',
  status: '状态',
  decision: '决定',
  note: '说明',
  problem: '问题',
  subsidiary: '子公司',
  route: '路线',
  dingtalkConnection: '钉钉连接',
  dingtalkUser: '钉钉账号',
  dingtalkName: '钉钉姓名',
  dingtalkDepartments: '钉钉部门',
  dingtalkJobNumber: '钉钉工号',
  dingtalkMobileTail: '钉钉手机尾号',
  dingtalkState: '钉钉账号状态',
  wecomConnection: '企业微信连接',
  wecomUser: '企业微信账号',
  wecomName: '企业微信姓名',
  wecomDepartments: '企业微信部门',
  wecomJobNumber: '企业微信工号',
  wecomMobileTail: '企业微信手机尾号',
  wecomState: '企业微信账号状态',
  evidence: '依据',
  probability: '概率',
  advice: '建议',
  person: '人员编号',
}

/** Other titles that a table made by hand may have. Blanks, case and width do not matter. */
const otherTitles: Partial<Record<MappingColumn, string[]>> = {
  row: ['行编号'],
  decision: ['是否关联', '处理'],
  note: ['备注'],
  route: ['线路'],
  dingtalkUser: ['钉钉', '钉钉userid', '钉钉用户id', '钉钉id', '钉钉账户'],
  wecomUser: [
    '企业微信',
    '企业微信userid',
    '企微账号',
    '企微',
    '企微userid',
    '企业微信用户id',
    '企业微信id',
    '企业微信账户',
  ],
}

const decisions: Record<Decision, string> = { link: '关联', apart: '不关联' }
const otherDecisions: Record<Decision, string[]> = {
  link: ['是', '同一人', '确认'],
  apart: ['否', '不是', '不是同一人', '取消关联'],
}

const accountStates = { inactive: '未激活', left: '已不在' }

const advice: Record<MappingAdvice, string> = {
  nothing: '',
  confirm: '如确是同一人，请在“决定”选“关联”；不是则选“不关联”',
  choose: '有几个可能：在正确的一行选“关联”，其余选“不关联”',
  compare: '证据互相矛盾：核对两边资料后，在正确的一行选“关联”',
  'look-for': '对面没有找到：知道是谁就填上对面的账号，并选“关联”',
}

const cellTroubles: Record<CellTrouble, string> = {
  formula: '是公式；公式不会被计算，请改成文字（复制后用“粘贴为数值”）',
  rounded: '是数字，而且超过 15 位，已被表格软件改写；请把该列设为“文本”格式后重新填写',
  date: '被表格软件变成了日期；请把该列设为“文本”格式后重新填写',
  error: '是错误值；请改成账号',
  merged: '是合并单元格；请取消合并，每一行各写各的',
}

const platforms: Record<PlatformName, string> = { dingtalk: '钉钉', wecom: '企业微信' }
const listed = (names: string[]) => (names.length > 0 ? names.join('、') : '无')

/** What is wrong with a row, and what to write instead. */
function entryProblem(problem: EntryProblem): string {
  switch (problem.kind) {
    case 'cell':
      return `单元格 ${problem.cell} ${cellTroubles[problem.trouble]}`
    case 'unknown-decision':
      return `看不懂决定“${problem.text}”；请写“关联”或“不关联”，或留空`
    case 'unknown-route':
      return `没有路线“${problem.route}”；现有：${listed(problem.known)}`
    case 'which-route':
      return `看不出是哪条路线；请填“路线”一列，现有：${listed(problem.known)}`
    case 'unknown-connection':
      return `没有连接“${problem.connection}”；现有：${listed(problem.known)}`
    case 'not-on-route':
      return `连接“${problem.connection}”不在路线 ${problem.route} 的这一边`
    case 'keys-changed':
      return '这一行的账号或路线被改过，或者整列错了位；请恢复原样。要写另一对账号，请另起一行并让行编号留空'
    case 'no-decision':
      return '填了对面的账号，却没有写决定；请选“关联”，或清掉填的账号'
    case 'one-side-only':
      return `没有${platforms[problem.missing]}账号；请填上再决定，或让决定留空`
    case 'unknown-account': {
      const near = problem.suggestion === null ? '' : `；是不是 ${problem.suggestion}？`
      return `连接 ${problem.connection} 中没有账号“${problem.userId}”${near || '；用 npx qintong people 查看全部账号'}`
    }
    case 'claimed-twice':
      return `账号 ${problem.connection}:${problem.userId} 在第 ${problem.line} 行又关联了另一个账号；只能留一行“关联”`
    case 'contradiction':
      return `与第 ${problem.line} 行矛盾：同一对账号，一行写关联，一行写不关联`
    case 'linked-elsewhere':
      return `账号 ${problem.connection}:${problem.userId} 此前已由人关联到 ${problem.twin}；若要改，请在那一对的行上写“不关联”`
  }
}

const severalColumns = {
  name: '姓名',
  subsidiary: '子公司',
  connection: '连接',
  user: '账号',
  departments: '部门',
  jobNumber: '工号',
  elsewhere: '别处',
}

const cleaningColumns = {
  platform: '平台',
  connection: '连接',
  user: '账号',
  name: '姓名',
  departments: '部门',
  finding: '发现的问题',
  correction: '请改成',
  page: '在哪里改',
}

const others = (names: string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join('、')} 等 ${names.length} 人` : names.join('、')

const perhapsWrong = '若其实是两个人，就是关联错了：在“决定”选“不关联”，或用 npx qintong unlink'

/** What is wrong in a console, and what it should be. */
function finding(found: Finding): { found: string; correction: string } {
  switch (found.kind) {
    case 'job-number-shared':
      return {
        found: `工号 ${found.jobNumber} 与 ${others(found.with)} 重复`,
        correction: '核对人事档案，给每个人唯一的工号',
      }
    case 'job-number-placeholder':
      return { found: `工号“${found.jobNumber}”是占位的`, correction: '填上真实的工号，没有就清空' }
    case 'job-number-differs':
      return {
        found: `工号 ${found.jobNumber}，对面 ${found.twin} 是 ${found.theirs}`,
        correction: `核对人事档案，让两边的工号一致；${perhapsWrong}`,
      }
    case 'mobile-shared':
      return {
        found: `手机号（尾号 ${found.tail}）与 ${others(found.with)} 共用`,
        correction: '换成本人的手机号',
      }
    case 'leaver-by-name':
      return {
        found: `姓名“${found.name}”写着已离职，账号还在`,
        correction: '办理离职或删除该成员；若仍在职，请改正姓名',
      }
    case 'twin-gone':
      return {
        found: `对面的账号 ${found.twin} 已不在了`,
        correction: '若已离职，这一边也办理离职或删除；若仍在职，请恢复对面的账号',
      }
    case 'name-differs':
      return {
        found: `姓名“${found.name}”，对面 ${found.twin} 写作“${found.theirs}”`,
        correction: `按身份证上的写法，让两边一致；${perhapsWrong}`,
      }
    case 'name-note':
      return {
        found: `姓名“${found.name}”里带有备注`,
        correction: `姓名只写“${found.bare}”，备注写到职位或部门里`,
      }
    case 'no-job-numbers':
      return { found: `${found.people} 人都没有工号`, correction: '批量导入工号：工号是最可靠的对应依据' }
    case 'job-number-missing':
      return {
        found: '没有工号',
        correction: found.theirs === null ? '填上工号' : `填上工号；对面的账号是 ${found.theirs}`,
      }
    case 'never-activated':
      return { found: '从未激活', correction: '提醒本人激活；已离职或多余的账号请删除' }
  }
}

const dingtalkMember = '钉钉管理后台（oa.dingtalk.com）→ 通讯录 → 搜索该成员 → 编辑'
const wecomMember = '企业微信管理后台（work.weixin.qq.com）→ 通讯录 → 搜索该成员 → 编辑'
type Topic = 'job-number' | 'job-numbers' | 'mobile' | 'name' | 'leaver' | 'activation'
const pages: Record<PlatformName, Record<Topic, string>> = {
  dingtalk: {
    'job-number': `${dingtalkMember} → 工号`,
    'job-numbers': '钉钉管理后台（oa.dingtalk.com）→ 通讯录 → 批量导入/导出 → 修改成员信息',
    mobile: `${dingtalkMember} → 手机号（本人也可在 我的 → 设置 → 安全中心 更换）`,
    name: `${dingtalkMember} → 姓名`,
    leaver: '钉钉管理后台（oa.dingtalk.com）→ 通讯录 → 搜索该成员 → 办理离职或删除',
    activation: '钉钉管理后台（oa.dingtalk.com）→ 通讯录 → 未激活成员 → 邀请激活',
  },
  wecom: {
    'job-number': `${wecomMember} → 扩展属性 → 工号（或 setup.yaml 中 jobNumber 所指的字段）`,
    'job-numbers': '企业微信管理后台（work.weixin.qq.com）→ 通讯录 → 批量导入/导出 → 文件导入',
    mobile: `${wecomMember} → 手机`,
    name: `${wecomMember} → 姓名`,
    leaver: '企业微信管理后台（work.weixin.qq.com）→ 通讯录 → 搜索该成员 → 删除',
    activation: '企业微信管理后台（work.weixin.qq.com）→ 通讯录 → 未激活成员 → 邀请',
  },
}
const topics: Record<Finding['kind'], Topic> = {
  'job-number-shared': 'job-number',
  'job-number-placeholder': 'job-number',
  'job-number-differs': 'job-number',
  'job-number-missing': 'job-number',
  'no-job-numbers': 'job-numbers',
  'mobile-shared': 'mobile',
  'name-differs': 'name',
  'name-note': 'name',
  'leaver-by-name': 'leaver',
  'twin-gone': 'leaver',
  'never-activated': 'activation',
}
const page = (platform: PlatformName, kind: Finding['kind']): string => pages[platform][topics[kind]]

const guideColumns = { topic: '内容', text: '怎么做' }
/** How the workbook is meant to be used. */
const guide: [topic: string, text: string][] = [
  [
    '这是什么',
    '“对应表”列出谁是谁：每一行是一对账号，或一个还没有对应的账号。“清洗清单”列出两边资料里值得改正的地方。借调等在多处有账号的人，另列在“多处有账号的人”里，只供查看；要改用 npx qintong link 甲 乙 或 npx qintong unlink 甲 乙。',
  ],
  ['怎么改', '只在橙色表头的“决定”与“说明”里填写，其余各列是给人看的，改了也不起作用。'],
  ['决定：关联', '这两个账号是同一个人。它胜过一切自动判断。'],
  ['决定：不关联', '这两个账号不是同一个人。已有的关联会取消，以后也不会自动关联。'],
  ['决定：留空', '不作决定，维持现状。已经填着的决定是以前由人作出的。'],
  ['对面没有找到', '知道是谁，就在空着的一边填上账号，并在“决定”选“关联”。'],
  ['加一行', '在表的末尾另起一行，行编号留空，填上两边的账号与决定；有多条路线时再填“路线”。'],
  ['账号写法', '账号按文本填写：007 与 7 不同。单元格变成了数字或日期时，请先把该列设为“文本”。'],
  ['排序与筛选', '可以随意整行排序、筛选、隐藏行；不要只给一列排序，不要合并单元格，不要写公式。'],
  ['导入', '运行 npx qintong links import 文件.xlsx；想先看看，加 --dry-run。'],
  [
    '有错怎么办',
    '只要有一行不对，就什么都不改，并生成一个同名的 -marked.xlsx：不对的行标了颜色，“问题”一列写着原因。改好后直接导入它。',
  ],
  ['概率', '同一个人的可能性，按证据计算；空着表示没有计算。'],
  ['手机号', '只显示后四位，从不导出完整的手机号。'],
]

/** The mapping table, the cleaning list, and how to use them. */
export const links = {
  sheets,
  columns,
  otherTitles,
  decisions,
  otherDecisions,
  pickDecision: '请选“关联”或“不关联”，或留空',
  accountStates,
  advice,
  entryProblem,
  severalColumns,
  cleaningColumns,
  finding,
  page,
  guideColumns,
  guide,
  elsewhere: '在其他子公司也有账号',
  separator: '；',
}
