/** An account as far as naming its person goes. */
export type Member = {
  /** The person it stands for now. */
  personId: string
  /** The person it would be on its own. */
  ownId: string
  /** Who gives a person of several accounts its id: the lowest. Unique. */
  rank: string
}

/**
 * Names the persons behind groups of accounts, one id each, all different. An id follows the account it came from; when
 * that account is gone, it stays with those who shared it, so that somebody who returns under a new account is the same
 * person as before. The order of groups and members changes nothing.
 */
export function assignPersons(groups: readonly (readonly Member[])[]): string[] {
  const owners = new Map(
    groups.flatMap((members, index) => members.map(({ ownId }) => [ownId, index] as const)),
  )
  const named = new Array<string>(groups.length)
  const taken = new Set<string>()
  const inTurn = groups
    .map((members, index) => ({ index, members: members.toSorted(byRank) }))
    .toSorted((a, b) => byRank(a.members[0]!, b.members[0]!))
  for (const { index, members } of inTurn) {
    const inherited = members.map(({ personId }) => personId).filter((id) => !owners.has(id))
    const own = members.map(({ ownId }) => ownId)
    const id = [...inherited, ...own].find((one) => !taken.has(one))!
    named[index] = id
    taken.add(id)
  }
  return named
}

const byRank = (a: Member, b: Member) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)
