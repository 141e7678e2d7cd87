import { expect, test } from 'vitest'
import { readJobNumber } from './job-number.ts'

test.for([
  { written: 'A0001', text: 'A0001', core: '1' },
  { written: ' ａ０００１ ', text: 'A0001', core: '1' },
  { written: '1001.0', text: '1001', core: '1001' },
  { written: '00752', text: '00752', core: '752' },
  { written: 'QT-00752', text: 'QT-00752', core: '752' },
  { written: '1111', text: '1111', core: '1111', isDoubtful: true },
  { written: '123456', text: '123456', core: '123456', isDoubtful: true },
])('$written is $text', ({ written, text, core, isDoubtful = false }) => {
  expect(readJobNumber(written)).toEqual({ text, core, isDoubtful })
})

test.for([null, '', ' ', '0', '000', '-', '—', '/', '无', '暂无', 'N/A', 'null', '待定'])(
  '%s is no job number',
  (written) => {
    expect(readJobNumber(written)).toBeNull()
  },
)
