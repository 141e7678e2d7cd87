import { expect, test } from 'vitest'
import { type FaultName, faultTable } from '../fault-table.ts'
import { positionGroups } from './positions.ts'

const switches = positionGroups.flatMap((group) => Object.entries(group.switches))

test('every switch of the sandbox has its buttons, once', () => {
  expect(switches.map(([name]) => name).sort()).toEqual(Object.keys(faultTable).sort())
})

test('every button sets what its switch accepts, and one of them is how it starts', () => {
  for (const [name, positions] of switches) {
    const { schema, default: initial } = faultTable[name as FaultName]
    for (const { value } of positions) expect(schema.safeParse(value).success, name).toBe(true)
    if (Object.keys(Object(initial)).length > 0 || typeof initial !== 'object')
      expect(
        positions.map(({ value }) => value),
        name,
      ).toContainEqual(initial)
  }
})
