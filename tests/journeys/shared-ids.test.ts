import { expect, test } from 'vitest'
import { founder, type Someone } from './founder.ts'

const found = founder()
const at = '2026-03-05T08:30:00+08:00'

test.for(['together', 'apart'])(
  'where a punch id is one within a person alone, two people who share one lose nothing: read %s',
  async (how) => {
    await using company = await found({
      faults: { punchIds: 'person' },
    })
    const [one, other] = company.people
    company.minutesPass(30 * 60)
    const stored = (who: Someone) => company.stored(who).filter((second) => second === at)
    company.punches(one!, at)
    if (how === 'apart') await company.sync()
    company.punches(other!, at)
    await company.sync()
    expect([stored(one!), stored(other!)]).toEqual([[at], [at]])
    expect(await company.ledger(one!)).toMatchObject({ [at]: 'verified' })
    expect(await company.ledger(other!)).toMatchObject({ [at]: 'verified' })
    const again = await company.sync()
    expect(again.punches).toMatchObject({ fresh: 0, revised: 0 })
    expect([stored(one!), stored(other!)]).toEqual([[at], [at]])
  },
)
