import { brakeHours, isLoop } from '#domain/brake.ts'
import { dingtalkUpload } from '#platforms/dingtalk/limits.ts'
import { pullBrake, readRouteWrites, releaseBrake, takeBrakeLook } from '#store/brake.ts'
import type { RouteRow } from '#store/setup.ts'
import type { AppParts } from './parts.ts'

/** A route that writes is looked at this often. */
const restMs = 60_000

/**
 * Looks whether a route that has just written goes round in a circle: then its writing stops until a person lets it go on,
 * and reading does not. True when it was stopped here.
 */
export async function watchBrake(parts: AppParts, { id, key }: RouteRow): Promise<boolean> {
  const { database, tenant, clock, log } = parts
  const db = database.kysely
  const now = clock.now()
  if (!(await takeBrakeLook(db, tenant, id, { now, restMs }))) return false
  const since = now.subtract({ hours: brakeHours })
  const counted = await readRouteWrites(db, tenant, id, { since, mark: dingtalkUpload.nameMark })
  if (!isLoop(counted)) return false
  // Only what people punched is a reason to write.
  const punches = counted.punches - counted.echoes
  await pullBrake(db, tenant, id, { now, writes: counted.written, punches })
  log.warn({ route: key, ...counted }, 'brake pulled')
  return true
}

/** Lets it write again. True when it had been stopped. */
export const letGo = ({ database, tenant, clock }: AppParts, { id }: RouteRow): Promise<boolean> =>
  releaseBrake(database.kysely, tenant, id, clock.now())
