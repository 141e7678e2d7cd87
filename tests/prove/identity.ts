import { parseArgs } from 'node:util'
import type { Resolution } from '#domain/identity/resolution.ts'
import { resolveIdentities } from '#domain/identity/resolve.ts'
import { nothingKnown, type StaffAccount } from '#domain/identity/staff-account.ts'
import { createChance } from '#simulation/chance.ts'
import { generateStaff, type Staff } from '#simulation/staff/generate-staff.ts'
import {
  addScores,
  calibrationError,
  hashOf,
  type Score,
  scoreIdentity,
} from '#simulation/staff/score-identity.ts'
import { type StaffPreset, staffPresets } from '#simulation/staff/staff-rates.ts'
import { type ProbePoint, pointAt, probeCurve } from './probe-curve.ts'

/**
 * Who is who in invented companies, held against the truth: `--seeds 11-20 --people 5000 --presets usual,neither`.
 * Seeds 1–10 are for tuning, 11–20 for reporting. `--wrong` prints every wrong link with both accounts.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '11-20' },
    people: { type: 'string', default: '5000' },
    presets: { type: 'string', default: Object.keys(staffPresets).join(',') },
    wrong: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [from = 1, to = from] = values.seeds.split('-').map(Number)
const seeds = Array.from({ length: to - from + 1 }, (_, n) => from + n)
const presets = values.presets.split(',') as StaffPreset[]

const aims = { precision: 0.999, coverage: 0.97, calibrationError: 0.02, wrongProbes: 0.05 }
/** A company without mobiles or job numbers, or of twenty people, need not reach the coverage. */
const mustCover: readonly StaffPreset[] = ['usual', 'group']
/** Where mobiles are hidden on one side there is something to ask. */
const asking = presets.filter((preset) =>
  ['usual', 'no-job-numbers', 'new-wecom-app', 'group'].includes(preset),
)
const wrongShares = [0, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05]

const complaints: string[] = []
const staffOf = (preset: StaffPreset, seed: number): Staff =>
  generateStaff({ people: Number(values.people), ...staffPresets[preset], seed })
const resolve = (accounts: readonly StaffAccount[]): Resolution => resolveIdentities(accounts, nothingKnown)
const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(3)} %`
const printRow = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
function printHead(...cells: string[]) {
  printRow(...cells)
  printRow(...cells.map(() => '---'))
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const [copy, next] = [[...list], createChance(seed)]
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
  }
  return copy
}

function scoreOf(preset: StaffPreset, seed: number): Score {
  const staff = staffOf(preset, seed)
  const resolution = resolve(staff.accounts)
  const score = scoreIdentity(staff, resolution)
  // Once a company: a second resolution costs as much as the first.
  const isShuffled = seed === seeds[0] || preset === presets[0]
  if (isShuffled && hashOf(resolve(shuffled(staff.accounts, seed))) !== hashOf(resolution))
    complaints.push(`${preset}, seed ${seed}: another order of input, another result`)
  if (values.wrong)
    for (const [a, b] of score.wrongPairs)
      for (const id of [a, b]) console.log(seed, JSON.stringify(staff.generated.get(id)!.account))
  return score
}

function judge(preset: StaffPreset, sum: Score): void {
  const [precision, coverage] = [1 - sum.wrong / Math.max(1, sum.linked), sum.truePairsLinked / sum.truePairs]
  const error = calibrationError(sum.claims)
  if (precision < aims.precision) complaints.push(`${preset}: precision ${precision}`)
  if (mustCover.includes(preset) && coverage < aims.coverage)
    complaints.push(`${preset}: coverage ${coverage}`)
  if (error > aims.calibrationError) complaints.push(`${preset}: calibration error ${error}`)
}

console.log(
  `Seeds ${values.seeds}; calibration is over linked and suggested pairs, then over the suggested alone.\n`,
)
printHead(
  'company',
  'people',
  'linked pairs',
  'wrong',
  'precision',
  'coverage',
  'suggested',
  'returns found',
  'calibration',
  'of suggested',
  'conflicting',
  'unmatched',
)
for (const preset of presets) {
  const sum = addScores(seeds.map((seed) => scoreOf(preset, seed)))
  judge(preset, sum)
  printRow(
    preset,
    sum.people,
    sum.linked,
    sum.wrong,
    percent(sum.linked - sum.wrong, sum.linked),
    percent(sum.truePairsLinked, sum.truePairs),
    percent(sum.truePairsSuggested, sum.truePairs),
    percent(sum.returnsLinked, sum.returns),
    calibrationError(sum.claims).toFixed(4),
    calibrationError(sum.claims.filter(({ isLinked }) => !isLinked)).toFixed(4),
    sum.conflicting,
    sum.unmatched,
  )
}

console.log(
  '\nRight of all pairs against wrong probes, which are a share of the head-count of the connection asked.\n',
)
printHead(
  'company',
  'unasked',
  ...wrongShares.map((share) => `≤ ${share * 100} %`),
  'asked',
  'wrong',
  'worst share',
  'wrong links',
)
for (const preset of asking) {
  const curves = seeds.map((seed) => probeCurve(staffOf(preset, seed)))
  const sumOf = (points: readonly ProbePoint[], of: (point: ProbePoint) => number) =>
    points.reduce((sum, point) => sum + of(point), 0)
  const ends = curves.map((points) => points.at(-1)!)
  const worst = Math.max(...ends.map(({ wrongShare }) => wrongShare))
  const score = addScores(ends.map((end) => end.score))
  if (worst > aims.wrongProbes) complaints.push(`${preset}: wrong probes are ${worst} of the head-count`)
  if (1 - score.wrong / score.linked < aims.precision) complaints.push(`${preset}: wrong links after probing`)
  const looks = [
    curves.map((points) => points[0]!),
    ...wrongShares.map((share) => curves.map((points) => pointAt(points, share))),
  ]
  printRow(
    preset,
    ...looks.map((points) => {
      return percent(
        sumOf(points, (point) => point.score.truePairsLinked),
        sumOf(points, (point) => point.score.truePairs),
      )
    }),
    sumOf(ends, ({ asked }) => asked),
    sumOf(ends, ({ wrong }) => wrong),
    percent(worst, 1),
    score.wrong,
  )
}

for (const complaint of complaints) console.log(complaint)
console.log(complaints.length === 0 ? '\nevery aim is met' : `\n${complaints.length} aims missed`)
process.exitCode = complaints.length === 0 ? 0 : 1
