import type { Twin } from '#domain/reverse-matches.ts'
import type { AccountRow } from '#store/account-row.ts'
import type { Executor } from '#store/database.ts'
import { readAccountsNamed, readAccountsOfPersons, readIdentitiesOf } from '#store/people.ts'
import type { Way } from './context.ts'

/** Whether an account of the target is there, and nobody else has become its owner. */
type IsFree = (targetKey: string) => boolean

/** Gone as people go: not because an import was taken back, nor because the user id is written otherwise now. */
export const hasLeft = ({ goneBecause }: AccountRow): boolean =>
  goneBecause !== null && goneBecause.code !== 'undone' && goneBecause.code !== 'userid-changed'

/**
 * People who left the source keep the twin they had as long as it is free: what they punched while they were there is
 * theirs. `isFree` absent: it is looked up.
 */
export async function leaversTwins(
  db: Executor,
  way: Way,
  left: readonly AccountRow[],
  isFree?: IsFree,
): Promise<Map<string, Twin>> {
  if (left.length === 0) return new Map()
  const had = await (way.source.platform === 'dingtalk' ? linkedBefore : samePerson)(db, way, left)
  const check =
    isFree ??
    (await freeAmong(
      db,
      way,
      [...had.values()].flatMap(({ twins }) => twins),
    ))
  return new Map(
    [...had].map(([key, { status, twins }]): [string, Twin] => {
      const [twin = null, ...others] = twins.filter(check)
      if (twin !== null && others.length === 0) return [key, { status, twin }]
      return [key, { status: status === 'linked' ? 'unmatched' : status, twin: null }]
    }),
  )
}

type Had = Map<string, { status: Twin['status']; twins: string[] }>

/** As they were resolved when they were last there. */
async function linkedBefore(db: Executor, { tenant, route }: Way, left: readonly AccountRow[]): Promise<Had> {
  const keys = left.map(({ key }) => key)
  const rows = await readIdentitiesOf(db, tenant, route.id, { keys, side: 'dingtalk' })
  return new Map(
    rows.map(({ sourceKey, targetKey, status }) => [
      sourceKey,
      { status, twins: targetKey === null ? [] : [targetKey] },
    ]),
  )
}

/** Who is who is resolved from the DingTalk side, and says nothing of a WeCom account that is gone: its person does. */
async function samePerson(db: Executor, { tenant, target }: Way, left: readonly AccountRow[]): Promise<Had> {
  const persons = left.map(({ personId }) => personId)
  const byPerson = Map.groupBy(
    await readAccountsOfPersons(db, tenant, target.id, persons),
    ({ personId }) => personId,
  )
  return new Map(
    left.map(({ key, personId }) => [
      key,
      { status: 'linked', twins: (byPerson.get(personId) ?? []).map((row) => row.key) },
    ]),
  )
}

async function freeAmong(db: Executor, way: Way, keys: readonly string[]): Promise<IsFree> {
  const { tenant, route, source, target } = way
  const rows = await readIdentitiesOf(db, tenant, route.id, { keys, side: target.platform })
  const pairs = rows.flatMap(({ status, sourceKey, targetKey }) =>
    status === 'linked' && targetKey !== null ? [{ dingtalk: sourceKey, wecom: targetKey }] : [],
  )
  const owners = await presentOf(
    db,
    way,
    source.id,
    pairs.map((pair) => pair[source.platform]),
  )
  const taken = new Set(
    pairs.filter((pair) => owners.has(pair[source.platform])).map((pair) => pair[target.platform]),
  )
  const there = await presentOf(db, way, target.id, keys)
  return (key) => there.has(key) && !taken.has(key)
}

const presentOf = async (
  db: Executor,
  { tenant }: Way,
  connection: AccountRow['connectionId'],
  keys: readonly string[],
) => {
  const rows = await readAccountsNamed(db, tenant, connection, keys)
  return new Set(rows.filter((row) => row.goneAt === null).map((row) => row.key))
}
