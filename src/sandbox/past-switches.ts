import { z } from 'zod'

const seconds = z.number().min(0)
const probability = z.number().min(0).max(1)
const late = z.union([z.literal(false), z.strictObject({ probability, delaySeconds: seconds })])

/** Switches by which the past changes, in the shape of fault-table.ts: what comes late, and what is amended. */
export const pastSwitches = {
  latePunches: {
    schema: late,
    default: false,
    zh: '此后的打卡有一部分迟到上传',
    en: 'a share of the punches from now on is uploaded late',
  },
  lateCheckins: {
    schema: late,
    default: false,
    zh: '此后在企业微信打的卡有一部分迟到上传',
    en: 'a share of the punches made in WeCom from now on is uploaded late',
  },
  amendedPunches: {
    schema: z.union([
      z.literal(false),
      z.strictObject({
        probability,
        delaySeconds: seconds,
        mode: z.enum(['inPlace', 'newRow', 'newId', 'approve', 'void']),
      }),
    ]),
    default: false,
    zh: '此后有一部分打卡被改：管理员就地改、另起一行、换了编号（BOSS）、审批（APPROVE）、作废',
    en: 'a share of the punches is amended: BOSS in place, as a new row, or under a new id, APPROVE, or made void',
  },
  amendmentsIn: {
    schema: z.enum(['punches', 'results']),
    default: 'punches',
    zh: '钉钉改签、审批改的是打卡记录，还是只改打卡结果',
    en: 'amendments in DingTalk change the raw punch too, or the result alone',
  },
} as const
