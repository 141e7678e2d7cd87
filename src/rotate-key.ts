import { fail } from '#domain/failures.ts'
import type { Settings } from '#settings/settings.ts'
import { openDatabase, processName } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { nextKeyFile, openHome, takeNextKey, writeFreshKey } from '#store/home.ts'
import { readOthersConnected, readPrintKey, resealAll } from '#store/keys.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal, printKeyOf } from '#store/seal.ts'
import { openSeal } from './open-seal.ts'

/** What was done: how much was sealed anew, and where the new key stands. */
export type KeyRotation = { resealed: number; file: string; isVariable: boolean }

/**
 * Seals everything with a fresh key. The new key is on disk before anything is sealed with it, and the old one stays
 * beside it, so that a kill at any point leaves a key that opens everything. Refused while other processes of ours are
 * connected, for they would go on with the old key. `to`: where the new key is written when QINTONG_SECRET_KEY holds the
 * old one. Failures: `keys.in-use`, `usage.invalid`, `home.*`, `store.*`.
 */
export async function rotateKey(settings: Settings, to?: string): Promise<KeyRotation> {
  const home = await openHome({ path: settings.home, secretKey: settings.secretKey })
  const isVariable = settings.secretKey !== undefined
  if (isVariable && !to) fail('usage.invalid', { what: 'keys rotate', instead: 'keys rotate --to FILE' })
  const embedded = settings.databaseUrl ? null : await startEmbedded({ home: home.path })
  const connect = embedded ? embedded.config : { connectionString: settings.databaseUrl! }
  const database = openDatabase(connect)
  try {
    await migrate(database)
    const others = await readOthersConnected(database.kysely, processName)
    if (others.length > 0) fail('keys.in-use', { processes: others.map(({ name }) => name) })
    const from = await openSeal(home, database.kysely)
    const printKey = (await readPrintKey(database.kysely, from)) ?? printKeyOf(home.secretKey)
    const file = isVariable ? to! : nextKeyFile(home.path)
    const next = await writeFreshKey(file, home.path)
    const resealed = await database.transaction(
      (tx) => resealAll(tx, { from, to: createSeal(next, printKey), printKey }),
      { isDurable: true },
    )
    if (!isVariable) await takeNextKey(home.path)
    return { resealed, file: isVariable ? file : home.secretKeySource, isVariable }
  } finally {
    await database.close()
    await embedded?.release()
  }
}
