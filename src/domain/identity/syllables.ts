const syllable =
  /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|ve|vn|yu|a|o|e|i|u|v))$/

/** One pinyin syllable without tone, e.g. `zhuo`. */
export const isSyllable = (word: string): boolean => syllable.test(word) && word.length <= 6

/** One spelling for what is typed in several ways: `lv`, `lyu` and `lu` are one. */
export function wholeSyllable(word: string): string {
  const whole = word.replace(/^([ln])(?:v|yu)/, '$1u')
  return kept.getOrInsert(whole, whole)
}

/** There are a few hundred syllables and many names: each is kept in memory once. */
const kept = new Map<string, string>()

/** The syllables of a word such as `xiaoming`, the longest first; null when it is not pinyin or of more than four. */
export function toSyllables(word: string): string[] | null {
  const found = split(word, 4)
  return found ? found.map(wholeSyllable) : null
}

function split(word: string, most: number): string[] | null {
  if (word === '') return []
  if (most === 0) return null
  for (let length = Math.min(6, word.length); length > 0; length--) {
    const head = word.slice(0, length)
    if (!isSyllable(head) || (length === 1 && !/[aoe]/.test(head))) continue
    const rest = split(word.slice(length), most - 1)
    if (rest) return [head, ...rest]
  }
  return null
}

/** Latin words that are a Chinese name in letters: two to four syllables and nothing else. */
export function isPinyinName(latin: readonly string[]): boolean {
  let count = 0
  for (const word of latin) {
    const sounds = toSyllables(word)
    if (!sounds) return false
    count += sounds.length
  }
  return count >= 2 && count <= 4
}

/** The orders in which a Latin name may be meant: as written, and with its last or first word as the surname. */
export function rotations(words: readonly string[]): string[] {
  const orders = [
    words,
    [...words.slice(-1), ...words.slice(0, -1)],
    [...words.slice(1), ...words.slice(0, 1)],
  ]
  return [...new Set(orders.map((order) => order.join('')))]
}
