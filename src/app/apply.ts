import type { ApplyReport } from '#cli/operations.ts'
import { fail } from '#domain/failures.ts'
import { accountKey, type ConnectionId } from '#domain/ids.ts'
import { parseSetup, type SetupFile } from '#settings/setup-file.ts'
import type { SetupConnection, SetupRoute } from '#settings/setup-schema.ts'
import { readChannels } from '#store/alarm-channels.ts'
import { readEndedLinks } from '#store/claims.ts'
import type { Executor } from '#store/database.ts'
import {
  audit,
  type ConnectionRow,
  readConnections,
  readExplicitLinks,
  readRoutes,
  readSubsidiaries,
  saveConnection,
  saveExplicitLink,
  saveRoute,
  saveSubsidiary,
} from '#store/setup.ts'
import { applyChannels, channelName } from './alarm-channels.ts'
import type { AppParts } from './parts.ts'

type Ask = { text: string; file: string; dryRun: boolean }

/** Declares what a setup file says, in one transaction, or changes nothing. What the file does not name stays and is listed. */
export async function apply(parts: AppParts, ask: Ask): Promise<ApplyReport> {
  return parts.database.transaction(async (tx) => {
    const before = await readAll(parts, tx)
    const { setup, problems } = parseSetup(ask.text, parts.env, before.applied)
    if (!setup) return fail('setup.invalid', { file: ask.file, problems })
    refuseWhatIsNotBuilt(setup)
    const report: ApplyReport = { created: [], changed: [], unchanged: [], notInFile: [] }
    const note = (name: string, was: unknown, is: unknown): boolean => {
      const fate = was === undefined ? 'created' : canonical(was) === canonical(is) ? 'unchanged' : 'changed'
      report[fate].push(name)
      return fate !== 'unchanged' && !ask.dryRun
    }
    await applySubsidiaries(parts, tx, setup, before, note)
    await applyConnections(parts, tx, setup, before, note)
    await applyRoutes(parts, tx, setup, before, note)
    await applyChannels(parts, tx, setup.alarms, before.channels, note)
    const ended = await applyLinks(parts, tx, setup, before, note)
    if (ended.length > 0) report.ended = ended
    report.notInFile = absentFrom(setup, before)
    if (!ask.dryRun && report.created.length + report.changed.length > 0)
      await audit(tx, parts.tenant, {
        at: parts.clock.now(),
        actor: parts.actor,
        act: 'apply',
        subject: ask.file,
        details: { created: report.created, changed: report.changed },
      })
    return report
  }, durable)
}

const durable = { isDurable: true }

type Note = (name: string, was: unknown, is: unknown) => boolean
type Before = Awaited<ReturnType<typeof readAll>>

async function readAll(parts: AppParts, tx: Executor) {
  const { tenant } = parts
  const [subsidiaries, connections, routes, links, channels] = [
    await readSubsidiaries(tx, tenant),
    await readConnections(tx, tenant),
    await readRoutes(tx, tenant),
    await readExplicitLinks(tx, tenant),
    await readChannels(tx, tenant),
  ]
  const keyOf = new Map<ConnectionId, string>(connections.map((row) => [row.id, row.key]))
  return {
    subsidiaries,
    connections,
    routes,
    links,
    channels,
    keyOf,
    applied: {
      subsidiaries: subsidiaries.map((row) => row.key),
      connections: connections.map((row) => ({ id: row.key, platform: row.platform })),
      routes: routes.map((row) => ({
        id: row.key,
        between: [keyOf.get(row.dingtalkId)!, keyOf.get(row.wecomId)!] as [string, string],
      })),
    },
  }
}

function refuseWhatIsNotBuilt(setup: SetupFile): void {
  for (const connection of setup.connections)
    if (connection.platform === 'wecom' && connection.jobNumber.from === 'roster')
      fail('usage.not-yet', { what: `${connection.id}: jobNumber: { from: roster }` })
}

async function applySubsidiaries(
  { tenant }: AppParts,
  tx: Executor,
  setup: SetupFile,
  before: Before,
  note: Note,
) {
  for (const { id, name } of setup.subsidiaries) {
    const was = before.subsidiaries.find((row) => row.key === id)
    if (note(`subsidiary ${id}`, was && { name: was.name }, { name }))
      await saveSubsidiary(tx, tenant, { key: id, name })
  }
}

async function applyConnections(parts: AppParts, tx: Executor, setup: SetupFile, before: Before, note: Note) {
  const { tenant, seal } = parts
  const subsidiaries = new Map((await readSubsidiaries(tx, tenant)).map((row) => [row.key, row.id]))
  // In a dry run a new subsidiary has no number yet; the comparison goes by its key.
  const subsidiaryKey = new Map(before.subsidiaries.map((row) => [row.id, row.key]))
  for (const connection of setup.connections) {
    const { facts, secrets } = split(connection)
    const secretPrint = seal.print(canonical(secrets))
    const visibilityMaxMs = connection.visibilityMaxMs ?? parts.options.visibilityMaxMs
    const { subsidiary, corpId } = connection
    const was = before.connections.find((row) => row.key === connection.id)
    const isNews = note(
      `connection ${connection.id}`,
      was && { ...shown(was), subsidiary: subsidiaryKey.get(was.subsidiaryId) },
      { facts, corpId, secretPrint, visibilityMaxMs, subsidiary },
    )
    if (!isNews) continue
    await saveConnection(tx, tenant, {
      key: connection.id,
      subsidiaryId: subsidiaries.get(subsidiary)!,
      platform: connection.platform,
      corpId,
      facts,
      sealed: seal.seal(JSON.stringify(secrets)),
      secretPrint,
      visibilityMaxMs,
    })
  }
}

