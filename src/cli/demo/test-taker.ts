import { setTimeout as pause } from 'node:timers/promises'
import { takeInstance } from './instance-lock.ts'

// A process of its own that takes a home, says what it got, and stays until it is ended.
const [home = ''] = process.argv.slice(2)
let rounds = 0
const clock = {
  now: () => Temporal.Now.instant(),
  async sleep(ms: number) {
    await pause(ms)
    rounds += 1
    if (rounds === 10) process.stdout.write('waiting\n')
  },
}
const instance = await takeInstance(home, import.meta.filename, clock, new AbortController().signal)
process.stdout.write(`${instance.kind}\n`)
process.stdin.resume()
