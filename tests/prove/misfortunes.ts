import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { misfortunes } from '#simulation/fault-stories.ts'
import { freshDatabase } from '#simulation/fresh-database.ts'
import { type Ending, tellStory } from '#simulation/tell-story.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'

/**
 * Each misfortune × many seeds, with a crash at a random await: what was lost, doubled, left in doubt, recovered.
 * Arguments: seeds (default 200), first seed (default 1), a part of a misfortune's name.
 */
const seeds = Number(process.argv[2] ?? 200)
const first = Number(process.argv[3] ?? 1)
const only = process.argv[4] ?? ''
const atOnce = 2
/** Old tenants slow nobody down, but a fresh database now and then keeps the proof quick. */
const storiesPerDatabase = 100

const home = await mkdtemp(join(tmpdir(), 'qintong-prove-'))
const embedded = await startEmbedded({ home, settings: { fsync: 'off' } })
let databases = 0

let bad = 0
console.log(
  '| misfortune | stories | punches | crashes | lost | doubled | invented | falsely verified | over a limit | outdated by the source | in doubt at the end | recovered |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|')
let config = await freshDatabase(embedded.config, `prove_${++databases}`)
let told = 0
for (const misfortune of misfortunes.filter((one) => one.name.includes(only))) {
  const endings: Ending[] = []
  for (let seed = first; seed < first + seeds; seed += atOnce) {
    if (told >= storiesPerDatabase) {
      config = await freshDatabase(embedded.config, `prove_${++databases}`)
      told = 0
    }
    const batch = Array.from({ length: Math.min(atOnce, first + seeds - seed) }, (_, i) =>
      tellStory(config, misfortune, seed + i),
    )
    endings.push(...(await Promise.all(batch)))
    told += batch.length
  }
  const sum = (of: (ending: Ending) => number) => endings.reduce((total, ending) => total + of(ending), 0)
  const row = [
    misfortune.name,
    endings.length,
    sum((e) => e.expected),
    sum((e) => e.crashes),
    sum((e) => e.lost.length),
    sum((e) => e.doubled.length),
    sum((e) => e.invented.length),
    sum((e) => e.falselyVerified.length),
    sum((e) => e.overLimit),
    sum((e) => e.outdated.length),
    sum((e) => e.inDoubt),
    sum((e) => Number(e.recovered)),
  ]
  console.log(`| ${row.join(' | ')} |`)
  const broken = endings.filter((e) => !e.recovered || e.overLimit > 0)
  bad += broken.length
  for (const ending of broken.slice(0, 5))
    console.log(`  seed ${ending.seed}: ${JSON.stringify(ending).slice(0, 600)}`)
}
await embedded.release()
await rm(home, { recursive: true, force: true })
console.log(bad === 0 ? 'every story ended well' : `${bad} stories ended badly`)
process.exitCode = bad === 0 ? 0 : 1
