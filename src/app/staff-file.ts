import { open } from 'node:fs/promises'
import type { StaffAccount } from '#domain/identity/staff-account.ts'
import { toMobile } from '#platforms/mobile.ts'

/** Why a line of a staff file was passed over; `duplicate` names the line that said the same before. */
export type BadLine = {
  line: number
  problem: 'not-json' | 'not-an-object' | 'no-connection' | 'no-user-id' | 'duplicate'
}

export type StaffFile = { accounts: StaffAccount[]; badLines: BadLine[] }

/**
 * Reads one account a line (JSON). Lines that cannot be read are named and passed over; unknown keys are ignored, a
 * field of the wrong kind is as if it were missing. Throws what the file system throws.
 */
export async function readStaffFile(path: string): Promise<StaffFile> {
  const found: StaffFile = { accounts: [], badLines: [] }
  const taken: Taken = { first: new Map(), more: new Map() }
  // What many people share is kept once: JSON makes a new text of every field.
  const texts = new Map<string, string>()
  const one = (text: string) => texts.getOrInsert(text, text)
  await using file = await open(path)
  let line = 0
  for await (const text of file.readLines({ encoding: 'utf8' })) {
    line++
    const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text
    if (bare.trim() === '') continue
    const account = readLine(bare, one)
    if (typeof account === 'string') found.badLines.push({ line, problem: account })
    else keep(found, account, line, taken)
  }
  return found
}

/** User ids read so far: where each one's first account stands, and all accounts of those that came again. */
type Taken = { first: Map<string, number>; more: Map<string, StaffAccount[]> }

/** A second line of one user id is a second holder, unless it says exactly the same. */
function keep(found: StaffFile, account: StaffAccount, line: number, taken: Taken): void {
  const first = taken.first.get(account.id)
  if (first === undefined) {
    taken.first.set(account.id, found.accounts.push(account) - 1)
    return
  }
  const holders = taken.more.get(account.id) ?? [found.accounts[first]!]
  const said = JSON.stringify(account)
  if (holders.some((holder) => JSON.stringify({ ...holder, id: account.id }) === said)) {
    found.badLines.push({ line, problem: 'duplicate' })
    return
  }
  const next = { ...account, id: `${account.id}#${holders.length + 1}` }
  taken.more.set(account.id, [...holders, next])
  found.accounts.push(next)
}

function readLine(text: string, one: (text: string) => string): StaffAccount | BadLine['problem'] {
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch {
    return 'not-json'
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'not-an-object'
  const field = (name: string) => textOf((row as Record<string, unknown>)[name])
  const shared = (name: string) => {
    const value = field(name)
    return value === null ? null : one(value)
  }
  const connection = shared('connection')
  const userId = field('userId')
  if (connection === null) return 'no-connection'
  if (userId === null) return 'no-user-id'
  const mobile = mobileOf(field('mobile'))
  const { departments } = row as { departments?: unknown }
  return {
    id: `${connection}:${userId}`,
    connection,
    userId,
    name: field('name') ?? '',
    mobile,
    mobileTail: mobile === null ? null : one(mobile.slice(-4)),
    jobNumber: field('jobNumber'),
    email: field('email'),
    departments: textsOf(departments).map(one),
    title: shared('title'),
    manager: shared('manager'),
    hiredOn: shared('hiredOn'),
    leftOn: shared('leftOn'),
  }
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== null)

const textOf = (value: unknown): string | null => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** A number nobody can read stands in nobody's way. */
function mobileOf(written: string | null): string | null {
  try {
    return toMobile(written?.normalize('NFKC'))
  } catch {
    return null
  }
}
