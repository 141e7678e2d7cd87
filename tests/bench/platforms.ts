import { serveSandbox } from '#sandbox/server.ts'
import { systemClock } from '../../src/this-machine.ts'

/**
 * Both platforms in a process of their own, behind real ports. Arguments: a JSON object of createSandbox's options, and how
 * many companies (1). Prints the ready documents, a JSON array, and serves until it is ended.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>
const companies = Number(process.argv[3] ?? 1)
const servers = await Promise.all(
  Array.from({ length: companies }, (_, i) =>
    serveSandbox({ seed: 1 + i, port: 0, now: systemClock.now, ...options }),
  ),
)
console.log(JSON.stringify(servers.map((server) => server.ready())))
