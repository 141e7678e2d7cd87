import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An XML document from outside, as far as it can be read: the children of its root, texts as they stand. */
export type XmlRead =
  | { ok: true; root: Record<string, unknown> }
  | { ok: false; because: 'malformed' | 'too-deep' }

const malformed = { ok: false, because: 'malformed' } as const

/**
 * Reads `<xml>…</xml>` as WeCom sends it. A document type, or an entity beyond the five of XML and numbers, makes it
 * malformed: none is ever expanded. Values stay text: an approval's number may be larger than a number can be.
 */
export function readXml(text: string, bounds: { depth: number; tags: number }): XmlRead {
  const bare = withoutCdata(text)
  if (bare === null || /<!(?!--)/.test(bare) || foreignEntity.test(bare)) return malformed
  if (count(bare, '<') > bounds.tags) return malformed
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    processEntities: false,
    maxNestedTags: bounds.depth,
  })
  try {
    const document: unknown = parser.parse(text)
    if (XMLValidator.validate(text) !== true) return malformed
    const root = (document as Record<string, unknown>)['xml']
    return typeof root === 'object' && root !== null && !Array.isArray(root)
      ? { ok: true, root: root as Record<string, unknown> }
      : malformed
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Maximum nested tags')
      ? { ok: false, because: 'too-deep' }
      : malformed
  }
}

/** The text of a child, '' where there is none or it has children of its own. The first, where it comes twice. */
export function childText(element: unknown, name: string): string {
  const found = child(element, name)
  return typeof found === 'string' ? found : ''
}

/** A child as it stands: a text, an element, or the first of several. */
export function child(element: unknown, name: string): unknown {
  if (typeof element !== 'object' || element === null || !Object.hasOwn(element, name)) return undefined
  const found = (element as Record<string, unknown>)[name]
  return Array.isArray(found) ? found[0] : found
}

const foreignEntity = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/

/** The markup alone; null where a CDATA section is not closed. Linear, however many sections begin. */
function withoutCdata(text: string): string | null {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('<![CDATA[', at)
    if (open < 0) return parts.join('') + text.slice(at)
    const close = text.indexOf(']]>', open)
    if (close < 0) return null
    parts.push(text.slice(at, open))
    at = close + 3
  }
}

function count(text: string, mark: string): number {
  let found = 0
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) found++
  return found
}
