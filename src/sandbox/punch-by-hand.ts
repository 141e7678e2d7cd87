import { z } from 'zod'
import type { Amendment } from './dingtalk/punches.ts'
import type { Punch } from './punch-plan.ts'
import { dayOf, parseInstant, rfc3339 } from './shanghai.ts'
import { told } from './truth.ts'
import { slotAt } from './wecom/judge.ts'
import type { World } from './world.ts'

const instant = z.string().transform((text, context) => {
  const ms = parseInstant(text)
  if (ms === null) context.addIssue({ code: 'custom', message: `不是带时区的 RFC 3339 时刻: ${text}` })
  return ms ?? 0
})
const Void = z.union([z.boolean(), z.strictObject({ type: z.string(), message: z.string() })])

/** `POST /_sandbox/punch`. `amend` changes a DingTalk punch that exists; everything else makes one. */
const PunchRequest = z.strictObject({
  platform: z.enum(['dingtalk', 'wecom']),
  userId: z.string(),
  at: instant.optional(),
  void: Void.optional(),
  sourceType: z.string().optional(),
  /** When the platform gets to know it: a late upload. */
  appearsAt: instant.optional(),
  /** The slot this instant falls in was filled by an approval (WeCom), or the punch came from one (DingTalk). */
  approved: z.boolean().optional(),
  outside: z.string().optional(),
  address: z.string().optional(),
  device: z.string().optional(),
  amend: z
    .strictObject({
      id: z.int(),
      at: instant.optional(),
      sourceType: z.string().optional(),
      timeResult: z.string().optional(),
      void: Void.optional(),
      approved: z.boolean().optional(),
    })
    .optional(),
})
type PunchRequest = z.infer<typeof PunchRequest>
type Made = { ok: true; created: unknown } | { ok: false; why: string }

const no = (why: string): Made => ({ ok: false, why })
const voidOf = (said: z.infer<typeof Void> | undefined): Punch['voided'] =>
  said === true ? { type: 'Other', message: '需要二次确认' } : said || null

/** Makes or amends one punch on either side, as a person, a machine, an administrator or an approval would. */
export function punchByHand(world: World, body: unknown): Made {
  const parsed = PunchRequest.safeParse(body)
  if (!parsed.success)
    return no(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  const asked = parsed.data
  if (asked.platform === 'wecom') return inWecom(world, asked)
  return asked.amend ? amend(world, asked.userId, asked.amend) : inDingtalk(world, asked)
}

function inDingtalk(world: World, asked: PunchRequest): Made {
  const person = world.company.byDingtalk.get(asked.userId)
  if (!person) return no(`钉钉没有这个 userId: ${asked.userId}`)
  if (asked.at === undefined) return no('缺少 at / at is missing')
  const slot = slotAt(world, person, Math.floor(asked.at / 1000))
  const voided = voidOf(asked.void)
  const appearsAt = asked.appearsAt ?? asked.at
  const isMachine = asked.device !== undefined
  const punch = world.punches.add(asked.userId, {
    at: asked.at,
    day: slot?.day ?? dayOf(asked.at),
    slot:
      slot && !voided
        ? { kind: slot.slot.kind, section: slot.slot.section, planned: slot.planned * 1000 }
        : null,
    sourceType: asked.sourceType ?? (asked.approved ? 'APPROVE' : isMachine ? 'ATM' : 'USER'),
    voided,
    outside: asked.outside ?? null,
    place: isMachine
      ? null
      : { address: asked.address ?? '示例市高新区科技路 88 号', latitude: 30.285413, longitude: 120.017139 },
    device: asked.device ?? '',
    createdAt: appearsAt,
    modifiedAt: appearsAt,
    verdict: null,
    approval: asked.approved ? { approveId: 2_376_000_001, procInstId: 'proc-by-hand' } : null,
  })
  return {
    ok: true,
    created: told(person, punch, asked.at <= world.clock.nowMs() && appearsAt <= world.clock.nowMs()),
  }
}

function amend(world: World, userId: string, asked: NonNullable<PunchRequest['amend']>): Made {
  const nowMs = world.clock.nowMs()
  const change: Amendment = { id: asked.id, userId, from: nowMs }
  if (asked.at !== undefined) change.at = asked.at
  if (asked.timeResult !== undefined) change.verdict = asked.timeResult
  if (asked.void !== undefined) change.voided = voidOf(asked.void)
  if (asked.approved) change.approval = { approveId: 2_376_000_002, procInstId: 'proc-amended' }
  change.sourceType = asked.sourceType ?? (asked.approved ? 'APPROVE' : 'BOSS')
  const punch = world.punches.amend(change, nowMs)
  if (!punch) return no(`这个人没有这条打卡 / no such punch of ${userId}: ${asked.id}`)
  return { ok: true, created: told(world.company.byDingtalk.get(userId)!, punch, true) }
}

function inWecom(world: World, asked: PunchRequest): Made {
  const person = world.company.byWecom.get(asked.userId.toLowerCase())
  if (!person) return no(`企业微信没有这个 userid: ${asked.userId}`)
  if (asked.at === undefined) return no('缺少 at / at is missing')
  if (asked.amend || asked.void) return no('企业微信没有这个动作 / WeCom knows no amend and no void')
  const slot = slotAt(world, person, Math.floor(asked.at / 1000))
  if (asked.approved && !slot) return no('这个时刻不在任何班次时段内 / no planned slot at that instant')
  const second = asked.approved ? slot!.planned : Math.floor(asked.at / 1000)
  const record = world.records.add({
    userid: person.wecom!.userId,
    checkin_time: second,
    origin: asked.approved ? 'approval' : 'phone',
    location_title: asked.approved ? '' : '勤通大厦',
    location_detail: asked.approved ? '' : (asked.address ?? '示例市高新区科技路 88 号勤通大厦'),
    notes: asked.approved ? '审批打卡' : '',
    device_type: 3,
    device_detail: asked.device ?? '',
    lat: null,
    lng: null,
    wifiname: '',
    wifimac: '',
    mediaids: [],
    visibleAt: asked.appearsAt ?? 0,
    storedAt: world.clock.nowMs(),
    batch: 0,
    spNumber: asked.approved ? `${202_611_000_000 + (second % 1_000_000)}` : null,
    erasedBy: null,
  })
  return { ok: true, created: { ...record, at: rfc3339(second * 1000) } }
}
