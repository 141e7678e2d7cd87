import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { resolveIdentities } from '#domain/identity/resolve.ts'
import { openResolver } from '#domain/identity/resolver.ts'
import { nothingKnown, type StaffAccount } from '#domain/identity/staff-account.ts'

/**
 * A process of its own for one company: reads accounts from a file, resolves them (`whole`) or keeps up with changes of
 * single accounts (`changes`), and prints what that took.
 */
const [, , file = '', what = 'whole'] = process.argv
const changes = 300
const accounts: StaffAccount[] = []
for await (const line of createInterface({ input: createReadStream(file) }))
  accounts.push(JSON.parse(line) as StaffAccount)

const peakMb = () => process.resourceUsage().maxRSS / 1024
const before = { accounts: accounts.length, readMb: peakMb() }

if (what === 'whole') {
  const began = performance.now()
  const resolution = resolveIdentities(accounts, nothingKnown)
  const ms = performance.now() - began
  console.log(JSON.stringify({ ...before, ms, linked: resolution.counts.linked, peakMb: peakMb() }))
} else {
  const resolver = openResolver(accounts, nothingKnown)
  const times: number[] = []
  for (let n = 0; n < changes; n++) {
    // Two accounts far from each other: each takes over the other one's name, which is what reaches the most people.
    const account = accounts[Math.floor((n * accounts.length) / changes)]!
    const other = accounts[(n * 7919) % accounts.length]!
    const began = performance.now()
    resolver.change({
      kind: 'account',
      account: { ...account, name: other.name, departments: other.departments },
    })
    times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]!
  console.log(
    JSON.stringify({ ...before, medianMs: at(0.5), mostMs: at(1), nearlyMs: at(0.99), peakMb: peakMb() }),
  )
}
