import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/**
 * A mobile number as E.164, e.g. `+8613800000000`; null when it is hidden (`138****0000`), empty or not a phone
 * number. Without a country in the number or beside it, China is meant.
 */
export function toMobile(mobile: string | null | undefined, countryCode?: string | null): string | null {
  const written = mobile?.trim() ?? ''
  if (written === '' || written.includes('*')) return null
  const country = countryCode?.replace(/\D/g, '') ?? ''
  const full =
    written.startsWith('+') || country === '' ? written : `+${country}${written.replace(/\D/g, '')}`
  const parsed = parsePhoneNumberFromString(full, 'CN')
  return parsed?.isValid() ? parsed.number : null
}

/** The number as both platforms' look-ups want it: Chinese numbers bare, others with their country, `+852-51234567`. */
export function toLookupNumber(mobile: string): string {
  const parsed = parsePhoneNumberFromString(mobile)
  if (!parsed) return mobile
  return parsed.countryCallingCode === '86'
    ? parsed.nationalNumber
    : `+${parsed.countryCallingCode}-${parsed.nationalNumber}`
}
