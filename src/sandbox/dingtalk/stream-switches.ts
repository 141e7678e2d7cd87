import { z } from 'zod'

const seconds = z.number().min(0)

/** Switches of the Stream gateway, in the shape of fault-table.ts. */
export const streamSwitches = {
  streamDoor: {
    schema: z.enum(['open', 'refuses', 'hangsUp']),
    default: 'open',
    zh: 'Stream 网关：正常、拒绝连接、接通后马上挂断',
    en: 'the Stream gateway lets in, refuses, or hangs up at once',
  },
  streamSilence: {
    schema: z.enum(['none', 'mute', 'dead']),
    default: 'none',
    zh: 'Stream 沉默：连接还在但什么也不推（mute），连 WebSocket 心跳也不应（dead）',
    en: 'Stream connections stay open and nothing comes (mute), not even pongs (dead)',
  },
  streamRubbish: {
    schema: z.number().min(0).max(1),
    default: 0,
    zh: 'Stream 每推一帧之前，先推一帧看不懂的：概率',
    en: 'probability that a Stream frame is preceded by one that makes no sense',
  },
  streamDuplicates: {
    schema: z.number().min(0).max(1),
    default: 0.02,
    zh: 'Stream 已确认的事件又推一次：概率',
    en: 'probability that an acknowledged Stream event comes again',
  },
  streamLife: {
    schema: z.strictObject({ min: seconds, max: seconds }).refine(({ min, max }) => min <= max, 'min ≤ max'),
    default: { min: 3_600, max: 10_800 },
    zh: 'Stream 连接多少秒后被要求重连（disconnect 帧）',
    en: 'seconds until a Stream connection is told to disconnect',
  },
  streamPing: {
    schema: seconds,
    default: 30,
    zh: 'Stream 网关每多少秒发一次 ping 帧，0 为不发',
    en: 'seconds between the Stream gateway’s ping frames, 0: none',
  },
  streamEndpoint: {
    schema: z.union([z.null(), z.string()]),
    default: null,
    zh: 'Stream 注册应答里给出的地址，null 为沙箱自己的',
    en: 'the address a Stream registration answers, null: the sandbox’s own',
  },
} as const
