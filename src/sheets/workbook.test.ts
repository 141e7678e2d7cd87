import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, test } from 'vitest'
import type { SheetProblem } from '#domain/sheet-problem.ts'
import { systemClock } from '../this-machine.ts'
import { type SheetLimits, sheetLimits } from './limits.ts'
import { readSheets } from './read-sheets.ts'
import { readWorkbook } from './read-workbook.ts'
import type { SheetPlan, SheetText } from './workbook.ts'
import { writeWorkbook } from './write-workbook.ts'

const planOf = (rows: string[][], more: Partial<SheetPlan> = {}): SheetPlan => ({
  name: '表',
  columns: (rows[0] ?? ['']).map((_, nth) => ({ title: `列${nth}`, width: 10 })),
  rows,
  ...more,
})

async function sheetsOf(file: Uint8Array, limits = sheetLimits): Promise<SheetText[]> {
  const read = await readSheets(file, limits)
  if (!read.ok) throw new Error(read.problem.kind)
  return read.sheets
}

async function problemOf(file: Uint8Array, limits: Partial<SheetLimits> = {}): Promise<SheetProblem> {
  const read = await readWorkbook(file, systemClock, { ...sheetLimits, ...limits })
  if (read.ok) throw new Error('it was taken')
  return read.problem
}

const textsThatLookLikeMore = [
  '007',
  '12345678901234567890',
  '=1+1',
  `=cmd|' /C calc'!A0`,
  '+1',
  '-1',
  '@SUM(A1)',
  '2026-11-01',
  '8:30',
  '1E5',
  'TRUE',
  '#N/A',
  '#DIV/0!',
  '_x0041_',
  '_x005F_x0041_',
  '<b>&amp;</b>',
  '"引号"',
  "'",
  '两\n行',
  '回车\r\n换行',
  '制\t表',
  '𠮷野家',
  '👩‍👩‍👧‍👦',
  'é',
  '\uFFFE',
]

test('whatever a text looks like, it comes back as it was and is never a number, a date or a formula', async () => {
  const [sheet] = await sheetsOf(await writeWorkbook([planOf([textsThatLookLikeMore])]))
  expect(sheet?.rows[1]).toEqual(textsThatLookLikeMore)
  expect(sheet?.odd).toEqual([])
})

test('any text of any script survives a round trip', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => one.trim())
  const looksLikeMore = fc.constantFrom(...textsThatLookLikeMore)
  const cell = fc.oneof(text, fc.string({ unit: 'binary', maxLength: 8 }).map(plainly), looksLikeMore)
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const [sheet] = await sheetsOf(await writeWorkbook([planOf(rows)]))
      const padded = rows.map((_, nth) => [0, 1, 2].map((column) => sheet?.rows[nth + 1]?.[column] ?? ''))
      expect(padded).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

/** What no database takes is no text: NUL and half characters. */
const plainly = (text: string) => text.replaceAll('\0', '').toWellFormed().trim()

test('a text longer than we would read back is cut at a whole character, and says so', async () => {
  const [sheet] = await sheetsOf(await writeWorkbook([planOf([['龙'.repeat(2_000)]])]))
  expect(sheet?.rows[1]?.[0]).toBe(`${'龙'.repeat(1_364)}…`)
})

test('numbers, dates, errors and formulas are told apart, and no formula is computed', async () => {
  const file = await writeXlsx({
    sheets: [
      {
        name: '表',
        rows: [[7, 1.5, 12345678901234567000, new Date('2026-11-01T00:00:00Z'), true, '#N/A', ' 空白 ']],
        cells: new Map([['1,0', { formula: 'A1*2', formulaResult: 14 }]]),
        merges: [{ startRow: 2, startCol: 0, endRow: 3, endCol: 1 }],
      },
    ],
  })
  const [sheet] = await sheetsOf(file)
  expect(sheet?.rows).toEqual([
    ['7', '1.5', '12345678901234567000', '2026-11-01 00:00:00', 'TRUE', '#N/A', '空白'],
    ['=A1*2'],
  ])
  expect(sheet?.odd).toEqual([
    { row: 0, column: 2, kind: 'rounded' },
    { row: 0, column: 3, kind: 'date' },
    { row: 0, column: 5, kind: 'error' },
    { row: 1, column: 0, kind: 'formula' },
  ])
  expect(sheet?.merges).toEqual([{ top: 2, left: 0, bottom: 3, right: 1 }])
})

