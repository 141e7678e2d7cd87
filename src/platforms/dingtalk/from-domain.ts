import type { PunchToWrite } from '#domain/punch.ts'
import { cutToBytes } from '#platforms/cut-text.ts'
import { dingtalkUpload } from '#platforms/dingtalk/limits.ts'
import type { UploadRequest } from '#platforms/dingtalk/wire.ts'

const { nameMark, nameBytes, deviceId } = dingtalkUpload

/**
 * One punch as `record/upload` wants it: milliseconds, and the place as the name of a device that took it, behind our
 * mark. There is no field for coordinates or a note; whether it begins or ends the work DingTalk decides itself.
 */
export function toUpload(punch: PunchToWrite): UploadRequest {
  const place = punch.deviceName.trim() || punch.placeDetail.trim() || punch.placeTitle.trim()
  return {
    userid: punch.userId,
    device_name: cutToBytes(place === '' ? nameMark : `${nameMark} ${place}`, nameBytes),
    device_id: deviceId,
    user_check_time: Math.floor(punch.at.epochMilliseconds / 1000) * 1000,
  }
}
