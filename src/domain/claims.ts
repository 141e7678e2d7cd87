/**
 * What people have said about who is who, as the store keeps it: links on a route, pairs taken apart on a route, and
 * pairs between which there is no route. Rows are the store's own, by column.
 */
export const claimTables = ['explicit_link', 'parted_pair', 'person_pair'] as const
export type ClaimTable = (typeof claimTables)[number]
export type ClaimRow = Readonly<Record<string, unknown>>
export type Claims = Readonly<Record<ClaimTable, readonly ClaimRow[]>>

export const noClaims: Claims = { explicit_link: [], parted_pair: [], person_pair: [] }

/** What tells rows of a table apart, and what such a row says beyond being there. */
const columns: Record<ClaimTable, { key: string[]; says: string[] }> = {
  explicit_link: { key: ['route_id', 'source_key'], says: ['target_key'] },
  parted_pair: { key: ['route_id', 'source_key', 'target_key'], says: [] },
  person_pair: { key: ['a_connection', 'a_key', 'b_connection', 'b_key'], says: ['is_same'] },
}

const textOf = (table: ClaimTable, row: ClaimRow, names: string[]) =>
  JSON.stringify([table, ...names.map((name) => row[name])])
const keyOf = (table: ClaimTable, row: ClaimRow) => textOf(table, row, columns[table].key)
const wordOf = (table: ClaimTable, row: ClaimRow) =>
  textOf(table, row, [...columns[table].key, ...columns[table].says])

const each = <T>(claims: Claims, tell: (table: ClaimTable, row: ClaimRow) => T): T[] =>
  claimTables.flatMap((table) => claims[table].map((row) => tell(table, row)))

const keep = (claims: Claims, isKept: (table: ClaimTable, row: ClaimRow) => boolean): Claims => ({
  explicit_link: claims.explicit_link.filter((row) => isKept('explicit_link', row)),
  parted_pair: claims.parted_pair.filter((row) => isKept('parted_pair', row)),
  person_pair: claims.person_pair.filter((row) => isKept('person_pair', row)),
})

/** What was said before and is not said any more, and the other way round. When it was said makes no difference. */
export function changeOf(before: Claims, after: Claims): { before: Claims; after: Claims } {
  const [said, says] = [new Set(each(before, wordOf)), new Set(each(after, wordOf))]
  return {
    before: keep(before, (table, row) => !says.has(wordOf(table, row))),
    after: keep(after, (table, row) => !said.has(wordOf(table, row))),
  }
}

export const isNothing = (claims: Claims): boolean => claimTables.every((table) => claims[table].length === 0)

type Change = { before: Claims; after: Claims }

/**
 * Whether taking this change back would overrule nobody: what it left still stands as it left it, and no link that would
 * come back claims an account that is linked otherwise now.
 */
export function canTakeBack({ before, after }: Change, present: Claims): boolean {
  const keys = new Set([...each(before, keyOf), ...each(after, keyOf)])
  const own = keep(present, (table, row) => keys.has(keyOf(table, row)))
  const change = changeOf(own, after)
  if (!isNothing(change.before) || !isNothing(change.after)) return false
  const others = present.explicit_link.filter((row) => !keys.has(keyOf('explicit_link', row)))
  const taken = new Set(others.map(targetOf))
  return !before.explicit_link.some((row) => taken.has(targetOf(row)))
}

const targetOf = (row: ClaimRow) => JSON.stringify(['target', row['route_id'], row['target_key']])

/** True when two changes are about the same row, or about the same account of a link. */
export function doMeet(one: Change, other: Change): boolean {
  const touched = touches(one)
  return [...touches(other)].some((text) => touched.has(text))
}

const touches = ({ before, after }: Change): Set<string> =>
  new Set(
    [before, after].flatMap((claims) => [...each(claims, keyOf), ...claims.explicit_link.map(targetOf)]),
  )