const shown = ({ facts, corpId, secretPrint, visibilityMaxMs }: ConnectionRow) => ({
  facts,
  corpId,
  secretPrint,
  visibilityMaxMs,
})

/** What may be shown, and what is sealed. */
function split(connection: SetupConnection): {
  facts: Record<string, unknown>
  secrets: Record<string, unknown>
} {
  if (connection.platform === 'dingtalk') {
    const { clientId, agentId, operatorUserId, edition, endpoints, events, clientSecret } = connection
    return {
      facts: { clientId, agentId, operatorUserId, edition, endpoints, events: events.mode },
      secrets: {
        clientSecret,
        events: events.mode === 'http' ? { token: events.token, aesKey: events.aesKey } : null,
      },
    }
  }
  const { agentId, jobNumber, endpoints, secret, contactsSecret, callback } = connection
  return { facts: { agentId, jobNumber, endpoints }, secrets: { secret, contactsSecret, callback } }
}

async function applyRoutes({ tenant }: AppParts, tx: Executor, setup: SetupFile, before: Before, note: Note) {
  const connections = new Map((await readConnections(tx, tenant)).map((row) => [row.key, row]))
  const platforms = new Map<string, string>([
    ...setup.connections.map((one) => [one.id, one.platform] as const),
    ...before.connections.map((row) => [row.key, row.platform] as const),
  ])
  for (const route of setup.routes) {
    const [dingtalk, wecom] =
      platforms.get(route.between[0]) === 'dingtalk' ? route.between : route.between.toReversed()
    const was = before.routes.find((row) => row.key === route.id)
    const scope = scopeOf(route)
    const is = {
      dingtalk,
      wecom,
      direction: route.direction,
      since: route.since.toString(),
      scope,
      pollEveryMs: route.pollEveryMs,
      quietHours: route.quietHours,
    }
    const wasShown = was && {
      dingtalk: before.keyOf.get(was.dingtalkId),
      wecom: before.keyOf.get(was.wecomId),
      direction: was.direction,
      since: was.since.toString(),
      scope: was.scope,
      pollEveryMs: was.pollEveryMs,
      quietHours: was.quietHours,
    }
    if (!note(`route ${route.id}`, wasShown, is)) continue
    await saveRoute(tx, tenant, {
      key: route.id,
      dingtalkId: connections.get(dingtalk!)!.id,
      wecomId: connections.get(wecom!)!.id,
      direction: route.direction,
      since: route.since,
      scope,
      pollEveryMs: route.pollEveryMs,
      quietHours: route.quietHours,
    })
  }
}

/** Empty lists say nothing; a scope that says nothing is everyone. */
const scopeOf = ({ scope }: SetupRoute) =>
  Object.fromEntries(Object.entries(scope).filter(([, list]) => list.length > 0)) as Partial<
    SetupRoute['scope']
  >

/** Gives the links that stay ended: the file was written when somebody else held one of the user ids. */
async function applyLinks(
  parts: AppParts,
  tx: Executor,
  setup: SetupFile,
  before: Before,
  note: Note,
): Promise<string[]> {
  const over = await readEndedLinks(tx, parts.tenant)
  const ended: string[] = []
  const routes = new Map((await readRoutes(tx, parts.tenant)).map((row) => [row.key, row.id]))
  const wasRoute = new Map(before.routes.map((row) => [row.id, row.key]))
  for (const { dingtalk, wecom, on } of setup.links) {
    const sourceKey = accountKey('dingtalk', dingtalk)
    const targetKey = accountKey('wecom', wecom)
    const was = before.links.find((row) => wasRoute.get(row.routeId) === on && row.sourceKey === sourceKey)
    const name = `link ${on} ${dingtalk} = ${wecom}`
    const isOver = over.some(
      (row) => row.routeId === routes.get(on) && row.sourceKey === sourceKey && row.targetKey === targetKey,
    )
    if (!was && isOver) {
      ended.push(name)
      continue
    }
    if (!note(name, was && { targetKey: was.targetKey }, { targetKey })) continue
    await saveExplicitLink(
      tx,
      parts.tenant,
      {
        routeId: routes.get(on)!,
        sourceKey,
        sourceUser: dingtalk,
        targetKey,
        targetUser: wecom,
        origin: 'file',
      },
      parts.clock.now(),
    )
  }
  return ended
}

function absentFrom(setup: SetupFile, before: Before): string[] {
  const named = new Set([
    ...setup.subsidiaries.map((one) => `subsidiary ${one.id}`),
    ...setup.connections.map((one) => `connection ${one.id}`),
    ...setup.routes.map((one) => `route ${one.id}`),
    ...setup.links.map((one) => `link ${one.on} ${accountKey('dingtalk', one.dingtalk)}`),
    ...setup.alarms.map((one) => channelName(one.id)),
  ])
  const routeKey = new Map(before.routes.map((row) => [row.id, row.key]))
  const all: [string, string][] = [
    ...before.subsidiaries.map((row): [string, string] => [`subsidiary ${row.key}`, `subsidiary ${row.key}`]),
    ...before.connections.map((row): [string, string] => [`connection ${row.key}`, `connection ${row.key}`]),
    ...before.routes.map((row): [string, string] => [`route ${row.key}`, `route ${row.key}`]),
    ...before.links.map((row): [string, string] => [
      `link ${routeKey.get(row.routeId)} ${row.sourceKey}`,
      `link ${routeKey.get(row.routeId)} ${row.sourceUser} = ${row.targetUser}`,
    ]),
    ...before.channels.map((row): [string, string] => [channelName(row.key), channelName(row.key)]),
  ]
  return all.filter(([name]) => !named.has(name)).map(([, text]) => text)
}

/** One text for one value, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}