/** An archive of one part, which may lie about its size, and of empty ones beside it. */
function archive(
  name: string,
  content: Uint8Array,
  declared = content.length,
  flags = 0,
  beside: string[] = [],
): Buffer {
  const packed = deflateRawSync(content)
  const text = Buffer.from(name)
  const facts = (at: number, size: number) => {
    const head = Buffer.alloc(size)
    head.writeUInt16LE(flags, at)
    head.writeUInt16LE(8, at + 2)
    head.writeUInt32LE(packed.length, at + 12)
    head.writeUInt32LE(declared, at + 16)
    head.writeUInt16LE(text.length, at + 20)
    return head
  }
  const local = facts(6, 30)
  local.writeUInt32LE(0x04034b50, 0)
  const central = facts(8, 46)
  central.writeUInt32LE(0x02014b50, 0)
  const empty = beside.map((other) => {
    const entry = Buffer.alloc(46 + Buffer.byteLength(other))
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(Buffer.byteLength(other), 28)
    entry.write(other, 46)
    return entry
  })
  const contents = Buffer.concat([central, text, ...empty])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1 + empty.length, 8)
  end.writeUInt16LE(1 + empty.length, 10)
  end.writeUInt32LE(contents.length, 12)
  end.writeUInt32LE(local.length + text.length + packed.length, 16)
  return Buffer.concat([local, text, packed, contents, end])
}

const ole2 = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])

describe('a file that is no workbook is refused by what it is', () => {
  test.for([
    { when: 'nothing', file: Buffer.alloc(0), gives: { kind: 'not-a-workbook', looksLike: 'nothing' } },
    {
      when: 'a text renamed .xlsx',
      file: Buffer.from('钉钉,企业微信\nu001,zhangsan\n'),
      gives: { looksLike: 'text' },
    },
    {
      when: 'a text of two bytes a letter',
      file: Buffer.from('\uFEFFa,b', 'utf16le'),
      gives: { looksLike: 'text' },
    },
    {
      when: 'a web page named .xls by its maker',
      file: Buffer.from('<html><table>'),
      gives: { looksLike: 'html' },
    },
    { when: 'a picture', file: Buffer.from([0x89, 0x50, 0, 1]), gives: { looksLike: 'unknown' } },
    { when: 'an old .xls', file: Buffer.concat([ole2, Buffer.alloc(600)]), gives: { looksLike: 'xls' } },
    {
      when: 'a workbook with a password',
      file: Buffer.concat([ole2, Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]),
      gives: { kind: 'encrypted' },
    },
    {
      when: 'a Word document',
      file: archive('word/document.xml', Buffer.from('<w/>')),
      gives: { looksLike: 'docx' },
    },
    { when: 'a plain archive', file: archive('a.txt', Buffer.from('a')), gives: { looksLike: 'zip' } },
    {
      when: 'an archive with a password',
      file: archive('[Content_Types].xml', Buffer.from('<a/>'), undefined, 1),
      gives: { kind: 'encrypted' },
    },
    {
      when: 'a workbook without sheets',
      file: archive('[Content_Types].xml', Buffer.from('<a/>')),
      gives: { kind: 'damaged' },
    },
  ])('$when', async ({ file, gives }) => {
    expect(await problemOf(file)).toMatchObject(gives)
  })

  test('a workbook cut off anywhere', async () => {
    const file = await writeWorkbook([planOf([['a']])])
    for (const part of [0.1, 0.5, 0.9, 0.999])
      expect(await problemOf(file.subarray(0, Math.floor(file.length * part)))).toEqual({ kind: 'damaged' })
  })

  test('any noise at all, by a problem and never by an error', async () => {
    const head = fc.constantFrom('PK\x03\x04', '', 'PK\x05\x06')
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 300 }), async (magic, noise) => {
        const read = await readWorkbook(Buffer.concat([Buffer.from(magic), noise]), systemClock)
        expect(read.ok).toBe(false)
      }),
    )
  })
})

