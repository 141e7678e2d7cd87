import { createMetrics, type Metrics } from '#http/metrics.ts'
import { type RunningHttp, startHttp } from '#http/start-http.ts'
import { callbackSecretOf } from '#sandbox/callback-seal.ts'
import { createSandbox, type Sandbox } from '#sandbox/sandbox.ts'
import { postOut } from '#sandbox/server-events.ts'
import { type Database, openDatabase } from '#store/database.ts'
import { countInbox } from '#store/inbox.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal } from '#store/seal.ts'
import { defaultTenant } from '#store/setup.ts'
import { callbackDesk } from '../../src/app/callbacks.ts'
import { openInbox } from '../../src/app/inbox.ts'
import { type AppParts, noLog, noWakeUps } from '../../src/app/parts.ts'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/this-machine.ts'

const seed = 1

/** Keys of the two callback addresses, as setup.yaml has them. */
export const callbackKeys = {
  dingtalk: callbackSecretOf(seed, 'dingtalk'),
  wecom: callbackSecretOf(seed, 'wecom'),
}

/** The product's callback addresses on a real port, over a real database, set up from a setup.yaml. */
export type CallbackService = AsyncDisposable & {
  parts: AppParts
  database: Database
  /** Both platforms; they reach out over the network. */
  sandbox: Sandbox
  http: RunningHttp
  metrics: Metrics
  /** The refusals that were logged. */
  refusals: string[]
  corps: { dingtalk: { corpId: string; clientId: string }; wecom: { corpId: string } }
}

/** Starts it. `hq-dingtalk` and `hq-wecom` take callbacks; `branch-dingtalk` takes none. */
export async function startCallbackService(
  config: Parameters<typeof openDatabase>[0],
  change: Partial<Parameters<typeof startHttp>[0]> = {},
): Promise<CallbackService> {
  const database = openDatabase(config)
  await migrate(database)
  const now = () => Temporal.Now.instant()
  const sandbox = createSandbox({ seed, people: 3, now, events: 'http', post: postOut })
  const { setupYaml, credentials } = sandbox.ready()
  const parts: AppParts = {
    ...{ clock: systemClock, random: Math.random, transport: sandbox.transport, database },
    ...{ seal: createSeal(Buffer.alloc(32, 1)), tenant: await defaultTenant(database.kysely) },
    ...{ holder: 'test', actor: 'test', env: {}, onBug: String, log: noLog, openWakeUps: noWakeUps },
    options: {
      ...{ version: 'test', home: '', databaseKind: 'embedded', pace: 'off', timeoutMs: 20_000 },
      ...{ contactsMaxAgeMs: 3_600_000, visibilityMaxMs: 2_700_000, laneWaitMs: 60_000, callLogDays: 180 },
      ...{ rawDays: 90, runHistoryDays: 400, eventDays: 30, callbackMaxAgeMs: 900_000, domainProofs: [] },
      ...{
        streamConnections: 1,
        writeBackMonths: 1,
        slotRadiusMs: 14_400_000,
        wrongProbeShare: 0.05,
        isDemo: false,
      },
    },
  }
  const text = setupYaml.replace(
    'routes:',
    '  - { id: branch-dingtalk, subsidiary: hq, platform: dingtalk, corpId: ding2, clientId: c2, clientSecret: s2 }\nroutes:',
  )
  await createApp(parts).apply({ text, file: 'setup.yaml', dryRun: false })

  const metrics = createMetrics()
  const refusals: string[] = []
  const http = await startHttp({
    operations: {
      status: async () => ({ version: 'test', home: '', database: 'embedded', routes: [], alarms: [] }),
      runs: async () => [],
      people: async () => [],
    },
    ...{ isReady: () => true, metrics, clock: systemClock, host: '127.0.0.1', port: 0, onBug: String },
    callbacks: callbackDesk(parts, openInbox(parts)),
    inbox: () => countInbox(database.kysely, parts.tenant),
    onRefusedCallback: (connection, outcome) => refusals.push(`${connection} ${outcome}`),
    ...change,
  })
  return {
    ...{ parts, database, sandbox, http, metrics, refusals, corps: credentials },
    async [Symbol.asyncDispose]() {
      await http.close()
      await database.close()
      sandbox.close()
    },
  }
}
