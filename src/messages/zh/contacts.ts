import type { GoneBecause, RosterChange, RosterChangeKind, ToldField } from '#domain/roster-changes.ts'
import type { HolderReason } from '#domain/same-holder.ts'

const fields: Record<ToldField, string> = {
  userId: 'userid 写法',
  jobNumber: '工号',
  mobile: '手机号（尾号）',
  email: '邮箱',
  title: '职务',
  manager: '直接上级',
  hiredOn: '入职日期',
  humanId: '平台的人员编号',
  departments: '部门名称',
}

const holders: Record<HolderReason, string> = {
  agrees: '姓名或本人的信息一致',
  'only-name-agrees': '只有姓名一致，其他信息都变了',
  'only-post-agrees': '姓名变了，只有工号或邮箱一致',
  'nothing-known': '姓名变了，没有其他信息可以对照',
  differs: '姓名与其他信息都不同',
  'name-alike': '姓名相近，但其他信息都不同',
  'post-handed-on': '姓名不同，只是沿用了工号、邮箱或公司电话',
  namesake: '同名，但平台显示是另一个人',
}

const empty = '无'

function gone(because: GoneBecause): string {
  switch (because.code) {
    case 'left':
      return '平台上已没有这个账号'
    case 'out-of-range':
      return '账号还在，但应用看不到了'
    case 'not-listed':
      return '花名册里不再列出，平台没有说明原因'
    case 'userid-changed':
      return `同一个人改用 ${because.to}`
    case 'reused':
      return '这个 userid 已归另一个人'
    case 'undone':
      return `导入 ${because.import} 已撤回`
  }
}

function detail(change: RosterChange): string {
  switch (change.kind) {
    case 'joined':
    case 'activated':
    case 'deactivated':
      return ''
    case 'left':
      return gone(change.because)
    case 'rehired':
      return holders[change.because]
    case 'reused':
      return `原来是 ${change.formerName}；${holders[change.because]}`
    case 'userid-changed':
      return change.isDeclared ? `原来是 ${change.from}（平台通知）` : `原来是 ${change.from}`
    case 'renamed':
      return `${change.from} → ${change.to}；${holders[change.because]}`
    case 'moved':
      return `${change.from.join('、') || empty} → ${change.to.join('、') || empty}`
    case 'changed':
      return change.field === 'humanId'
        ? fields.humanId
        : `${fields[change.field]} ${change.from ?? empty} → ${change.to ?? empty}`
  }
}

/** What keeping contacts in step has to say. */
export const contacts = {
  kinds: {
    joined: '新增',
    left: '离开',
    rehired: '回来',
    reused: '换人',
    'userid-changed': '改 userid',
    renamed: '改名',
    moved: '调部门',
    changed: '信息变更',
    activated: '已激活',
    deactivated: '停用或未激活',
  } as Record<RosterChangeKind, string>,
  gone,
  detail,
  header: (connection: string, subsidiary: string, people: number) =>
    `连接 ${connection}（子公司 ${subsidiary}）：在册 ${people} 人`,
  same: '与上次相同。',
  kept: (number: number, counts: string) => `导入 ${number}：${counts}`,
  wouldBe: (counts: string) => `这次读到的变化（没有采用）：${counts}`,
  heads: ['变化', '姓名', 'userid', '详情', '请核对'],
  look: '请核对',
  reusedNote: '换人的账号：原有的关联已结束，换人之前的打卡不会送到新人名下。',
  more: (count: number) => `……另有 ${count} 项，用 --json 查看全部`,
  departmentHeads: ['部门', '人数'],
  invisible: (count: number) => `应用看不到的账号 ${count} 个：不会导入。`,
  allVisible: '应用看得到全部账号。',
  unknownVisible: '平台不告诉应用还有多少看不到的账号。',
  carried: (route: string, carried: number, leftOut: number) =>
    `路线 ${route}：范围内 ${carried} 人，范围外 ${leftOut} 人`,
  leftOutHeads: ['姓名', 'userid', '部门', '原因'],
  leftOut: { excepted: '列为例外', 'not-in-scope': '不在范围的部门与人员之内' },
  neverActivated: (count: number, names: string) =>
    `从未激活的 ${count} 人照常导入（可能在考勤机打卡）：${names}`,
  undone: (number: number, connection: string, accounts: number) =>
    `已撤回导入 ${number}（连接 ${connection}）：${accounts} 个账号恢复原状。`,
  stays: '只要平台给出的花名册不变，就不会再被自动导入。',
  inSync: (connection: string, counts: string, uncertain: number) =>
    `花名册 ${connection}：${counts}${uncertain > 0 ? `；其中 ${uncertain} 项请核对：npx qintong contacts --history 连接:userid` : ''}`,
  lives: (account: string, count: number) => `账号 ${account} 先后有 ${count} 位使用者`,
  life: (life: number, name: string, from: string, to: string | null, because: string | null) =>
    `第 ${life} 位：${name}，${from} 起${to ? `，至 ${to}` : '，现在仍是'}${because ? `（${because}）` : ''}`,
  versionHeads: ['起', '止', '变化', '姓名', '工号', '部门', '职务', '导入'],
  undoneMark: '（已撤回）',
  nextUndo: (number: number) => `若有误，运行 npx qintong contacts --undo ${number} 一次撤回。`,
  nextPreview: '运行 npx qintong contacts 导入；范围在 setup.yaml 的 scope 中调整。',
  nextAccept: (connection: string) =>
    `核对可见范围；确实如此时运行 npx qintong contacts ${connection} --accept。`,
  nextPeople: '运行 npx qintong people 查看谁是谁。',
  nextAgain: (connection: string) => `改好后运行 npx qintong contacts ${connection} 重新读取。`,
}
