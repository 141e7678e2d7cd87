import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MappingFacts, toMappingRows } from '#domain/mapping-table.ts'
import { messagesIn } from '#messages/messages.ts'
import { planLinksBook } from '#sheets/links-book.ts'
import { readMappingSheet } from '#sheets/mapping-sheet.ts'
import { readWorkbook } from '#sheets/read-workbook.ts'
import type { SheetText } from '#sheets/workbook.ts'
import { writeWorkbook } from '#sheets/write-workbook.ts'
import { systemClock } from '../../src/this-machine.ts'

/**
 * A spreadsheet program of another maker opens our workbook and saves it again: every cell must come back as it was,
 * and what a reader sees must be what we wrote. Needs `soffice` (LibreOffice Calc) on the PATH, and says so without it.
 */
const userIds = ['007', '=1+1', "=cmd|' /C calc'!A0", '+1', '-1', '@x', '1E5', '2026-11-01', 'TRUE', '#N/A']
const oddIds = ['_x0041_', '12345678901234567890', '"引号"', "'", '<b>', 'a\nb', '𠮷野', '😀', '龘', 'ß']

const account = (connection: string, userId: string) => ({
  connection,
  key: userId,
  userId,
  name: `${userId}先生`,
  person: `p_${userId}`,
  subsidiary: '总部',
  departments: ['总部/研发中心'],
  jobNumber: userId,
  mobileTail: '0012',
  isActive: true,
  hasLeft: false,
})

const ids = [...userIds, ...oddIds]
const facts: MappingFacts = {
  routes: [{ key: 'hq', dingtalk: 'hq-dingtalk', wecom: 'hq-wecom' }],
  accounts: ids.flatMap((id) => [account('hq-dingtalk', id), account('hq-wecom', id)]),
  outcomes: ids.map((id) => ({
    route: 'hq',
    sourceKey: id,
    status: 'linked',
    twinKey: id,
    because: [{ code: 'same-name', name: id }],
    probability: 0.9995,
    wouldChange: [],
    candidates: [],
  })),
  decisions: [{ route: 'hq', sourceKey: '007', targetKey: '007', decision: 'link' }],
}

async function sheetsIn(file: string): Promise<SheetText[]> {
  const read = await readWorkbook(readFileSync(file), systemClock)
  if (!read.ok) throw new Error(`the workbook was refused: ${read.problem.kind}`)
  return read.sheets
}

/** Whether the program answered; throws what it said when it failed. */
function convert(folder: string, to: string, file: string): void {
  const home = join(folder, 'profile')
  const argv = [`-env:UserInstallation=file://${home}`, '--headless', '--convert-to', to, '--outdir']
  const run = spawnSync('soffice', [...argv, join(folder, 'out'), file], {
    encoding: 'utf8',
    timeout: 180_000,
  })
  if (run.status !== 0) throw new Error(`soffice failed: ${run.stderr || run.error?.message}`)
}

const folder = mkdtempSync(join(tmpdir(), 'spreadsheet-'))
try {
  if (spawnSync('soffice', ['--version']).error) {
    console.log('skipped: no soffice on the PATH (Debian: apt-get install libreoffice-calc)')
  } else {
    const file = join(folder, 'links.xlsx')
    writeFileSync(file, await writeWorkbook(planLinksBook(toMappingRows(facts), [], messagesIn('zh'))))
    const ours = await sheetsIn(file)

    convert(folder, 'xlsx:Calc MS Excel 2007 XML', file)
    const theirs = await sheetsIn(join(folder, 'out', 'links.xlsx'))
    const faults = ours.flatMap((sheet, nth) => differencesOf(sheet, theirs[nth]))
    const table = readMappingSheet(theirs)
    if (!table.ok) faults.push(`the mapping table is lost: ${table.problem.kind}`)
    else if (table.table.entries.length !== ids.length) faults.push('rows are lost')

    // Field by field as text, the first sheet as a reader sees it.
    convert(folder, 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false', file)
    const seen = readFileSync(join(folder, 'out', 'links.csv'), 'utf8')
    for (const id of ids)
      if (!seen.includes(id.replaceAll('"', '""'))) faults.push(`a reader does not see ${JSON.stringify(id)}`)

    for (const fault of faults) console.log(fault)
    const cells = ours.reduce((sum, { rows }) => sum + rows.flat().length, 0)
    console.log(`LibreOffice opened and saved ${ours.length} sheets, ${cells} cells: ${faults.length} differ`)
    process.exitCode = faults.length === 0 ? 0 : 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function differencesOf(ours: SheetText, theirs: SheetText | undefined): string[] {
  if (theirs?.name !== ours.name) return [`sheet ${ours.name} is lost`]
  const faults = ours.rows.flatMap((row, nth) =>
    row.flatMap((text, column) => {
      const got = theirs.rows[nth]?.[column] ?? ''
      return got === text
        ? []
        : [`${ours.name} row ${nth + 1}: ${JSON.stringify(text)} became ${JSON.stringify(got)}`]
    }),
  )
  return [...faults, ...theirs.odd.map(({ row, kind }) => `${ours.name} row ${row + 1} holds a ${kind}`)]
}
