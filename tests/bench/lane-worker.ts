import { openWakeUps } from '#engine/wake-ups.ts'
import { createHttpTransport } from '#platforms/transport.ts'
import { createChance } from '#simulation/chance.ts'
import { simulationOptions } from '#simulation/company.ts'
import { openDatabase } from '#store/database.ts'
import { createSeal } from '#store/seal.ts'
import { defaultTenant } from '#store/setup.ts'
import { noLog } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'

/**
 * A worker as `serve --role worker` is one, that runs so many lanes at once. Arguments: the database's address, lanes at
 * once. Says `ready`, works until SIGTERM, and then says how much of a core it used, milliseconds.
 */
const [url = '', lanesAtOnce = '16'] = process.argv.slice(2)
const database = openDatabase({ connectionString: url })
const transport = createHttpTransport({})
const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
const app = createApp({
  clock: systemClock,
  random: createChance(process.pid),
  transport,
  database,
  seal: createSeal(Buffer.alloc(32, 1)),
  tenant: await defaultTenant(database.kysely),
  holder: `pid ${process.pid}`,
  actor: 'bench',
  env: {},
  openWakeUps: (onError) => openWakeUps({ connectionString: url }, onError, Number(lanesAtOnce)),
  log: noLog,
  onBug: (error) => {
    console.error(error)
    return 'bug'
  },
  options: { ...simulationOptions, pace: 1, visibilityMaxMs: 5_000 },
})
const before = process.cpuUsage()
await app.serve({
  ...{ role: 'worker', host: '127.0.0.1', port: 0, signal: stopping.signal },
  onReady: () => console.log('ready'),
})
const { user, system } = process.cpuUsage(before)
console.log(Math.round((user + system) / 1000))
await database.close()
await transport.close()
process.exit()
