// These run inside the page, where there is a document; the project's own code is never typed with one.

/** The right edge of whatever reaches furthest, drawn or scrolled; what only a screen reader meets is left out. */
export const rightmost = () =>
  Math.max(
    document.documentElement.scrollWidth,
    ...[...document.body.querySelectorAll('*')]
      .filter((element) => !element.closest('thead, .skip, caption'))
      .map((element) => Math.floor(element.getBoundingClientRect().right)),
  )

/** What a cell says of itself where the head of its table is not shown. */
export const labelOf = (cell) => getComputedStyle(cell, '::before').content

/** What lands on the clipboard when an element is selected and copied. */
export function selectedText(element) {
  getSelection().selectAllChildren(element)
  return getSelection().toString()
}

/** Texts whose colour is less than 4.5:1 from what is behind them (WCAG 2.2, 1.4.3), with the contrast they have. */
export function faintTexts() {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    if (!element) return 'rgb(255, 255, 255)'
    const color = getComputedStyle(element).backgroundColor
    return channels(color)[3] === 0 ? behind(element.parentElement) : color
  }
  const ownText = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent.trim())
      .join('')
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    if (ownText(element) === '' || element.closest('svg, style')) return []
    const lights = [luminance(getComputedStyle(element).color), luminance(behind(element))]
    const contrast = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)
    return contrast < 4.5 ? [`${ownText(element).slice(0, 20)} ${contrast.toFixed(2)}`] : []
  })
}
