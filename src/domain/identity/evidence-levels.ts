import { nameLevels } from './compare-names.ts'

/** Each kind of evidence and how it may agree, the closest first. What is missing on either side is no evidence. */
export const evidenceLevels = {
  name: nameLevels,
  mobile: ['same', 'shared', 'different'],
  jobNumber: ['same', 'shared', 'alike', 'different'],
  email: ['same', 'spelt', 'shared', 'local', 'spelt-local', 'different'],
  userId: ['same', 'spelt', 'mobile-tail', 'different'],
  department: ['same', 'last', 'part', 'different'],
  title: ['same', 'different'],
  hiredOn: ['same', 'near', 'different'],
  period: ['current', 'left', 'half', 'apart'],
  manager: ['same', 'different'],
  together: ['often', 'once'],
} as const

export type Evidence = keyof typeof evidenceLevels
export type LevelOf<E extends Evidence> = (typeof evidenceLevels)[E][number]

export const evidences = Object.keys(evidenceLevels) as Evidence[]
/** Levels of one kind of evidence in a flat table; level 0 is `missing`. */
export const slotsPerEvidence = 9
export const tableSize = evidences.length * slotsPerEvidence

const places = new Map(evidences.map((evidence, at) => [evidence, at]))
export const placeOf = (evidence: Evidence): number => places.get(evidence)!

/** Where a level stands in a flat table. */
export const slotOf = <E extends Evidence>(evidence: E, level: LevelOf<E>): number =>
  placeOf(evidence) * slotsPerEvidence + levelNumber(evidence, level)

/** 1 for the closest level. */
export const levelNumber = <E extends Evidence>(evidence: E, level: LevelOf<E>): number =>
  (evidenceLevels[evidence] as readonly string[]).indexOf(level) + 1

/** The level's name; null when missing. */
export const levelName = (evidence: Evidence, number: number): string | null =>
  (evidenceLevels[evidence] as readonly string[])[number - 1] ?? null

type Belief = {
  /** How often two accounts of one person agree so, of those where both sides say something. */
  [E in Evidence]: { [L in LevelOf<E>]: number }
}

/** What is believed of one person's two accounts before any data were seen. */
export const beliefs: Belief = {
  name: {
    same: 0.86,
    homophone: 0.02,
    pinyin: 0.03,
    'stand-in': 0.015,
    'look-alike': 0.015,
    'one-off': 0.01,
    opaque: 0.03,
    different: 0.01,
  },
  mobile: { same: 0.9, shared: 0.03, different: 0.07 },
  jobNumber: { same: 0.86, shared: 0.02, alike: 0.06, different: 0.06 },
  email: { same: 0.4, spelt: 0.3, shared: 0.01, local: 0.06, 'spelt-local': 0.05, different: 0.18 },
  userId: { same: 0.1, spelt: 0.15, 'mobile-tail': 0.02, different: 0.73 },
  department: { same: 0.6, last: 0.15, part: 0.1, different: 0.15 },
  title: { same: 0.75, different: 0.25 },
  hiredOn: { same: 0.75, near: 0.12, different: 0.13 },
  period: { current: 0.92, left: 0.04, half: 0.037, apart: 0.003 },
  manager: { same: 0.75, different: 0.25 },
  together: { often: 0.5, once: 0.5 },
}

/** How often strangers agree so, where the data's own frequencies do not tell; replaced by what a sample shows. */
export const strangers: { readonly [E in Evidence]?: { readonly [L in LevelOf<E>]?: number } } = {
  mobile: { different: 1 },
  jobNumber: { different: 1 },
  email: { spelt: 0.1, different: 0.95 },
  userId: { different: 0.97 },
  department: { part: 0.25, different: 0.65 },
  title: { different: 0.8 },
  hiredOn: { near: 0.02, different: 0.97 },
  period: { current: 0.88, left: 0.01, half: 0.06, apart: 0.05 },
  manager: { different: 0.9 },
}

/**
 * Identifiers: the share of equal ones, unique on either side, that point at a stranger all the same (typing errors,
 * numbers given away). Learned from the data, starting here, never under `least`.
 */
export const identifiers = [
  { evidence: 'mobile', level: 'same', wrong: 0.003, least: 0.0008 },
  { evidence: 'jobNumber', level: 'same', wrong: 0.006, least: 0.0015 },
  { evidence: 'jobNumber', level: 'alike', wrong: 0.05, least: 0.01 },
  { evidence: 'email', level: 'same', wrong: 0.006, least: 0.0015 },
  { evidence: 'email', level: 'local', wrong: 0.03, least: 0.01 },
  { evidence: 'userId', level: 'same', wrong: 0.02, least: 0.005 },
] as const
