import { type Dice, dice } from './dice.ts'
import type { StaffRates } from './staff-rates.ts'

/** A team of a dozen or two, the smallest department. Paths are as each platform's tree has them. */
export type Team = {
  dingtalk: string
  wecom: string
  corruptions: ('departmentRenamed' | 'departmentMoved' | 'departmentOtherTree')[]
}

const centres =
  '研发中心 销售中心 生产制造部 市场部 客户服务部 人力资源部 财务部 供应链管理部 质量管理部 信息技术部 行政部 工程部 法务部 战略投资部'.split(
    ' ',
  )
const sections =
  '华东区 华南区 华北区 西南区 一部 二部 三部 平台部 产品部 测试部 运维部 技术支持部 综合部 计划部 装配车间 包装车间 仓储部 采购部'.split(
    ' ',
  )
const cities = '上海 深圳 北京 成都 武汉 苏州 杭州 西安'.split(' ')
const roots = ['总部', '南方公司', '西部公司', '海外公司']
const peopleATeam = 14
const teamsASection = 4
const sectionsACentre = 5

/** What a department is called by those who did not look at the other platform. */
const synonyms: Record<string, readonly string[]> = {
  研发中心: ['研发部', '技术中心', 'R&D'],
  销售中心: ['销售部', '营销中心'],
  生产制造部: ['生产部', '制造中心'],
  市场部: ['市场中心', '品牌市场部'],
  客户服务部: ['客服部', '客服中心'],
  人力资源部: ['人事部', 'HR', '人力行政中心'],
  财务部: ['财务中心', '计财部'],
  供应链管理部: ['供应链', '采购物流中心'],
  质量管理部: ['品质部', '质控部'],
  信息技术部: ['IT部', '信息中心'],
  行政部: ['行政中心', '综合管理部'],
  工程部: ['工程中心', '工程技术部'],
  华东区: ['华东大区', '华东'],
  华南区: ['华南大区', '华南'],
  一部: ['1部', 'A部'],
  二部: ['2部', 'B部'],
  三部: ['3部', 'C部'],
}

/** The teams of one subsidiary on both platforms; the WeCom tree is a copy that went its own way. */
export function growTree(seed: number, subsidiary: number, people: number, rates: StaffRates): Team[] {
  const count = Math.max(2, Math.ceil(people / peopleATeam))
  const own = dice(seed, 'tree', subsidiary)
  const [root, rootIsNamed] = [roots[subsidiary] ?? `子公司${subsidiary}`, own.happens(0.5)]
  return Array.from({ length: count }, (_, n) => {
    const section = Math.floor(n / teamsASection)
    const centre = Math.floor(section / sectionsACentre)
    const names = [
      nth(centres, centre),
      nth(sections, (section % sectionsACentre) + centre * 3),
      `${'一二三四五六七八九十'[n % teamsASection]}组`,
    ]
    const theirs = copyOf(
      [
        { name: names[0]!, dice: dice(seed, 'centre', subsidiary, centre) },
        { name: names[1]!, dice: dice(seed, 'section', subsidiary, section) },
        { name: names[2]!, dice: dice(seed, 'team', subsidiary, n) },
      ],
      rates,
    )
    return {
      dingtalk: [root, ...names].join('/'),
      wecom: [...(rootIsNamed ? [root] : []), ...theirs.path].join('/'),
      corruptions: theirs.corruptions,
    }
  })
}

function copyOf(nodes: readonly { name: string; dice: Dice }[], rates: StaffRates) {
  const corruptions = new Set<Team['corruptions'][number]>()
  let path = nodes.map(({ name, dice }) => {
    const [isRenamed, other] = [
      dice.happens(rates.departmentRenamed),
      dice.pick(synonyms[name] ?? [name.replace(/组$/, '班'), `${name}（新）`]),
    ]
    if (isRenamed) corruptions.add('departmentRenamed')
    return isRenamed ? other : name
  })
  const section = nodes[1]!.dice
  const [isMoved, parent] = [section.happens(rates.departmentMoved), section.pick(centres)]
  if (isMoved) {
    corruptions.add('departmentMoved')
    path = [parent, ...path.slice(1)]
  }
  const centre = nodes[0]!.dice
  const isOther = centre.happens(rates.departmentOtherTree)
  if (isOther) {
    corruptions.add('departmentOtherTree')
    path = [`${section.pick(cities)}分公司`, section.pick(['职能', '业务一线', '后台'])]
  }
  return { path, corruptions: [...corruptions] }
}

/** The n-th of a list, numbered from the second round on: `市场部2`. */
function nth(list: readonly string[], n: number): string {
  const round = Math.floor(n / list.length)
  return `${list[n % list.length]}${round === 0 ? '' : round + 1}`
}
