import type { ForeignFormat, SheetProblem } from '#domain/sheet-problem.ts'
import { links } from './links.ts'
import type { Words } from './places.ts'

const formats: Record<ForeignFormat, string> = {
  nothing: '一个空文件',
  xls: '旧版 Excel 文件（.xls）',
  xlsb: 'Excel 二进制工作簿（.xlsb）',
  ods: 'OpenDocument 表格（.ods）',
  numbers: 'Numbers 表格',
  docx: 'Word 文档',
  pptx: '演示文稿',
  zip: '普通压缩包',
  html: '网页或 XML 文本',
  text: '纯文本（如 .csv）',
  unknown: '别的文件',
}

const saveAs = '请用 Excel、WPS 或 LibreOffice 打开，另存为“Excel 工作簿（.xlsx）”后再导入。'
const list = (names: string[]) => names.map((name) => `“${name}”`).join('、')

/** Why a workbook cannot be taken, and what to do. */
export function sheetProblem(problem: SheetProblem): Words {
  switch (problem.kind) {
    case 'unreadable':
      return { title: `读不了：${problem.reason}`, hint: '请检查路径与权限。' }
    case 'too-large':
      return {
        title: `有 ${problem.megabytes} MB，最大 ${problem.most} MB`,
        hint: '请删去图片和无关的工作表，或按路线分开：npx qintong links export 文件.xlsx --route <路线>。',
      }
    case 'not-a-workbook':
      return { title: `不是 .xlsx 工作簿，看起来是${formats[problem.looksLike]}`, hint: saveAs }
    case 'encrypted':
      return { title: '设了打开密码', hint: '请在表格软件里去掉密码，保存后再导入。' }
    case 'damaged':
      return { title: '文件不完整或已损坏', hint: `请重新下载或复制一次；仍不行，${saveAs}` }
    case 'unpacks-too-large':
      return {
        title: `解压后超过 ${problem.most} MB，未打开`,
        hint: '请删去无关的工作表、格式和图片后再导入。',
      }
    case 'too-heavy':
      return { title: '内容过于庞大，读取已中止', hint: '请把需要的行复制到一个新的工作簿里再导入。' }
    case 'too-many-cells':
      return {
        title: `单元格太多，未打开：最多约 ${problem.rows} 行对应表`,
        hint: '请删去无关的工作表、多余的行和格式；确有这么多，请按路线分成几个文件：npx qintong links export 文件.xlsx --route <路线>。',
      }
    case 'text-too-long':
      return {
        title: `有一段超过 ${problem.most} KB 的文本，未打开`,
        hint: '请把需要的行复制到一个新的工作簿里再导入。',
      }
    case 'too-many-rows':
      return {
        title: `工作表“${problem.sheet}”超过 ${problem.most} 行`,
        hint: '请删去末尾多余的空行；确有这么多，请按路线分成几个文件。',
      }
    case 'too-many-columns':
      return { title: `工作表“${problem.sheet}”超过 ${problem.most} 列`, hint: '请删去右边多余的列。' }
    case 'cell-too-long':
      return {
        title: `工作表“${problem.sheet}”的单元格 ${problem.cell} 超过 ${problem.most} 字节`,
        hint: '请缩短它。',
      }
    case 'no-such-sheet':
      return {
        title: `找不到工作表“${links.sheets.mapping}”，只有 ${list(problem.sheets)}`,
        hint: `请把要导入的工作表改名为“${links.sheets.mapping}”，表头至少有“${links.columns.dingtalkUser}”和“${links.columns.wecomUser}”两列。`,
      }
    case 'no-header':
      return {
        title: `工作表“${problem.sheet}”的表头缺少 ${list(problem.missing.map((column) => links.columns[column]))}`,
        hint: `表头应在最前面的几行里，至少有“${links.columns.dingtalkUser}”和“${links.columns.wecomUser}”；可用 npx qintong links export 导出一份照着写。`,
      }
    case 'repeated-header':
      return {
        title: `工作表“${problem.sheet}”有两列“${links.columns[problem.column]}”（${problem.cell}）`,
        hint: '请只留一列，其余改名。',
      }
    case 'no-rows':
      return { title: `工作表“${problem.sheet}”只有表头，没有内容`, hint: '请在表头下面填写要关联的账号。' }
  }
}
