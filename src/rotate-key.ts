import { FailureError, fail } from '#domain/failures.ts'
import type { Settings } from '#settings/settings.ts'
import { type Executor, openDatabase } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { freshKey, type Home, keepNextKey, openHome, takeNextKey, writeKey } from '#store/home.ts'
import { keepOthersOut, readPrintKey, resealAll } from '#store/keys.ts'
import { migrate } from '#store/migrate.ts'
import { createSeal, printKeyOf } from '#store/seal.ts'
import { openSeal, settledKey } from './open-seal.ts'

/** What was done: how much was sealed anew, and where the new key stands. */
export type KeyRotation = { resealed: number; file: string; isVariable: boolean }

/**
 * Seals everything with a fresh key. The new key is on disk before anything is sealed with it, and the old one stays
 * beside it, so that a kill at any point leaves a key that opens everything. Refused while other processes of ours are
 * connected, for they would go on with the old key. `to`: where the new key is written when QINTONG_SECRET_KEY holds the
 * old one. Failures: `store.in-use`, `usage.invalid`, `home.*`, `store.*`.
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
    const resealed = await database.transaction((tx) => rotate(tx, home, isVariable ? to! : null), {
      isDurable: true,
    })
    if (!isVariable) await takeNextKey(home.path)
    return { resealed, file: isVariable ? to! : home.secretKeySource, isVariable }
  } finally {
    await database.close()
    await embedded?.release()
  }
}

/** Whoever starts meanwhile waits for the end of this transaction, and finds the new key laid down. */
async function rotate(tx: Executor, home: Home, to: string | null): Promise<number> {
  await keepOthersOut(tx)
  // A change that was cut short is ended first.
  const key = await settledKey(home, tx)
  const from = await openSeal({ ...home, secretKey: key }, tx)
  const printKey = (await readPrintKey(tx, from)) ?? printKeyOf(key)
  const next = freshKey()
  await (to === null ? keepNextKey(home.path, next) : writeTo(to, next, home))
  return resealAll(tx, { from, to: createSeal(next, printKey), printKey })
}

async function writeTo(file: string, key: Buffer, home: Home): Promise<void> {
  try {
    await writeKey(file, key, home.path)
  } catch (error) {
    if (error instanceof FailureError) throw error
    const { code = '' } = error as NodeJS.ErrnoException
    fail('usage.invalid', { what: `--to ${file} (${code})`, instead: 'keys rotate --to new.key' }, error)
  }
}
