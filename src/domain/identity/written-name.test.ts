import { expect, test } from 'vitest'
import { readName } from './written-name.ts'

test.for([
  { written: '王伟', reads: '王伟', spelt: 'wangwei' },
  { written: ' 王 伟 ', reads: '王伟', spelt: 'wangwei' },
  { written: '陆 云 波', reads: '陆云波', spelt: 'luyunbo' },
  { written: '張偉', reads: '张伟', spelt: 'zhangwei' },
  { written: '王伟（离职）', reads: '王伟', spelt: 'wangwei', left: true },
  { written: '王伟-外包', reads: '王伟', spelt: 'wangwei' },
  { written: '臣宇浩-劳务', reads: '臣宇浩', spelt: 'chenyuhao' },
  { written: '实习_李雷', reads: '李雷', spelt: 'lilei' },
  { written: '王伟2', reads: '王伟', spelt: 'wangwei' },
  { written: '王伟(1)', reads: '王伟', spelt: 'wangwei' },
  { written: '小王伟', reads: '王伟', spelt: 'wangwei' },
  { written: '财务部-张伟', reads: '张伟', spelt: 'zhangwei' },
  { written: 'Tony 王伟', reads: '王伟', spelt: 'wangwei', latin: 'tony' },
  { written: '王伟(Tony)', reads: '王伟', spelt: 'wangwei', latin: 'tony' },
  { written: 'Tony（王伟）', reads: '王伟', spelt: 'wangwei', latin: 'tony' },
  { written: '单雄信', reads: '单雄信', spelt: 'shanxiongxin' },
  { written: '吕绿', reads: '吕绿', spelt: 'lulu' },
  { written: '欧阳娜娜', reads: '欧阳娜娜', spelt: 'ouyangnana' },
  { written: '阿依古丽·买买提', reads: '阿依古丽买买提', spelt: 'ayigulimaimaiti' },
  { written: '王*', reads: '王*' },
  { written: '王某某', reads: '王**' },
  { written: '王zhuo', reads: '王zhuo', spelt: 'wangzhuo' },
  { written: 'Wang Wei', reads: 'wang wei', spelt: 'wangwei', latin: 'wang wei' },
  { written: '员工12', reads: '员工 12', spelt: 'yungong' },
  { written: '员工 0012', reads: '员工 12', spelt: 'yungong' },
  { written: '甲3', reads: '甲 3' },
  { written: 'Driver 3', reads: 'driver 3', latin: 'driver', spelt: 'driver' },
  { written: 'wangwei2', reads: 'wangwei', latin: 'wangwei', spelt: 'wangwei' },
  { written: '王*2', reads: '王*' },
  { written: '007', reads: '' },
  { written: '', reads: '' },
  { written: '---', reads: '' },
  { written: '(((', reads: '' },
])('$written reads $reads', ({ written, reads, spelt, latin = '', left = false }) => {
  const name = readName(written)
  expect({ key: name.key, latin: name.latin.join(' '), saysLeft: name.saysLeft }).toEqual({
    key: reads,
    latin,
    saysLeft: left,
  })
  expect(name.pinyinKeys[0]).toBe(spelt)
})

test('a Latin name is looked for in either order', () => {
  expect(readName('weiwang').pinyinKeys).toContain('wangwei')
  expect(readName('Xiaoming Wang').pinyinKeys).toContain('wangxiaoming')
})
