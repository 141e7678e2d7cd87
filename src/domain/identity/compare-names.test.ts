import { expect, test } from 'vitest'
import { compareNames } from './compare-names.ts'
import { countNames } from './name-frequencies.ts'
import { readName } from './written-name.ts'

const roster = ['王伟', '王伟', '王芳', '李娜', '张敏', '刘洋', '陈静', '杨丽', '慕容鼐', '赵磊']
const frequencies = countNames(roster.map((name) => ({ name: readName(name), connection: 0 })))
const compare = (a: string, b: string) => compareNames(readName(a), readName(b), frequencies)

test.for([
  { a: '王伟', b: '王伟', gives: 'same' },
  { a: '王偉', b: '王伟（离职）', gives: 'same' },
  { a: 'Tony 王伟', b: '王伟-外包', gives: 'same' },
  { a: '阿依古丽·买买提', b: '阿依古丽买买提', gives: 'same' },
  { a: 'Wang Wei', b: 'weiwang', gives: 'same' },
  { a: '王伟', b: '王薇', gives: 'homophone' },
  { a: '张小明', b: '张晓明', gives: 'homophone' },
  { a: '王伟', b: 'Wang Wei', gives: 'pinyin' },
  { a: '王伟', b: 'weiwang', gives: 'pinyin' },
  { a: '欧阳娜', b: 'Na Ouyang', gives: 'pinyin' },
  { a: '单雄信', b: 'shanxiongxin', gives: 'pinyin' },
  { a: '王㛃', b: '王*', gives: 'stand-in' },
  { a: '王卓', b: '王zhuo', gives: 'homophone' },
  { a: '李㐱明', b: '李珍明', gives: 'stand-in' },
  { a: '陈末', b: '陈未', gives: 'look-alike' },
  { a: '王小红', b: '王小芳', gives: 'one-off' },
  { a: '王伟', b: 'Tony', gives: 'opaque' },
  { a: '王伟', b: '李娜', gives: 'different' },
  { a: '王伟', b: '王芳', gives: 'different' },
  { a: '王伟', b: 'Li Na', gives: 'different' },
  { a: '员工1', b: '员工01', gives: 'same' },
  { a: '员工1', b: '员工', gives: 'same' },
  { a: '员工1', b: '员工2', gives: 'different' },
  { a: 'Driver 1', b: 'Driver 1', gives: 'same' },
  { a: 'Driver 1', b: 'Driver', gives: 'same' },
  { a: 'Driver 1', b: 'Driver 2', gives: 'different' },
  { a: '王伟2', b: '王伟3', gives: 'same' },
  { a: '', b: '王伟', gives: null },
])('$a and $b: $gives', ({ a, b, gives }) => {
  expect(compare(a, b)?.level ?? null).toBe(gives)
  expect(compare(b, a)).toEqual(compare(a, b))
})

test('a name that several people have proves less than a rare one', () => {
  expect(compare('王伟', '王伟')!.chance).toBeGreaterThan(20 * compare('慕容鼐', '慕容鼐')!.chance)
})

test('the less of a name agrees, the likelier it is chance', () => {
  const [same, sound, hidden] = ['王伟', '王薇', '王*'].map((other) => compare('王伟', other)!.chance)
  expect(sound).toBeLessThanOrEqual(hidden!)
  expect(compare('刘洋', '刘洋')!.chance).toBeLessThan(compare('刘洋', '刘*')!.chance)
  expect(same).toBeLessThan(1)
})

test('a long name is two words, and says no more than two characters do', () => {
  const words = ['买买提', '艾力', '阿依古丽', '吐尔逊', '热合曼', '古丽娜']
  const all = words.flatMap((first) => words.map((last) => `${first}·${last}`))
  const known = countNames(all.map((name) => ({ name: readName(name), connection: 0 })))
  const name = readName('热合曼·艾力')
  // One in 36 has it, and each of its five characters says the same as its neighbours.
  expect(compareNames(name, name, known)!.chance).toBeGreaterThan(1 / 360)
})
