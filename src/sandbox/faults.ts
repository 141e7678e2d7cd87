import { chanceOf } from './chance.ts'
import { type FaultName, type FaultValues, faultTable, type StrikeName } from './fault-table.ts'
import type { Journal } from './journal.ts'

/** The call a misfortune may strike. */
export type Target = { platform: 'dingtalk' | 'wecom'; path: string; seq: number }
/** What a blow says of itself beyond whom it strikes. */
export type Parameters = {
  ms?: number | undefined
  status?: number | undefined
  after?: boolean | undefined
  seconds?: number | undefined
  shape?: 'html' | 'json' | undefined
  effect?: 'before' | 'after' | undefined
}
type Blow = Parameters & {
  probability?: number | undefined
  next?: number | undefined
  api?: string | undefined
  platform?: string | undefined
}

/** The switches as they stand, and the dice of those that strike by chance. */
export interface Faults {
  readonly values: FaultValues
  /** When a switch was last set, epoch ms; 0 = never. */
  setAt(name: FaultName): number
  /** Merges; nothing is changed when anything in it is wrong. */
  set(change: Record<string, unknown>, nowMs: number): { ok: true } | { ok: false; problems: string[] }
  /** Does this misfortune strike this call? Then its parameters. A counted blow is used up. */
  strike(name: StrikeName, call: Target): Parameters | null
  /** How often each misfortune has struck. */
  readonly struck: Record<string, number>
}

/** All switches at their defaults, but for those the journal kept. */
export function createFaults(seed: number, journal: Journal): Faults {
  const values = Object.fromEntries(
    Object.entries(faultTable).map(([name, { default: value }]) => [name, value]),
  ) as FaultValues
  const setAt: Partial<Record<FaultName, number>> = {}
  const struck: Record<string, number> = {}
  for (const [name, { value, at }] of journal.load<{ value: never; at: number }>('fault')) {
    if (!Object.hasOwn(faultTable, name)) continue
    values[name as FaultName] = value
    setAt[name as FaultName] = at
  }
  const keep = (name: FaultName) => journal.put('fault', name, { value: values[name], at: setAt[name] ?? 0 })

  return {
    values,
    struck,
    setAt: (name) => setAt[name] ?? 0,
    set(change, nowMs) {
      const problems: string[] = []
      const parsed: [FaultName, unknown][] = []
      for (const [name, value] of Object.entries(change)) {
        if (!Object.hasOwn(faultTable, name)) {
          problems.push(`没有“${name}”这个开关 / no such switch: ${name}`)
          continue
        }
        const row = faultTable[name as FaultName]
        const result = row.schema.safeParse(value === null && row.default !== null ? row.default : value)
        if (result.success) parsed.push([name as FaultName, result.data])
        else problems.push(`${name}: ${result.error.issues.map((issue) => issue.message).join('; ')}`)
      }
      if (problems.length > 0) return { ok: false, problems }
      for (const [name, value] of parsed) {
        values[name] = value as never
        setAt[name] = nowMs
        keep(name)
      }
      return { ok: true }
    },
    strike(name, call) {
      const value = values[name]
      if (value === false) return null
      const blow: Blow =
        value === true ? { probability: 1 } : typeof value === 'number' ? { probability: value } : value
      if (!aims(blow, call)) return null
      if (blow.next !== undefined) {
        if (blow.next <= 0) return null
        values[name] = { ...blow, next: blow.next - 1 } as never
        keep(name)
      } else if (chanceOf(seed, name, call.seq) >= (blow.probability ?? 1)) return null
      struck[name] = (struck[name] ?? 0) + 1
      return blow
    },
  }
}

/** `api` is the end of the path (`listRecord`, `user/list`), `platform/name`, or the whole path. */
const aims = ({ api, platform }: Blow, call: Target): boolean =>
  (platform === undefined || platform === call.platform) &&
  (api === undefined ||
    api === call.path ||
    `${call.platform}${call.path}`.endsWith(`/${api}`) ||
    isNamed(api, call))

const isNamed = (api: string, { platform, path }: Target): boolean =>
  api.startsWith(`${platform}/`) && path.endsWith(api.slice(platform.length))
