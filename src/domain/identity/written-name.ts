import { pinyin } from 'pinyin-pro'
import { commonSurnames, compoundSurnames, toSimplified } from './characters.ts'
import { isPinyinName, isSyllable, rotations, toSyllables, wholeSyllable } from './syllables.ts'

/** A name as a platform shows it, taken to pieces. Two spellings of one name need not be equal: compare-names.ts decides. */
export type WrittenName = {
  /** Chinese characters in simplified form; `*` hides one, a pinyin syllable stands for one that could not be written. */
  chars: readonly string[]
  /** One per character, without tone; '' where hidden or unknown. */
  syllables: readonly string[]
  /** How many of `chars` are the surname. */
  surname: number
  /** Latin words beside or instead of the characters, in lower case. */
  latin: readonly string[]
  /**
   * The number beside words that are no person's name (`员工12`, `Driver 3`), without zeros before it: there it tells
   * people apart. '' elsewhere: whoever is the second 王伟 here may be the third there.
   */
  number: string
  /** Equal for names that are written alike; '' when there is no name. */
  key: string
  /** Pinyin without blanks, the surname first as far as that can be told; several when the order is open. */
  pinyinKeys: readonly string[]
  /** The name says that its holder has left, e.g. `（离职）`. */
  saysLeft: boolean
}

const leaverWords = /离职|离任|离岗|已离|停用|注销|退休|辞职|resigned|\bleft\b|\bquit\b/i
const notes =
  /^(?:.*(?:离职|离岗|停用|注销|退休|辞职|外包|实习|试用|兼职|临时|返聘|借调|派遣|劳务|正式|顾问|新|旧|备用|小号|测试|账号|帐号|工号|部|组|中心|分公司|公司|驻场|外派|项目|男|女|大|小)|.*(?:经理|总监|主管|老师|工程师|助理|店长|销售|客服|财务|行政|人事|技术|运营|司机|保安)|[老]?[大小]|已|待|转正|[一二三四五])$/
/** Notes that begin like a surname and are none. */
const plainNotes =
  /^(?:(?:已)?离职|离岗|停用|注销|退休|辞职|外包|实习生?|试用期?|兼职|临时工?|返聘|借调|派遣|劳务(?:派遣)?|正式|顾问|备用|小号|测试|驻场|外派)$/
const trailing =
  /(?:已离职|离职|离岗|停用|外包|实习生|实习|试用期|试用|兼职|临时工|临时|返聘|借调|派遣|劳务|老师|经理|总监|主管|工程师|助理)$/
const brackets = /[([{【〔<《「『]([^)\]}】〕>》」』]*)[)\]}】〕>》」』]?/gu
const runs = /[\p{Script=Han}〇*?□■○●]+|[a-z]+/gu
const hidden = /[*?□■○●某]/u

