import type { SetupProblem } from '#domain/failures.ts'

/** What YAML itself could not read, by the parser's code. */
const syntax: Record<string, string> = {
  BAD_INDENT: '缩进不对',
  TAB_AS_INDENT: '缩进用了制表符，YAML 只接受空格',
  DUPLICATE_KEY: '同一层里键写了两次',
  MISSING_CHAR: '缺少符号（冒号、引号、逗号或括号）',
  UNEXPECTED_TOKEN: '这里不该出现这个符号',
  BLOCK_AS_IMPLICIT_KEY: '一行里出现了两个“键: 值”，多半是缩进或引号的问题',
  MULTILINE_IMPLICIT_KEY: '键必须写在一行里，多半是少了冒号',
  MULTIPLE_DOCS: '文件里有多个 --- 分隔的文档，只能有一个',
  BAD_ALIAS: '引用了不存在的 *名称',
  BAD_SCALAR_START: '值不能以这个符号开头，请加引号',
  BAD_DQ_ESCAPE: '双引号里的反斜杠转义不对',
  RESOURCE_EXHAUSTION: '引用（*名称）或嵌套太多',
  TOO_LARGE: '文件超过 1 MiB',
}

const expected: Record<string, string> = {
  mapping: '一组“键: 值”',
  list: '一个列表',
  text: '一段文字',
  'own-id': '编号：小写字母、数字和 -，以字母或数字开头，最长 40 个字符',
  duration: '时长，不超过 7 天',
  date: '日期 YYYY-MM-DD',
  url: 'http:// 或 https:// 开头的地址，不带参数和密码',
  hours: '时段 HH:MM-HH:MM',
  edition: 'standard 或 professional，可以再加 development-pack',
  'two-connections': '正好两个不同的连接',
  'one-of-each-platform': '一个钉钉连接和一个企业微信连接',
  'same-platform-as-before': '与已生效的平台相同；要换平台请用新的编号',
  'outward-url':
    'https:// 开头的地址（本机可以用 http://），不带用户名，不能是云主机的元数据地址或链路本地地址',
  'mail-address': '邮箱地址',
  port: '端口 1 到 65535',
  'no-password-in-clear': 'starttls 或 implicit：不加密的连接上不发送密码',
  'environment-name': `$\{名称}，名称由字母、数字和下划线组成`,
}
const expectation = (word: string) =>
  word.startsWith('one of ') ? `以下之一：${word.slice(7).replaceAll(' | ', '、')}` : (expected[word] ?? word)

const kinds: Record<string, string> = { subsidiary: '子公司', connection: '连接', route: '路线' }

/** One problem of a setup file, as one sentence that says what to write instead. */
export function setupProblem(problem: SetupProblem): string {
  switch (problem.kind) {
    case 'syntax':
      return `不是正确的 YAML：${syntax[problem.text] ?? problem.text}`
    case 'unknown-key':
      return problem.suggestion
        ? `没有 ${problem.key} 这个键，是不是想写 ${problem.suggestion}？`
        : `没有 ${problem.key} 这个键，这里可以写：${problem.known.join('、')}`
    case 'missing':
      return `缺少 ${problem.key}，请加上一行，例如 ${problem.example}`
    case 'bad-value':
      return `${problem.value ? `${problem.value} 不对，` : ''}应为${expectation(problem.expected)}，例如 ${problem.example}`
    case 'duplicate-id':
      return problem.firstLine > 0
        ? `${problem.id} 重复了，第 ${problem.firstLine} 行已经写过，请改名或删去一个`
        : `${problem.id} 已有生效的路线，一对连接只能有一条路线`
    case 'dangling': {
      const kind = kinds[problem.what] ?? problem.what
      if (problem.suggestion) return `没有名为 ${problem.id} 的${kind}，是不是想写 ${problem.suggestion}？`
      const list = problem.known.length > 0 ? `现有：${problem.known.join('、')}` : '目前一个也没有'
      return `没有名为 ${problem.id} 的${kind}，${list}`
    }
    case 'missing-environment':
      return `环境变量 ${problem.name} 没有设置，请先 export ${problem.name}=… 再运行`
  }
}

/** Where a problem stands. */
export const setupPlace = (file: string, line: number, column: number, path: string) =>
  `${file} 第 ${line} 行第 ${column} 列${path ? `（${path}）` : ''}`