describe('a file made to cost too much is refused before it does', () => {
  test('50 MB', async () => {
    expect(await problemOf(Buffer.alloc(50 * 1024 * 1024))).toEqual({
      kind: 'too-large',
      megabytes: 50,
      most: 20,
    })
  })

  test('a zip bomb, honest or lying about its size', async () => {
    const name = '[Content_Types].xml'
    const zeros = Buffer.alloc(30 * 1024 * 1024)
    expect(await problemOf(archive(name, zeros), { unpackedBytes: 1e7 })).toMatchObject({
      kind: 'unpacks-too-large',
    })
    expect(await problemOf(archive(name, zeros, 0))).toEqual({ kind: 'damaged' })
    expect(await problemOf(archive(name, zeros, 100))).toEqual({ kind: 'damaged' })
  })

  const tooManyCells = { kind: 'too-many-cells', rows: 43_000 }
  test.for([
    { when: 'cells', part: 'xl/worksheets/sheet1.xml', unit: '<c><v>1</v></c>', gives: tooManyCells },
    {
      when: 'rows with nothing in them',
      part: 'xl/worksheets/sheet1.xml',
      unit: '<row/>',
      gives: tooManyCells,
    },
    { when: 'tags within tags', part: 'xl/worksheets/sheet1.xml', unit: '<a>', gives: tooManyCells },
    {
      when: 'merged cells',
      part: 'xl/worksheets/sheet1.xml',
      unit: '<mergeCell ref="A1"/>',
      gives: tooManyCells,
    },
    { when: 'texts', part: 'xl/sharedStrings.xml', unit: '<si><t>a</t></si>', gives: tooManyCells },
    { when: 'styles', part: 'xl/styles.xml', unit: '<xf numFmtId="0"/>', gives: tooManyCells },
    {
      when: 'one text without an end',
      part: 'xl/worksheets/sheet1.xml',
      unit: '&amp;',
      gives: { kind: 'text-too-long', most: 256 },
    },
    {
      when: 'one tag of a million attributes',
      part: 'xl/styles.xml',
      unit: ' a="1"',
      gives: { kind: 'text-too-long', most: 256 },
    },
  ])('a small file that unpacks to 100 MB of $when', { timeout: 10_000 }, async ({ part, unit, gives }) => {
    const content = Buffer.concat([Buffer.from('<x>'), Buffer.alloc(100 * 1024 * 1024, unit)])
    const file = archive(part, content, content.length, 0, ['[Content_Types].xml'])
    expect(file.length).toBeLessThan(1024 * 1024)
    // Weighing takes a second; reading it would take minutes.
    expect(await problemOf(file)).toEqual(gives)
  })

  test('a table of contents that points to another one', async () => {
    const file = archive('[Content_Types].xml', Buffer.from('<a/>'))
    file.writeUInt32LE(0xffffffff, file.length - 10)
    expect(await problemOf(file)).toEqual({ kind: 'damaged' })
  })

  test('one whose reading takes longer than it may', async () => {
    const file = await writeWorkbook([planOf(Array.from({ length: 20_000 }, (_, row) => [`${row}`]))])
    expect(await problemOf(file, { threadMs: 1 })).toEqual({ kind: 'too-heavy' })
  })

  test('one whose reading takes more memory than it may', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => [`${row} a`, `${row} b`, `${row} c`])
    const file = await writeWorkbook([planOf(rows)])
    expect(await problemOf(file, { threadMegabytes: 16 })).toEqual({ kind: 'too-heavy' })
  })

  test.for([
    {
      when: 'too many rows',
      rows: Array.from({ length: 51 }, () => ['a']),
      gives: { kind: 'too-many-rows', sheet: '表', most: 50 },
    },
    {
      when: 'too many columns',
      rows: [Array.from({ length: 11 }, () => 'a')],
      gives: { kind: 'too-many-columns', sheet: '表', most: 10 },
    },
    {
      when: 'a cell too long',
      rows: [['a', '龙'.repeat(40)]],
      gives: { kind: 'cell-too-long', sheet: '表', cell: 'B2', most: 100 },
    },
  ])('$when', async ({ rows, gives }) => {
    const file = await writeWorkbook([planOf(rows)])
    expect(await problemOf(file, { rows: 50, columns: 10, cellBytes: 100 })).toEqual(gives)
  })

  test('two cells at the far corners of a sheet', async () => {
    const cells = new Map([['900000,200', { value: 'a' }]])
    const file = await writeXlsx({ sheets: [{ name: '表', rows: [['a']], cells }] })
    expect(await problemOf(file)).toMatchObject({ kind: 'too-many-rows', sheet: '表' })
  })
})
