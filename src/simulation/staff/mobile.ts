import type { Dice } from './dice.ts'

const mainlandPrefixes =
  '134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 184 187 188 198 130 131 132 155 156 166 175 176 185 186 133 153 173 177 180 181 189 191 199'.split(
    ' ',
  )

/** A mobile number as E.164: of the mainland but for a few of Hong Kong and Macau. */
export function drawMobile(dice: Dice, hkMacauRate: number): string {
  const digits = (count: number) => Array.from({ length: count }, () => dice.between(0, 9)).join('')
  if (!dice.happens(hkMacauRate)) return `+86${dice.pick(mainlandPrefixes)}${digits(8)}`
  return dice.happens(0.7)
    ? `+852${dice.pick(['51', '60', '62', '91', '93', '97'])}${digits(6)}`
    : `+85366${digits(6)}`
}

/** The plain way a platform writes a number: mainland ones without their country. */
export const plainMobile = (e164: string): string =>
  e164.startsWith('+86') ? e164.slice(3) : `${e164.slice(0, 4)}-${e164.slice(4)}`

/** The same number as people type it. */
export function formatMobile(dice: Dice, e164: string): string {
  if (!e164.startsWith('+86'))
    return dice.pick([e164, `${e164.slice(0, 4)} ${e164.slice(4, 8)} ${e164.slice(8)}`])
  const [a, b, c] = [e164.slice(3, 6), e164.slice(6, 10), e164.slice(10)]
  return dice.pick([
    `+86${a}${b}${c}`,
    `+86-${a}${b}${c}`,
    `+86 ${a} ${b} ${c}`,
    `86-${a}${b}${c}`,
    `0086${a}${b}${c}`,
    `${a} ${b} ${c}`,
    `${a}-${b}-${c}`,
    ` ${a}${b}${c} `,
  ])
}

/** Something that is not a telephone number any more. */
export function spoilMobile(dice: Dice, e164: string): string {
  const plain = e164.slice(3)
  return dice.pick([
    plain.slice(0, -1),
    `${plain}${dice.between(0, 9)}${dice.between(0, 9)}`,
    `${plain.slice(0, 5)}O${plain.slice(6)}`,
    `${plain}/${plain.slice(0, -1)}1`,
    '无',
    '10000000000',
  ])
}
