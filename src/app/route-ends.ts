import { fail } from '#domain/failures.ts'
import { type ConnectionRow, type RouteRow, readConnections, readRoutes } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

export type RouteWithEnds = { route: RouteRow; dingtalk: ConnectionRow; wecom: ConnectionRow }

/** The route with this name and both its connections. Fails with `usage.unknown-route`. */
export async function routeNamed({ database, tenant }: AppParts, name: string): Promise<RouteWithEnds> {
  const routes = await readRoutes(database.kysely, tenant)
  const route = routes.find((row) => row.key === name)
  if (!route) return fail('usage.unknown-route', { route: name, known: routes.map((row) => row.key) })
  const connections = await readConnections(database.kysely, tenant)
  const end = (id: RouteRow['dingtalkId']) => connections.find((row) => row.id === id)!
  return { route, dingtalk: end(route.dingtalkId), wecom: end(route.wecomId) }
}
