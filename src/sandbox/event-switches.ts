import { z } from 'zod'

const seconds = z.number().min(0)
const probability = z.number().min(0).max(1)

/** Switches of both platforms' events, in the shape of fault-table.ts. They matter once somebody takes events. */
export const eventSwitches = {
  events: {
    schema: z.boolean(),
    default: true,
    zh: '平台是否产生事件',
    en: 'whether the platforms have events at all',
  },
  eventLoss: {
    schema: probability,
    default: 0,
    zh: '事件丢失：概率',
    en: 'probability that an event is lost',
  },
  eventDuplicates: {
    schema: probability,
    default: 0,
    zh: '事件又送一次：概率',
    en: 'probability that an event is sent twice',
  },
  eventDelay: {
    schema: z.union([seconds, z.strictObject({ min: seconds, max: seconds })]),
    default: 0,
    zh: '事件推迟多少秒；{min,max} 为随机',
    en: 'seconds an event is held back; {min,max}: random',
  },
  eventsShuffled: {
    schema: z.boolean(),
    default: false,
    zh: '到期的事件打乱次序再送',
    en: 'events that are due go out in any order',
  },
  eventEnvelope: {
    schema: z.enum(['new', 'legacy']),
    default: 'new',
    zh: '钉钉 HTTP 事件的信封：新（带 eventId）、旧（大写键、无编号）',
    en: 'DingTalk’s HTTP envelope: new (with eventId), or legacy (capital keys, no number)',
  },
} as const
