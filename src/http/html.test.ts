import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html } from './html.ts'

const toText = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

test('no text can open a tag or leave its attribute, and every text can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { markup } = html`<b title="${text}">${text}</b>`
      const inside = markup.slice('<b title="'.length, -'</b>'.length)
      const [title, content] = inside.split('">')
      expect(inside.match(/[<>"']/g)).toEqual(['"', '>'])
      expect(title).toBe(content)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML cannot hold them, so they become a mark
      expect(toText(content!)).toBe(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '�'))
    }),
  )
})

test('parts nest, lists join, and nothing leaves nothing', () => {
  const rows = ['<1>', '2'].map((one) => html`<li>${one}</li>`)
  expect(html`<ul>${rows}${null}${false}${0}</ul>`.markup).toBe('<ul><li>&lt;1&gt;</li><li>2</li>0</ul>')
})
