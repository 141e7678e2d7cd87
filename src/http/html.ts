/** Text that is already HTML. Only `html` makes it, so a plain string can never slip through unescaped. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

export type Part = Html | string | number | null | false | Part[]

/** HTML whose every filled-in part is escaped, unless it is HTML already. `null` and `false` leave nothing. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(
    texts.map((text, index) => (index === 0 ? '' : toMarkup(parts[index - 1]!)) + text).join(''),
  )
}

/** Markup of our own files, as it is. Never for anything that was read or received. */
export const trusted = (markup: string): Html => new Html(markup)

function toMarkup(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Html) return part.markup
  if (Array.isArray(part)) return part.map(toMarkup).join('')
  return escapeText(String(part))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and inside quoted attributes. Control characters, which HTML cannot hold, become a mark. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign]!).replace(controls, '�')

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
