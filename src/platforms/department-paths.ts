/** Departments as a walk found them; `parent` null or unknown ends a path. */
export type Departments = Map<number, { name: string | null; parent: number | null }>

/** The organisation's root department, on both platforms. */
export const rootDepartment = 1

/**
 * Where a department stands: its path of names from below the root, `总部/研发中心` (a nameless one shows its id), and
 * the ids from itself up to the root, so that a scope may name any of them. The root itself has the path ''.
 */
export function placeOf(departments: Departments, id: number): { path: string; ids: string[] } {
  const names: string[] = []
  const ids: string[] = []
  const seen = new Set<number>()
  let current: number | null = id
  // a tree that bites its own tail ends here too
  while (current !== null && current > 0 && !seen.has(current)) {
    seen.add(current)
    ids.push(String(current))
    const found = departments.get(current)
    if (current !== rootDepartment) names.unshift(found?.name?.trim() || String(current))
    current = found?.parent ?? null
  }
  return { path: names.join('/'), ids }
}

/** The places of several departments of one person: paths and ids, each once, in a stable order. */
export function placesOf(departments: Departments, of: Iterable<number>): { paths: string[]; ids: string[] } {
  const paths = new Set<string>()
  const ids = new Set<string>()
  for (const id of [...new Set(of)].sort((a, b) => a - b)) {
    const place = placeOf(departments, id)
    // a department that the app may not see has no name to show; its id stays
    if (place.path !== '' && departments.has(id)) paths.add(place.path)
    for (const each of place.ids) ids.add(each)
  }
  return { paths: [...paths], ids: [...ids] }
}
