import type { Operations } from '#cli/operations.ts'
import { setRoutePaused } from '#store/setup.ts'
import { acts, undo } from './app/acts.ts'
import { alarms, testAlarms } from './app/alarms.ts'
import { apply } from './app/apply.ts'
import { letGo } from './app/brake.ts'
import { check } from './app/check.ts'
import { accountHistory, contacts, previewContacts } from './app/contacts.ts'
import { delivered } from './app/delivered.ts'
import { linksImport, linksTable } from './app/links.ts'
import { confirm, link, unlink } from './app/links-by-hand.ts'
import { people } from './app/list-people.ts'
import type { AppParts } from './app/parts.ts'
import { calls, punches, runs, status } from './app/reads.ts'
import { resend } from './app/resend.ts'
import { routeNamed } from './app/route-ends.ts'
import { serve } from './app/serve.ts'
import { plan, sync } from './app/sync.ts'
import { addTenant, tenants } from './app/tenants.ts'
import { undoContacts } from './app/undo-contacts.ts'

/** The whole product, wired. main, the simulation and the tests are its only callers; `close` puts its parts away. */
export function createApp(parts: AppParts, close: () => Promise<void> = async () => {}): Operations {
  const setPaused = async (name: string, isPaused: boolean) => {
    const { route } = await routeNamed(parts, name)
    await setRoutePaused(parts.database.kysely, parts.tenant, route.id, isPaused)
    const isReleased = !isPaused && (await letGo(parts, route))
    const changed = route.isPaused !== isPaused || isReleased
    return { route: name, paused: isPaused, changed, ...(isReleased && { released: true }) }
  }
  const operations: Operations = {
    apply: (ask) => apply(parts, ask),
    check: (ask) => check(parts, ask),
    plan: (ask) => plan(parts, ask),
    sync: (ask) => sync(parts, ask),
    pause: (route) => setPaused(route, true),
    resume: (route) => setPaused(route, false),
    resend: (route) => resend(parts, route),
    contacts: (ask) => contacts(parts, ask),
    previewContacts: (ask) => previewContacts(parts, ask),
    undoContacts: (ask) => undoContacts(parts, ask),
    accountHistory: (account) => accountHistory(parts, account),
    people: (ask) => people(parts, ask),
    link: (a, b) => link(parts, a, b),
    confirm: (a, b) => confirm(parts, a, b),
    unlink: (account, other) => unlink(parts, account, other),
    delivered: (ask) => delivered(parts, ask),
    acts: (ask) => acts(parts, ask),
    undo: (act) => undo(parts, act),
    linksTable: (ask) => linksTable(parts, ask),
    linksImport: (ask) => linksImport(parts, ask),
    punches: (ask) => punches(parts, ask),
    calls: (ask) => calls(parts, ask),
    runs: (ask) => runs(parts, ask),
    status: () => status(parts),
    tenants: () => tenants(parts),
    addTenant: (ask) => addTenant(parts, ask),
    alarms: (ask) => alarms(parts, ask),
    testAlarms: (ask) => testAlarms(parts, ask),
    serve: (ask) => serve(parts, operations, ask),
    [Symbol.asyncDispose]: close,
  }
  return operations
}
