import { styleHash } from './status-page/layout.ts'

/** On every answer. Pages run no script, load nothing from elsewhere, are framed by nobody and leave no copy behind. */
export const safeHeaders: Record<string, string> = {
  'content-security-policy': `default-src 'none'; style-src '${styleHash}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
  vary: 'Accept, Accept-Language',
}
