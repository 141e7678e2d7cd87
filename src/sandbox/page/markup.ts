/** Text that is already HTML. Only `html` makes it, so a plain string never slips through unescaped. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}
/** What may stand in a place of a template; `null` and `false` leave nothing. */
export type Part = Html | string | number | null | false | Part[]

/** HTML whose every filled-in part is escaped, unless it is HTML already. */
export const html = (texts: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(texts.map((text, i) => (i === 0 ? '' : toMarkup(parts[i - 1]!)) + text).join(''))

/** Text of our own files, as it is. */
export const trusted = (markup: string): Html => new Html(markup)

function toMarkup(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Html) return part.markup
  if (Array.isArray(part)) return part.map(toMarkup).join('')
  return String(part).replace(/[&<>"']/g, (sign) => entities[sign]!)
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
