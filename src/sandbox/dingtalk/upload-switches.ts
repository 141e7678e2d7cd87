import { z } from 'zod'

const seconds = z.number().min(0)

/** Switches of `record/upload`, in the shape of fault-table.ts. What the manual leaves open has every position. */
export const uploadSwitches = {
  uploadVisibilityDelay: {
    schema: z.union([seconds, z.strictObject({ min: seconds, max: seconds })]),
    default: 0,
    zh: '上传的打卡多少秒后才可读到；{min,max} 为随机，真实平台 0 到 120 秒',
    en: 'seconds until an uploaded punch can be read; {min,max}: random, 0 to 120 on the real platform',
  },
  uploadDuplicates: {
    schema: z.enum(['store', 'merge', 'refuse']),
    default: 'store',
    zh: '同人同一时刻再次上传：再存一条、并入、拒绝',
    en: 'the same person and instant again: stored again, merged, refused',
  },
  uploadUnknownUserid: {
    schema: z.enum(['refuse', 'ignore']),
    default: 'refuse',
    zh: '给未知 userid 上传：拒绝（60121），或答成功而不存',
    en: 'an upload for an unknown user id: refused (60121), or answered with success and not stored',
  },
  uploadOutsideGroup: {
    schema: z.enum(['accept', 'refuse', 'ignore']),
    default: 'accept',
    zh: '给不在任何考勤组的人上传：接受、拒绝、答成功而不存',
    en: 'an upload for somebody in no attendance group: accepted, refused, or answered with success and not stored',
  },
  uploadOutsideHours: {
    schema: z.enum(['plain', 'void']),
    default: 'plain',
    zh: '上传的时刻不在可打卡时段：记为普通打卡，或无效打卡',
    en: 'an upload outside the hours of every shift: an ordinary punch, or a void one',
  },
  uploadShownAs: {
    schema: z.enum(['ATM', 'DING_ATM']),
    default: 'ATM',
    zh: '上传的打卡读出来的样子：ATM（device_id 在 deviceSN）或 DING_ATM（在 deviceId）',
    en: 'how an upload reads back: ATM (device_id as deviceSN) or DING_ATM (as deviceId)',
  },
  writtenTexts: {
    schema: z.enum(['kept', 'stripped']),
    default: 'kept',
    zh: '两个平台上，写入时带的文字（设备、地点、备注）读出来还在，还是都没了',
    en: 'on both platforms, texts that came with a written punch (device, place, note): kept, or gone when read',
  },
} as const
