import { type Body, type PlatformRules, said, sortTable, type Trouble, trouble } from '#platforms/trouble.ts'
import { wecomBanMs, wecomLimitWaitsMs, wecomPlaces } from '#platforms/wecom/limits.ts'

/**
 * WeCom's codes by what follows from them. A code that is not here is `unknown` and shown verbatim.
 * Source: https://developer.work.weixin.qq.com/document/path/90313 and contract 9.2.
 */
const table = sortTable([
  ['auth', '40001 40014 42001'],
  ['credentials', '40013 40091 41002 41004'],
  ['permission', '48001 48002 48004 48005 48006 48009 50002 60011 301002 301055 301062 670001 701099'],
  ['ip', '60020'],
  ['limit', '45009 45036'],
  ['disabled', '50003'],
  ['person', '40003 40031 46004 60021 60111 301021'],
  ['request', '40032 40035 40056 40058 40063 40066 41001 41009 41011 45002 48010 50100 60003 60123'],
  ['request', '301023 301024 301025 301063 301073 301075 301079-301083 301089-301095 301097 301098'],
  ['request', '301099 301101-301105 301113'],
  ['too-large', '45029 301112'],
  ['busy', '-1 6000 45033 45035 301022 301026 301057 301064 301070 301096 2000111 2000141'],
])

/** `not allow to access from your ip, hint: [1785…], from ip: 203.0.113.9, more info at …` */
const ipOf = (text: string): string =>
  (/from ip:\s*([0-9a-f.:]+)/i.exec(text)?.[1] ?? '').replace(/[.:]+$/, '')

const hintOf = (text: string): string => /hint:\s*\[?\s*(\d+)/i.exec(text)?.[1] ?? ''

/** Success is `errcode` absent or 0; a refusal may still carry the endpoint's empty collection. */
function refusalOf(body: Body, status: number): Trouble | null {
  const code = said(body['errcode'])
  if (code !== '' && Number(code) !== 0) {
    const text = said(body['errmsg'])
    const sort = table.get(code) ?? 'unknown'
    return trouble(sort, {
      code,
      text,
      status,
      requestId: hintOf(text),
      ip: sort === 'ip' ? ipOf(text) : '',
      stay: sort === 'limit' ? { whole: false, waitsMs: wecomLimitWaitsMs, until: null } : null,
    })
  }
  return status < 200 || status >= 300 ? trouble('unreadable', { status, text: `HTTP ${status}` }) : null
}

/** How WeCom says no. */
export const wecomRules: PlatformRules = {
  refusalOf,
  banMs: wecomBanMs,
  retryWaitsMs: [1_000, 4_000, 15_000],
  atOnce: wecomPlaces.atOnce,
}
