import type { PunchToWrite } from '#domain/punch.ts'
import { cutToBytes, cutToCharacters } from '#platforms/cut-text.ts'
import { wecomRecordTexts as texts } from '#platforms/wecom/limits.ts'
import type { CheckinRecord } from '#platforms/wecom/wire.ts'

const noPlace = '钉钉考勤'
const noAddress = '未提供地点'

/** The place's title: the machine's name, else 钉钉考勤. Cut to the target's limit. */
export const toPlaceTitle = (device: string | null): string =>
  cutToBytes(device?.trim() || noPlace, texts.bytes)

/** The place in detail: the address, else 未提供地点. Cut to the target's limit. */
export const toPlaceDetail = (address: string | null): string =>
  cutToBytes(address?.trim() || noAddress, texts.bytes)

/** The note: the source's own verdict; '' when it gave none. Cut to the target's limit. */
export const toNote = (result: string | null): string => cutToBytes(result?.trim() ?? '', texts.bytes)

/** The device as WeCom wants to hear it; the route's mark where no machine took the punch. */
export const toDeviceName = (device: string | null): string =>
  cutToCharacters(device?.trim() || noPlace, texts.deviceCharacters)

/** One record of `add_checkin_record`. Everything is cut again: the wall is the last place to be right. */
export function toRecord(punch: PunchToWrite): CheckinRecord {
  const note = toNote(punch.note)
  return {
    userid: punch.userId,
    checkin_time: Math.floor(punch.at.epochMilliseconds / 1000),
    location_title: toPlaceTitle(punch.placeTitle),
    location_detail: toPlaceDetail(punch.placeDetail),
    device_type: punch.byMachine ? 2 : 3,
    device_detail: toDeviceName(punch.deviceName),
    ...(note === '' ? {} : { notes: note }),
    ...microdegrees(punch.latitude, punch.longitude),
  }
}

function microdegrees(latitude: number | null, longitude: number | null): { lat?: number; lng?: number } {
  if (latitude === null || longitude === null) return {}
  const [lat, lng] = [Math.round(latitude * 1e6), Math.round(longitude * 1e6)]
  // NaN fails both comparisons and is left out with the rest; + 0 turns -0 into 0
  return Math.abs(lat) <= 90e6 && Math.abs(lng) <= 180e6 ? { lat: lat + 0, lng: lng + 0 } : {}
}
