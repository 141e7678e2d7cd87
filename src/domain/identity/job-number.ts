/** A job number for comparing. */
export type JobNumber = {
  text: string
  /** What is left without a letter prefix and leading zeros; null without digits. */
  core: string | null
  /** So regular (`1111`, `1234`) that it may have been typed to fill the field: weak where it agrees, silent where not. */
  isDoubtful: boolean
}

const placeholders =
  /^(?:0+|[-—_/\\.*#?]+|无|暂无|没有|未知|未填|待定|待补|空|工号|测试|N\/?A|NULL|NONE|NIL|TEST|UNKNOWN|TBD)$/
const regular = /^(?:(\d)\1{2,}|0?1234(?:5(?:6(?:7(?:89?)?)?)?)?|0123456789|987654(?:321)?)$/

/** Job numbers are compared without blanks, width or case. Null for empty ones and for placeholders (`无`, `-`, `000`). */
export function readJobNumber(written: string | null): JobNumber | null {
  if (written === null) return null
  const text = written
    .normalize('NFKC')
    .replace(/[\s'`]+/gu, '')
    .toUpperCase()
    .replace(/^(\d+)\.0+$/, '$1')
  if (text === '' || placeholders.test(text)) return null
  const digits = /^[^\d]*0*(\d+)$/.exec(text.replace(/[^0-9A-Z]/g, ''))?.[1] ?? null
  // Mostly there are only digits: then it is one text, not two equal ones.
  return { text, core: digits === text ? text : digits, isDoubtful: regular.test(text) }
}
