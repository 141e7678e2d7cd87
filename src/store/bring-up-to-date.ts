import type { PoolConfig } from 'pg'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

/** Brings the schema of this database to what this build expects, in sessions of its own. Failures: as `migrate`. */
export async function bringUpToDate(connect: PoolConfig): Promise<void> {
  const database = openDatabase(connect)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}
