import { DatabaseSync, type StatementSync } from 'node:sqlite'

/**
 * The world's memory on disk: entries by kind and key, each a JSON value. Puts are gathered while a call is handled
 * and written in one transaction by `flush`, which runs before the call is answered: what was acknowledged
 * survives kill -9. Without a file nothing is kept.
 */
export interface Journal {
  put(kind: string, key: string, value: unknown): void
  remove(kind: string, key: string): void
  /** Writes everything gathered since the last flush, or throws and has written nothing. */
  flush(): void
  /** Every entry of a kind, in key order. */
  load<T>(kind: string): [key: string, value: T][]
  close(): void
}

/** Opens or makes the file; without one, a journal that keeps nothing. */
export function openJournal(file: string | undefined): Journal {
  return file === undefined ? forgetful : durable(file)
}

const forgetful: Journal = {
  put() {},
  remove() {},
  flush() {},
  load: () => [],
  close() {},
}

function durable(file: string): Journal {
  const db = new DatabaseSync(file)
  // NORMAL keeps every commit through the death of a process; only a power cut could lose the last ones.
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;
    create table if not exists entry (kind text, key text, value text not null, primary key (kind, key)) without rowid`)
  const upsert: StatementSync = db.prepare(
    'insert into entry (kind, key, value) values (?, ?, ?) on conflict do update set value = excluded.value',
  )
  const erase = db.prepare('delete from entry where kind = ? and key = ?')
  const select = db.prepare('select key, value from entry where kind = ? order by key')
  let waiting: { kind: string; key: string; value: string | null }[] = []
  return {
    put: (kind, key, value) => void waiting.push({ kind, key, value: JSON.stringify(value) }),
    remove: (kind, key) => void waiting.push({ kind, key, value: null }),
    flush() {
      if (waiting.length === 0) return
      const batch = waiting
      waiting = []
      db.exec('begin immediate')
      try {
        for (const { kind, key, value } of batch)
          value === null ? erase.run(kind, key) : upsert.run(kind, key, value)
        db.exec('commit')
      } catch (error) {
        if (db.isTransaction) db.exec('rollback')
        throw error
      }
    },
    load: <T>(kind: string) =>
      select
        .all(kind)
        .map((row) => [String(row['key']), JSON.parse(String(row['value'])) as T] as [string, T]),
    close: () => db.close(),
  }
}
