import { type Html, trusted } from '../html.ts'
import type { Tone } from '../verdict.ts'

const drawn = (className: string, body: string) =>
  trusted(`<svg class="${className}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${body}</svg>`)

/** A page of one colour with a tick running into it: a punch that arrived. Also the tab's icon. */
export const logoBody =
  '<rect x="1" y="1" width="22" height="22" rx="6" fill="#0b6b52"/><path d="M6.5 12.6l3.7 3.7L17.7 8" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>'

const bodies: Record<Tone | 'logo', string> = {
  logo: logoBody,
  good: '<circle cx="12" cy="12" r="11"/><path d="M7 12.4l3.4 3.4L17 8.8"/>',
  calm: '<circle cx="12" cy="12" r="11"/><path d="M12 6.5V12l3.5 2.2"/>',
  warn: '<circle cx="12" cy="12" r="11"/><path d="M12 6.6v6.6M12 16.8v.2"/>',
  bad: '<circle cx="12" cy="12" r="11"/><path d="M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2"/>',
}

/** A small drawing that repeats in shape what the words beside it say; never the only bearer of a meaning. */
export const mark = (name: Tone | 'logo'): Html => drawn(`mark ${name}`, bodies[name])

/** The tab's icon, as a file. */
export const iconFile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${logoBody}</svg>`
