import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openJournal } from './journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'qintong-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what was flushed is read back in key order; what was not, is not', () => {
  const file = join(folder, 'a.sqlite')
  const journal = openJournal(file)
  journal.put('colour', 'b', { n: 2 })
  journal.put('colour', 'a', { n: 1 })
  journal.put('other', 'a', 'x')
  journal.flush()
  journal.put('colour', 'a', { n: 3 })
  journal.remove('other', 'a')
  const beside = openJournal(file)
  expect(beside.load('colour')).toEqual([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
  ])
  journal.flush()
  expect(beside.load('colour')[0]).toEqual(['a', { n: 3 }])
  expect(beside.load('other')).toEqual([])
  journal.close()
  beside.close()
})

test('without a file nothing is kept', () => {
  const journal = openJournal(undefined)
  journal.put('colour', 'a', 1)
  journal.flush()
  expect(journal.load('colour')).toEqual([])
})
