import type { TenantId } from '#domain/ids.ts'
import type { Transport } from '#platforms/ports.ts'
import type { Sandbox } from '#sandbox/sandbox.ts'
import { createApp } from '../../app.ts'
import type { WorldProcess } from './found-world.ts'

/** Another tenant in the same database, with platforms of its own on which everything has the same ids. */
export interface Neighbour {
  tenant: TenantId
  sandbox: Sandbox
  /** Calls its platforms have answered. */
  calls(): number
}

/** Sets it up and carries what it has; from then on nobody works for it, so nothing of it may change. */
export async function foundNeighbour(
  sandbox: Sandbox,
  begin: (transport: Transport) => Promise<WorldProcess>,
): Promise<Neighbour> {
  const process = await begin(sandbox.transport)
  const app = createApp(process.parts)
  await app.apply({ text: sandbox.ready().setupYaml, file: 'setup.yaml', dryRun: false })
  await app.sync({
    route: 'hq',
    waitMs: 0,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  await process.stop()
  const counters = () => Object.values(sandbox.world.ledger.counters()).flatMap((one) => Object.values(one))
  return {
    tenant: process.parts.tenant,
    sandbox,
    calls: () => counters().reduce((sum, { calls }) => sum + calls, 0),
  }
}
