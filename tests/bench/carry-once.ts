import { createSandbox } from '#sandbox/sandbox.ts'
import { openDatabase } from '#store/database.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { defaultTenant } from '#store/setup.ts'
import { noLog, noWakeUps } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'

/**
 * One company carried from nothing to verified, then synced again, in a process of its own so that its peak memory is
 * its own. Arguments: people, days, database config as JSON. Prints one JSON line.
 */
const [people, days, config] = [
  Number(process.argv[2]),
  Number(process.argv[3]),
  JSON.parse(process.argv[4]!),
]

const database = openDatabase(config)
await migrate(database)
// What is punched while the bench runs lies after the window.
const now = Temporal.Now.instant()
const sandbox = createSandbox({
  seed: 1,
  people,
  days,
  style: 'plain',
  limits: 'off',
  compact: true,
  now: () => Temporal.Now.instant(),
})
const app = createApp({
  clock: systemClock,
  random: Math.random,
  transport: sandbox.transport,
  database,
  seal: createSeal(Buffer.alloc(32, 1)),
  tenant: await defaultTenant(database.kysely),
  holder: 'bench',
  actor: 'bench',
  env: {},
  onBug: String,
  log: noLog,
  openWakeUps: noWakeUps,
  options: {
    version: 'bench',
    home: '',
    databaseKind: 'embedded',
    pace: 'off',
    timeoutMs: 60_000,
    contactsMaxAgeMs: 3_600_000,
    visibilityMaxMs: 2_700_000,
    laneWaitMs: 60_000,
    callLogDays: 180,
    rawDays: 90,
    runHistoryDays: 400,
    eventDays: 30,
    streamConnections: 1,
    callbackMaxAgeMs: 900_000,
    domainProofs: [],
    writeBackMonths: 6,
    slotRadiusMs: 14_400_000,
    wrongProbeShare: 0.25,
    isDemo: false,
  },
})
await app.apply({ text: sandbox.ready().setupYaml, file: 'setup.yaml', dryRun: false })
const sync = async (how: { from?: string; mayReuseContacts?: boolean } = {}) => {
  const start = performance.now()
  const report = await app.sync({
    route: 'hq',
    to: now.toString(),
    ...how,
    waitMs: 90_000,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  return { report, ms: performance.now() - start }
}
const first = await sync()
const peakMb = process.resourceUsage().maxRSS / 1024
// The whole window once more, as `serve` does it: rosters read within the hour are not read again.
const again = await sync({ from: first.report.window.from, mayReuseContacts: true })
console.log(
  JSON.stringify({
    people,
    days,
    firstMs: first.ms,
    againMs: again.ms,
    peakMb,
    punches: first.report.punches,
    deliveries: first.report.deliveries,
    calls: first.report.calls,
    leastCalls: first.report.leastCalls,
    again: { punches: again.report.punches, deliveries: again.report.deliveries, calls: again.report.calls },
  }),
)
await database.close()
sandbox.close()
