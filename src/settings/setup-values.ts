import { isScalar } from 'yaml'
import { parseDuration } from './duration.ts'
import { follow, list, parsed, type Reader, refuse, text } from './setup-reader.ts'

/** `${NAME}`, as an example to write. */
export const variable = (name: string) => `\${${name}}`
/** A secret: its text is in no problem. */
export const secret = (name: string) => text(variable(name), { isSecret: true })

/** `90s`, `45m`, at most 7 days; milliseconds. */
export const duration = (example: string, leastMs: number): Reader<number> =>
  parsed(
    (value) => {
      const ms = parseDuration(value)
      return ms !== null && ms >= leastMs && ms <= 7 * 86_400_000 ? ms : null
    },
    'duration',
    example,
  )

/** An http or https address without slash at the end, parameters and password. */
export const endpoint = (example: string): Reader<string> =>
  parsed(
    (value) => {
      if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return null
      const { search, hash, username, password } = new URL(value)
      return search || hash || username || password ? null : value.replace(/\/+$/, '')
    },
    'url',
    example,
  )

/** A day that exists. */
export const date: Reader<Temporal.PlainDate> = parsed(
  (value) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
    try {
      return Temporal.PlainDate.from(value)
    } catch {
      return null
    }
  },
  'date',
  '2026-11-01',
)

const clock = '([01]\\d|2[0-3]):[0-5]\\d'
const hours = new RegExp(`^${clock}-${clock}$`)
/** `HH:MM-HH:MM`; may pass midnight. */
export const quietHours: Reader<string> = parsed(
  (value) => {
    const [from, to] = value.split('-')
    return hours.test(value) && from !== to ? value : null
  },
  'hours',
  '"08:30-09:30"',
)

const editions = ['standard', 'professional', 'standard,development-pack', 'professional,development-pack']
/** Parts of an edition, the development pack last. */
export const edition: Reader<string[]> = (raw, spot, reading) => {
  const node = follow(raw, spot, reading)
  const words = isScalar(node)
    ? [text('standard')(node, spot, reading)]
    : list(text('standard'), '[standard, development-pack]')(node, spot, reading)
  if (!words || words.includes(undefined)) return undefined
  const parts = (words as string[]).toSorted((a) => (a === 'development-pack' ? 1 : -1))
  return editions.includes(parts.join())
    ? parts
    : refuse(node, spot, reading, 'edition', '[standard, development-pack]')
}
