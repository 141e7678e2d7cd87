import { hostname } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Operations } from '#cli/operations.ts'
import { openWakeUps } from '#engine/wake-ups.ts'
import { createAddressPace } from '#platforms/address-pace.ts'
import { sendMail } from '#platforms/channels/smtp.ts'
import { createSocketOpener } from '#platforms/dingtalk/stream/ws-socket.ts'
import { punctual } from '#platforms/punctual.ts'
import { createHttpTransport } from '#platforms/transport.ts'
import type { Settings } from '#settings/settings.ts'
import { addressBans } from '#store/address-bans.ts'
import { bringUpToDate } from '#store/bring-up-to-date.ts'
import { openDatabase } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { openHome } from '#store/home.ts'
import type { AppParts } from './app/parts.ts'
import { tenantNamed } from './app/tenants.ts'
import { createApp } from './app.ts'
import { openBackups } from './open-backups.ts'
import { openSeal, settledKey } from './open-seal.ts'
import { actorOf, buildVersion, systemClock } from './this-machine.ts'

/** JSON lines in `<home>/logs/qintong.log`, where unexpected errors go too. */
const openLog = (home: string, level: string) =>
  pino(
    { level, base: { pid: process.pid } },
    pino.destination({ dest: join(home, 'logs', 'qintong.log'), mkdir: true, sync: true, mode: 0o600 }),
  )

/** A database that is silent for this share of a lease is gone: its user knows it before others take the lanes over. */
const silentShareOfLease = 5 / 6

/** Processes with the same name leave by the same address: through one proxy, from one machine, or as the setting says. */
const addressOf = ({ httpsProxy, processesAtAddress }: Settings): string => {
  if (httpsProxy) return `proxy ${new URL(httpsProxy).host}`
  return processesAtAddress > 1 ? 'shared' : hostname()
}

/** Opens the product on real time, a real network and the home's database, brought up to date. */
export async function openApp(
  settings: Settings & { isDemo?: boolean; tenant?: string | undefined },
  onBug: (error: unknown) => string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Operations> {
  const home = await openHome({ path: settings.home, secretKey: settings.secretKey })
  const embedded = settings.databaseUrl ? null : await startEmbedded({ home: home.path })
  const connect = embedded ? embedded.config : { connectionString: settings.databaseUrl! }
  const silentAfterMs = settings.laneLeaseMs * silentShareOfLease
  const database = openDatabase(connect, undefined, silentAfterMs)
  const transport = createHttpTransport({ ...(settings.httpsProxy && { proxy: settings.httpsProxy }) })
  const close = async () => {
    await transport.close()
    await database.close()
    await embedded?.release()
  }
  try {
    await bringUpToDate(connect)
    const secretKey = await settledKey(home, database.kysely)
    const tenant = await tenantNamed(database.kysely, settings.tenant ?? 'default')
    const parts: AppParts = {
      clock: systemClock,
      random: Math.random,
      transport: punctual(transport, systemClock),
      addressPace: createAddressPace({
        clock: systemClock,
        share: settings.pace / settings.processesAtAddress,
        sharedBans: addressBans(database.kysely, {
          ...{ tenant, address: addressOf(settings), now: systemClock.now },
        }),
      }),
      sendMail,
      openSocket: createSocketOpener({ proxy: settings.httpsProxy }),
      database,
      seal: await openSeal({ ...home, secretKey }, database.kysely),
      tenant,
      holder: `${hostname()} pid ${process.pid}`,
      actor: actorOf(),
      env,
      openWakeUps: (onError) => openWakeUps(connect, onError),
      ...(embedded && { revive: embedded.ensureRunning }),
      backups: openBackups(settings, { connect, secretKey, build: buildVersion, clock: systemClock }),
      onBug,
      log: openLog(home.path, settings.logLevel),
      options: {
        version: buildVersion,
        home: settings.home,
        databaseKind: embedded ? 'embedded' : 'external',
        pace: settings.pace,
        timeoutMs: settings.timeoutMs,
        contactsMaxAgeMs: settings.contactsMaxAgeMs,
        visibilityMaxMs: settings.visibilityMaxMs,
        laneWaitMs: settings.laneWaitMs,
        laneLeaseMs: settings.laneLeaseMs,
        callLogDays: settings.callLogDays,
        rawDays: settings.rawDays,
        runHistoryDays: settings.runHistoryDays,
        eventDays: settings.eventDays,
        streamConnections: settings.streamConnections,
        callbackMaxAgeMs: settings.callbackMaxAgeMs,
        domainProofs: settings.domainProofs,
        writeBackMonths: settings.writeBackMonths,
        closingVerdicts: settings.closingVerdicts,
        slotRadiusMs: settings.slotRadiusMs,
        wrongProbeShare: settings.wrongProbeShare,
        publicUrl: settings.publicUrl,
        workerPort: settings.workerPort,
        isDemo: settings.isDemo === true,
      },
    }
    return createApp(parts, close)
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}