/** Reads a name as it was written. Never fails; what is not a name leaves `key` empty. */
export function readName(written: string): WrittenName {
  const text = written
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[·•・‧∙．']/gu, '')
  const asides: string[] = []
  const bare = text.replace(brackets, (_, inside: string) => {
    asides.push(inside)
    return ' '
  })
  const found = wordsOf(bare)
  for (const aside of asides.map(wordsOf)) {
    found.latin.push(...aside.latin)
    if (found.han.length === 0) found.han.push(...aside.han)
  }
  const chars = charsOf(joined(found.han))
  return nameOf(chars, found.latin, numberBeside(chars, found.latin, text), leaverWords.test(text))
}

/** Chinese words that could be a name, and Latin words. */
function wordsOf(text: string): { han: string[][]; latin: string[] } {
  const [han, latin]: [string[][], string[]] = [[], []]
  for (const token of text.split(/[\s\-_—–/|\\,，、;:+&#@.~]+/u)) {
    const parts = token.match(runs) ?? []
    const chinese = parts.filter((part) => !/[a-z]/.test(part))
    const letters = parts.filter((part) => /[a-z]/.test(part))
    const standIn = standInOf(parts, chinese.join(''), letters)
    if (standIn) han.push(standIn)
    else {
      for (const part of chinese) {
        const short =
          [...part].length > 3 ? part.replace(trailing, '') : part.replace(/(?:离职|外包|实习)$/, '')
        if (short !== '' && !isNote(short)) han.push([...short])
      }
      latin.push(...letters.filter((part) => !/^(?:x+|left|resigned|intern|mr|ms|mrs|dr)$/.test(part)))
    }
  }
  return { han, latin }
}

const isNote = (part: string) => plainNotes.test(part) || (!looksLikeName([...part]) && notes.test(part))

/** `王zhuo`, `李xx`: letters that stand for characters nobody could type. */
function standInOf(parts: readonly string[], chinese: string, letters: readonly string[]): string[] | null {
  const count = [...chinese].length
  if (letters.length !== 1 || count < 1 || count > 2) return null
  const [word = ''] = letters
  if (/^x{1,2}$/.test(word))
    return parts.flatMap((part) => (part === word ? [...word].map(() => '*') : [...part]))
  if (!isSyllable(word) || word.length < 2 || !looksLikeSurname(chinese)) return null
  return parts.flatMap((part) => (part === word ? [wholeSyllable(word)] : [...part]))
}

const looksLikeSurname = (text: string) => commonSurnames.has(toSimplified([...text][0] ?? ''))
const looksLikeName = (chars: readonly string[]) =>
  chars.length >= 2 &&
  chars.length <= 4 &&
  looksLikeSurname(chars.join('')) &&
  !/(?:部|组|中心|公司|离职|外包|实习)$/.test(chars.join(''))

/** `邹 继豪`, `陆 云 波`: one name with blanks in it. */
function joined(words: readonly string[][]): string[][] {
  const all = words.flat()
  const isSurname = looksLikeSurname(words[0]?.join('') ?? '') && (words[0]?.length ?? 0) <= 2
  const isOne = all.length <= 4 && words.slice(1).every((word) => word.length <= 2)
  return words.length >= 2 && isSurname && isOne ? [all] : [...words]
}

/** Of several Chinese words, the one that is a name: by its surname and length, else the longest. */
function charsOf(words: readonly string[][]): string[] {
  const name = words.find(looksLikeName) ?? words.toSorted((a, b) => b.length - a.length)[0] ?? []
  // `小王伟` is how colleagues tell the younger of two 王伟 apart.
  const isNicknamed = name.length >= 3 && /[小大老]/.test(name[0]!) && looksLikeName(name.slice(1))
  return (isNicknamed ? name.slice(1) : name).map((char, at) =>
    hidden.test(char) && (at > 0 || char !== '某') ? '*' : char === '〇' ? '*' : toSimplified(char),
  )
}

/** The digits of a text whose words name nobody. */
function numberBeside(chars: readonly string[], latin: readonly string[], text: string): string {
  const isPerson = chars.length > 0 ? looksLikeName(chars) || !isPlain(chars) : isPinyinName(latin)
  if (isPerson || chars.length + latin.length === 0) return ''
  return (text.match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, '')).join(' ')
}

/** Nothing in it stands for a character that is not there. */
const isPlain = (chars: readonly string[]) => chars.every((char) => char !== '*' && !/[a-z]/.test(char))

const none: readonly string[] = []

function nameOf(
  chars: readonly string[],
  latin: readonly string[],
  number: string,
  saysLeft: boolean,
): WrittenName {
  const key = `${chars.length > 0 ? chars.join('') : latin.join(' ')} ${number}`.trim()
  const syllables = syllablesOf(chars)
  const surname = compoundSurnames.has(chars.slice(0, 2).join('')) && chars.length > 2 ? 2 : 1
  if (chars.length === 0) {
    const keys = latin.length > 0 ? rotations(latin.flatMap((word) => toSyllables(word) ?? [word])) : []
    return { chars, syllables, surname, latin, number, key, pinyinKeys: keys, saysLeft }
  }
  const isWhole = syllables.length > 1 && !syllables.includes('')
  const pinyinKeys = isWhole ? [syllables.join('')] : []
  return {
    chars,
    syllables,
    surname,
    latin: latin.length > 0 ? latin : none,
    number,
    key,
    pinyinKeys,
    saysLeft,
  }
}

function syllablesOf(chars: readonly string[]): string[] {
  const standIns = chars.some((char) => char.length > 1 && /[a-z]/.test(char))
  const text = standIns ? chars.map((char) => (/[a-z]/.test(char) ? '*' : char)).join('') : chars.join('')
  const read = pinyin(text, { toneType: 'none', type: 'array', surname: 'head', v: true })
  return chars.map((char, at) => {
    if (/[a-z]/.test(char)) return char
    const syllable = read[at] ?? ''
    return /^[a-z]+$/.test(syllable) ? wholeSyllable(syllable) : ''
  })
}
