import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Lang } from '#messages/messages.ts'
import { type Html, html, type Part, trusted } from '../html.ts'
import { pageWords } from '../problems.ts'
import { mark } from './marks.ts'

const style = ['base', 'cards', 'tables']
  .map((name) => readFileSync(new URL(`../assets/${name}.css`, import.meta.url), 'utf8'))
  .join('\n')

/** The style of every page, for the policy that lets no other style in. */
export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`

/** Seconds until the page reads itself again. */
export const refreshSeconds = 15

/** How this reader looks at this page. */
export type Viewing = {
  lang: Lang
  refreshes: boolean
}

/** A whole document. */
export function layout(
  viewing: Viewing,
  page: { title: string; main: Part; footer: Part; canRefresh: boolean },
): string {
  const words = pageWords(viewing.lang)
  const refresh =
    page.canRefresh && viewing.refreshes && html`<meta http-equiv="refresh" content="${refreshSeconds}">`
  return html`<!doctype html>
<html lang="${words.htmlLang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}
<title>${words.tab(page.title)}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header class="top">
<a class="brand" href="${homeLink(viewing)}">${mark('logo')}<span>${words.brand}</span></a>
${preferences(viewing, page.canRefresh)}
</header>
<main id="main">${page.main}</main>
<footer class="bottom">${page.footer}</footer>
</body>
</html>
`.markup
}

function preferences(viewing: Viewing, canRefresh: boolean): Html {
  const words = pageWords(viewing.lang)
  const other = viewing.lang === 'zh' ? 'en' : 'zh'
  return html`<nav class="preferences" aria-label="${words.preferences}">
${canRefresh && html`<a href="${link({ ...viewing, refreshes: !viewing.refreshes })}">${viewing.refreshes ? words.stopRefresh : words.startRefresh}</a>`}
<a href="${link({ ...viewing, lang: other })}" lang="${other === 'zh' ? 'zh-CN' : 'en'}" hreflang="${other}">${words.otherLanguage}</a>
</nav>`
}

/** The page one is on, looked at so. It names no path: nothing a reader sent ever becomes a link. */
const link = ({ lang, refreshes }: Viewing): string => `?lang=${lang}${refreshes ? '' : '&refresh=off'}`

/** The status page, looked at as this page is. */
export const homeLink = (viewing: Viewing): string => `/${link(viewing)}`
