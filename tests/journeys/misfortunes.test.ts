import { afterAll, beforeAll, expect, test } from 'vitest'
import { misfortunes } from '#simulation/fault-stories.ts'
import { tellStory } from '#simulation/tell-story.ts'
import { migratedDatabase, type TestDatabase } from '../support/database.ts'

/** Two seeds each here; `npm run prove` tells two hundred of each. */
const seeds = [1, 2]

let home: TestDatabase
beforeAll(async () => {
  home = await migratedDatabase()
})
afterAll(() => home?.drop())

test.for(
  misfortunes.flatMap((misfortune) => seeds.map((seed) => ({ name: misfortune.name, misfortune, seed }))),
)(
  '$name, seed $seed: nothing lost, nothing doubled, nothing invented, nothing falsely claimed',
  async ({ misfortune, seed }) => {
    const end = await tellStory(home.config, misfortune, seed)
    expect({
      lost: end.lost,
      doubled: end.doubled,
      invented: end.invented,
      falselyVerified: end.falselyVerified,
      overLimit: end.overLimit,
    }).toEqual({
      lost: [],
      doubled: [],
      invented: [],
      falselyVerified: [],
      overLimit: 0,
    })
    expect(end.recovered).toBe(true)
  },
)
