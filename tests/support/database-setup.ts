import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { holdEmbedded } from '#store/embedded/embedded.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The home of the run's embedded server; nobody has started it until a test asks. */
    databaseHome: string
  }
}

/** One embedded server for the whole run: the first test that asks starts it, the end of the run stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'qintong-test-'))
  const held = await holdEmbedded(home)
  project.provide('databaseHome', home)
  return async () => {
    await held.release()
    await rm(home, { recursive: true, force: true })
  }
}
