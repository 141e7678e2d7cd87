import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import type { Clock } from '#domain/effects.ts'
import type { Settings } from '#settings/settings.ts'
import { inWords, processName } from '#store/database.ts'
import { giveToOwnerOf } from '#store/home.ts'
import type { BackupPlan } from './app/scheduled-backup.ts'
import { writeBackup } from './backup/write-backup.ts'

/** Of the session that makes a scheduled backup: one at a time on a database, whichever process. */
const lockName = 'qintong scheduled backup'

/**
 * Scheduled backups of this home's database, in its folder `backups`. A key that stands in the environment stays off the
 * disk: it is then the backups' passphrase.
 */
export function openBackups(
  settings: Pick<Settings, 'home' | 'secretKey' | 'backupEveryHours' | 'backupKeep'>,
  parts: { connect: ClientConfig; secretKey: Buffer; build: string; clock: Clock },
): BackupPlan {
  const { home } = settings
  const folder = join(home, 'backups')
  const passphrase = settings.secretKey?.trim() ?? null
  const { secretKey, build, clock } = parts
  return {
    everyHours: settings.backupEveryHours,
    keep: settings.backupKeep,
    folder,
    async alone(work, signal) {
      signal.throwIfAborted()
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await giveToOwnerOf(home, folder)
      const client = new Client({
        ...parts.connect,
        application_name: processName,
        options: '-c timezone=UTC',
      })
      // A session that ends says so to whoever uses it.
      client.on('error', () => {})
      // In the middle of a statement the session ends there and then.
      const stop = () => void client.end().catch(() => {})
      signal.addEventListener('abort', stop, { once: true })
      try {
        return await inWords(async () => {
          await client.connect()
          const lock = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as got'
          const { rows } = await client.query<{ got: boolean }>(lock, [lockName])
          if (!rows[0]?.got) return false
          await work(async (file) => {
            const now = clock.now()
            const onProgress = () => {}
            await writeBackup({ client, file, secretKey, build, now, passphrase, onProgress, signal })
            await giveToOwnerOf(home, file)
          })
          return true
        })
      } finally {
        signal.removeEventListener('abort', stop)
        await client.end().catch(() => {})
      }
    },
  }
}
