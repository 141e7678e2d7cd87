import { minuteOf } from '../written-time.ts'

/** By the planner's kinds of steps. */
const steps: Record<string, string> = {
  sweep: '读取打卡',
  hinted: '读取事件提到的人',
  deliver: '写入打卡',
  readBack: '回读核对',
  contacts: '读取通讯录',
}

/** Steps that are taken again and again and bring nothing. */
export const stalls = {
  steps,
  title: (step: string, tries: number, since: string) =>
    `“${steps[step] ?? step}”从 ${minuteOf(since)} 起试了 ${tries} 次都没有进展，间隔已逐次拉长`,
  hint: (route: string) =>
    `其他步骤照常，数据都在，不会丢打卡。先看 npx qintong runs 和 npx qintong calls --failed 里平台怎么说，再运行 npx qintong sync --route ${route} 马上试一次；一有变化就自动恢复。仍不动，请带上日志反馈。`,
}
