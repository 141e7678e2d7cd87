import type { ForeignFormat } from '#domain/sheet-problem.ts'
import type { Messages } from '../zh.ts'
import { links } from './links.ts'

const formats: Record<ForeignFormat, string> = {
  nothing: 'an empty file',
  xls: 'an old Excel file (.xls)',
  xlsb: 'a binary Excel workbook (.xlsb)',
  ods: 'an OpenDocument spreadsheet (.ods)',
  numbers: 'a Numbers spreadsheet',
  docx: 'a Word document',
  pptx: 'a presentation',
  zip: 'an ordinary archive',
  html: 'a web page or XML text',
  text: 'plain text (such as .csv)',
  unknown: 'something else',
}

const saveAs = 'Open it with Excel, WPS or LibreOffice, save it as an Excel workbook (.xlsx) and import that.'
const list = (names: string[]) => names.map((name) => `"${name}"`).join(', ')

/** Why a workbook cannot be taken, and what to do. */
export const sheetProblem: Messages['sheetProblem'] = (problem) => {
  switch (problem.kind) {
    case 'unreadable':
      return { title: `cannot be read: ${problem.reason}`, hint: 'Check the path and the permissions.' }
    case 'too-large':
      return {
        title: `it has ${problem.megabytes} MB; at most ${problem.most} MB are read`,
        hint: 'Remove pictures and other sheets, or split it by route: npx qintong links export FILE.xlsx --route R.',
      }
    case 'not-a-workbook':
      return { title: `it is no .xlsx workbook but seems to be ${formats[problem.looksLike]}`, hint: saveAs }
    case 'encrypted':
      return {
        title: 'it is protected by a password',
        hint: 'Remove the password in the spreadsheet program, save it and import that.',
      }
    case 'damaged':
      return { title: 'it is incomplete or damaged', hint: `Copy or download it once more. Or: ${saveAs}` }
    case 'unpacks-too-large':
      return {
        title: `it holds more than ${problem.most} MB unpacked and was not opened`,
        hint: 'Remove other sheets, formatting and pictures.',
      }
    case 'too-heavy':
      return {
        title: 'it holds so much that reading it was stopped',
        hint: 'Copy the rows that matter into a new workbook and import that.',
      }
    case 'too-many-cells':
      return {
        title: `it has too many cells and was not opened; about ${problem.rows} rows of the mapping table fit`,
        hint: 'Remove other sheets, spare rows and formatting; if there really are so many, split them by route: npx qintong links export FILE.xlsx --route R.',
      }
    case 'text-too-long':
      return {
        title: `it holds a single text of more than ${problem.most} kB and was not opened`,
        hint: 'Copy the rows that matter into a new workbook and import that.',
      }
    case 'too-many-rows':
      return {
        title: `sheet "${problem.sheet}" has more than ${problem.most} rows`,
        hint: 'Delete the empty rows at the end; if there really are so many, split them by route.',
      }
    case 'too-many-columns':
      return {
        title: `sheet "${problem.sheet}" has more than ${problem.most} columns`,
        hint: 'Delete the columns on the right that are not needed.',
      }
    case 'cell-too-long':
      return {
        title: `cell ${problem.cell} of sheet "${problem.sheet}" has more than ${problem.most} bytes`,
        hint: 'Make it shorter.',
      }
    case 'no-such-sheet':
      return {
        title: `there is no sheet "${links.sheets.mapping}", only ${list(problem.sheets)}`,
        hint: `Call the sheet to import "${links.sheets.mapping}"; its titles must include "${links.columns.dingtalkUser}" and "${links.columns.wecomUser}".`,
      }
    case 'no-header':
      return {
        title: `the titles of sheet "${problem.sheet}" lack ${list(problem.missing.map((column) => links.columns[column]))}`,
        hint: `The titles belong into one of the first rows and must include "${links.columns.dingtalkUser}" and "${links.columns.wecomUser}"; npx qintong links export writes one to copy from.`,
      }
    case 'repeated-header':
      return {
        title: `sheet "${problem.sheet}" has the column "${links.columns[problem.column]}" twice (${problem.cell})`,
        hint: 'Keep one of them and rename the other.',
      }
    case 'no-rows':
      return {
        title: `sheet "${problem.sheet}" has titles but no rows`,
        hint: 'Write the accounts to be linked below the titles.',
      }
  }
}
