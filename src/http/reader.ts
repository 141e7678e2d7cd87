import type { Lang } from '#messages/messages.ts'

/** Who reads the answer: their language, and whether a person in a browser is waiting for a page. */
export type Reader = { lang: Lang; wantsPage: boolean }

/** Chinese, unless `?lang=en` says otherwise or the browser asks for English and never mentions Chinese. */
export function languageOf(asked: unknown, acceptLanguage: string | undefined): Lang {
  if (asked === 'zh' || asked === 'en') return asked
  const wanted = parseAccepted(acceptLanguage).map((tag) => tag.split('-')[0])
  return wanted.includes('en') && !wanted.includes('zh') ? 'en' : 'zh'
}

/** Only what names `text/html` itself is a browser: scripts send any type at all and get JSON. */
export const wantsPage = (accept: string | undefined): boolean => parseAccepted(accept).includes('text/html')

/** The names of an Accept header, lower-case; those refused by `q=0` are left out. */
function parseAccepted(header: string | undefined): string[] {
  return (header ?? '').split(',').flatMap((part) => {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
    const isRefused = parameters.some((word) => /^q=0(\.0*)?$/.test(word))
    return name === '' || isRefused ? [] : [name]
  })
}
