import {
  inOrder,
  nothingRead,
  numberOf,
  type RowsRead,
  rowOf,
  secondOf,
  textOf,
} from '#platforms/read-row.ts'

/**
 * Rows of `get_hardware_checkin_data` in our words, under the same natural key as `getcheckindata`: what both tell is one
 * punch, whichever machine took it. They know no slot, verdict or place. Rows of people nobody asked for are counted in
 * `outside`; whether a row belongs into the window only the platform knows, since it was asked by time of upload.
 */
export function readMachineRows(rows: readonly unknown[], asked: { userIds: string[] }): RowsRead {
  const read = nothingRead()
  const people = new Set(asked.userIds.map((userId) => userId.toLowerCase()))
  const found = new Map<string, RowsRead['punches'][number]>()
  for (const given of rows) {
    const row = rowOf(given)
    const userId = row && textOf(row['userid'])
    if (!row || !userId) {
      read.unreadable.push({ row: given, userId: null, because: row ? 'no-user' : 'not-an-object' })
      continue
    }
    const seconds = numberOf(row['checkin_time'])
    const at = seconds === null || seconds <= 0 ? null : secondOf(seconds * 1000)
    if (!at) {
      read.unreadable.push({ row: given, userId, because: 'no-time' })
      continue
    }
    if (!people.has(userId.toLowerCase())) {
      read.outside += 1
      continue
    }
    const device = textOf(row['device_name']) ?? textOf(row['device_sn'])
    const externalId = `${userId.toLowerCase()}@${at.epochMilliseconds / 1000}`
    const known = found.get(externalId)
    // two machines in one second are one punch: the name that sorts first, so that their order changes nothing
    if (known && (known.device ?? '') <= (device ?? '')) continue
    found.set(externalId, {
      externalId,
      userId,
      at,
      device,
      ...{ workDate: null, origin: 'person', isVoid: false, voidReason: null, result: null, slot: null },
      ...{ address: null, latitude: null, longitude: null },
    })
  }
  read.punches.push(...found.values())
  return inOrder(read)
}
