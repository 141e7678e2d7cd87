import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { rowsOf } from '#store/database.ts'
import { type LaneInHand, laneInHand } from './lane-in-hand.ts'

const found = laneInHand()

const directions = ['dingtalk-to-wecom', 'wecom-to-dingtalk'] as const
type Direction = (typeof directions)[number]

const turnTo = (company: LaneInHand, to: Direction) =>
  company.app.apply({
    text: company.world.sandbox
      .ready()
      .setupYaml.replace('direction: dingtalk-to-wecom', `direction: ${to}\n    pollEvery: 1h`),
    file: 'setup.yaml',
    dryRun: false,
  })

/** What was sent the old way, by its state. */
async function sentWay({ parts, connection }: LaneInHand, target: 'dingtalk' | 'wecom'): Promise<string[]> {
  const { id } = await connection(target)
  const rows = await rowsOf(
    sql<{ told: string }>`
    select distinct concat_ws(': ', case when delivery.state = 'batched' then batch.state else delivery.state end, delivery.reason) as told
      from delivery left join batch on batch.tenant_id = delivery.tenant_id and batch.id = delivery.batch_id
     where delivery.tenant_id = ${parts.tenant} and delivery.connection_id = ${id} order by 1`,
    parts.database.kysely,
  )
  return rows.map(({ told }) => told)
}

/** What we wrote on either side, as `person@second`. */
const written = ({ world: { sandbox } }: LaneInHand) => ({
  wecom: sandbox
    .records()
    .flatMap(({ origin, userid, checkin_time: at }) => (origin === 'api' ? [`${userid}@${at}`] : [])),
  dingtalk: sandbox.uploads().map(({ userid, checkin_time: at }) => `${userid}@${at}`),
})

const delays = { visibilityDelay: 2_400, uploadVisibilityDelay: 2_400 }
const stories = directions.flatMap((direction) => [
  { direction, when: 'what was sent shows later', faults: delays, settled: ['verified'] },
  {
    direction,
    when: 'what was sent was never stored',
    faults: {
      effectLost: {
        api: direction === 'dingtalk-to-wecom' ? 'add_checkin_record' : 'record/upload',
        next: 100,
      },
    },
    settled: ['waiting'],
  },
])

test.for(stories)(
  'a route is turned while deliveries are on their way, $direction: $when',
  async ({ direction, faults, settled }) => {
    const [source, target] = direction.split('-to-') as ['dingtalk', 'wecom']
    await using company = await found({ direction, punchIn: source, pollEvery: '1h', faults })
    for (let tenMinutes = 0; !(await sentWay(company, target)).includes('sent'); tenMinutes++) {
      const at = Temporal.Instant.from('2026-03-02T08:00:00+08:00').add({ minutes: 10 * tenMinutes })
      await company.until(at.toString())
    }
    const before = written(company)
    const other = directions.find((one) => one !== direction)!
    await turnTo(company, other)
    const told = await company.until('2026-03-04T04:00:00+08:00')
    expect(told.filter(({ outcome }) => 'failure' in outcome)).toEqual([])
    expect(await sentWay(company, target)).toEqual(settled)
    // Nobody punches where punches are read now: nothing was sent again, and nothing came back.
    expect(written(company)).toEqual(before)
    expect((await company.app.status()).routes[0]).toMatchObject({ held: 0, inDoubt: 0, refused: 0 })
    const later = await company.until('2026-03-04T06:00:00+08:00')
    expect(later.filter(({ step }) => step.kind === 'readBack')).toEqual([])
  },
)
