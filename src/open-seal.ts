import { fail } from '#domain/failures.ts'
import type { Executor } from '#store/database.ts'
import { dropNextKey, type Home, readNextKey, takeNextKey } from '#store/home.ts'
import { readAnySealed, readPrintKey } from '#store/keys.ts'
import { createSeal, type Seal } from '#store/seal.ts'

/**
 * The home's seal; a key that does not open what was sealed is another one, and says so. A change of keys that was cut
 * short is ended first: the key that opens what is sealed is the key.
 */
export async function openSeal(home: Home, db: Executor): Promise<Seal> {
  const key = await settledKey(home, db)
  const inWords = (seal: Seal): Seal => ({
    ...seal,
    open(sealed) {
      try {
        return seal.open(sealed)
      } catch (error) {
        return fail('home.bad-key', { source: home.secretKeySource }, error)
      }
    },
  })
  const printKey = await readPrintKey(db, inWords(createSeal(key)))
  return inWords(printKey ? createSeal(key, printKey) : createSeal(key))
}

/** The key that opens what is sealed: the home's, or the next one where a change of keys was cut short. */
export async function settledKey(home: Home, db: Executor): Promise<Buffer> {
  const next = await readNextKey(home.path)
  if (!next) return home.secretKey
  const sealed = await readAnySealed(db)
  if (sealed && !opens(home.secretKey, sealed) && opens(next, sealed)) {
    await takeNextKey(home.path)
    return next
  }
  await dropNextKey(home.path)
  return home.secretKey
}

function opens(key: Buffer, sealed: Buffer): boolean {
  try {
    createSeal(key).open(sealed)
    return true
  } catch {
    return false
  }
}
