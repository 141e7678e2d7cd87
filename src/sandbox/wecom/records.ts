import type { Journal } from '../journal.ts'

/** One record the platform stored because somebody wrote it: the API, a phone by hand, or an approval. */
export type StoredRecord = {
  /** In order of storing. */
  seq: number
  userid: string
  /** Unix seconds. */
  checkin_time: number
  origin: 'api' | 'phone' | 'approval'
  location_title: string
  location_detail: string
  notes: string
  device_type: number
  device_detail: string
  lat: number | null
  lng: number | null
  wifiname: string
  wifimac: string
  mediaids: string[]
  /** Epoch ms: from when reads show it, and when it was stored. */
  visibleAt: number
  storedAt: number
  /** The number of the call that wrote it. */
  batch: number
  /** An approval's number. */
  spNumber: string | null
  /** The call that overwrote an approved slot; null while it stands. */
  erasedBy: number | null
}

/** What was written into WeCom. People are found without regard to case. */
export interface Records {
  add(record: Omit<StoredRecord, 'seq'>): StoredRecord
  has(userid: string, second: number): boolean
  /** Records of one person at seconds in [from, to], oldest first, the invisible and the erased ones too. */
  of(userid: string, from: number, to: number): StoredRecord[]
  erase(record: StoredRecord, batch: number): void
  /** The member has another user id from now on; what was stored goes along. */
  rename(from: string, to: string): void
  all(): StoredRecord[]
}

const at = (record: StoredRecord): number => record.checkin_time

/**
 * `compact` keeps of each API record its second alone (700,000 fit in 30 MB): no texts, no delay, no duplicates.
 */
export function createRecords(compact: boolean, journal: Journal): Records {
  const byPerson = new Map<string, StoredRecord[]>()
  const seconds = new Map<string, number[]>()
  let seq = 0
  for (const [, record] of journal.load<StoredRecord>('record')) {
    insert(byPerson, record.userid.toLowerCase(), record, at)
    seq = Math.max(seq, record.seq)
  }
  const keep = (record: StoredRecord): void =>
    journal.put('record', String(record.seq).padStart(12, '0'), record)

  return {
    add(rest) {
      const record = { ...rest, seq: ++seq }
      const key = record.userid.toLowerCase()
      if (compact && record.origin === 'api') {
        insert(seconds, key, record.checkin_time, (second) => second)
        return record
      }
      insert(byPerson, key, record, at)
      keep(record)
      return record
    },
    has(userid, second) {
      const key = userid.toLowerCase()
      const list = byPerson.get(key)
      if (list && list[firstAt(list, second, at)]?.checkin_time === second) return true
      const bare = seconds.get(key)
      return bare !== undefined && bare[firstAt(bare, second, (s) => s)] === second
    },
    of(userid, from, to) {
      const key = userid.toLowerCase()
      const list = byPerson.get(key) ?? []
      const found: StoredRecord[] = []
      for (let i = firstAt(list, from, at); i < list.length && list[i]!.checkin_time <= to; i++)
        found.push(list[i]!)
      const bare = seconds.get(key) ?? []
      for (let i = firstAt(bare, from, (s) => s); i < bare.length && bare[i]! <= to; i++)
        found.push(bareRecord(userid, bare[i]!))
      return found
    },
    erase(record, batch) {
      record.erasedBy = batch
      keep(record)
    },
    rename(from, to) {
      const key = from.toLowerCase()
      for (const record of byPerson.get(key) ?? []) {
        record.userid = to
        insert(byPerson, to.toLowerCase(), record, at)
        keep(record)
      }
      for (const second of seconds.get(key) ?? []) insert(seconds, to.toLowerCase(), second, (bare) => bare)
      byPerson.delete(key)
      seconds.delete(key)
    },
    all: () =>
      [
        ...[...byPerson.values()].flat(),
        ...[...seconds].flatMap(([userid, list]) => list.map((second) => bareRecord(userid, second))),
      ].sort((a, b) => a.seq - b.seq),
  }
}

const bareRecord = (userid: string, second: number): StoredRecord => ({
  seq: 0,
  userid,
  checkin_time: second,
  origin: 'api',
  location_title: '钉钉考勤',
  location_detail: '未提供地点',
  notes: '',
  device_type: 3,
  device_detail: '',
  lat: null,
  lng: null,
  wifiname: '',
  wifimac: '',
  mediaids: [],
  visibleAt: 0,
  storedAt: 0,
  batch: 0,
  spNumber: null,
  erasedBy: null,
})

/** The first place at or after `wanted` in a sorted list. */
function firstAt<T>(list: T[], wanted: number, key: (item: T) => number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (key(list[middle]!) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** Keeps each list sorted; equal ones stay in order of arrival. */
function insert<T>(lists: Map<string, T[]>, name: string, item: T, key: (item: T) => number): void {
  const list = lists.get(name)
  if (!list) {
    lists.set(name, [item])
    return
  }
  if (key(list.at(-1)!) <= key(item)) list.push(item)
  else list.splice(firstAt(list, key(item) + 1, key), 0, item)
}
