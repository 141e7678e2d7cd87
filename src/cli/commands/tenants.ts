import type { Command } from 'commander'
import { addCommand } from '../command-line.ts'
import type { Session } from '../session.ts'
import { formatTable } from '../text-width.ts'

/** `tenant add` and `tenant list`. */
export function addTenants(program: Command, session: Session): void {
  const { cli, reports } = session.words
  const { tenant: texts } = reports
  const tenant = addCommand(program, session, 'tenant')
  addCommand(tenant, session, 'tenant add')
    .argument('<key>', cli.operands.tenant)
    .option('--name <NAME>', cli.flags.tenantName)
    .action(async (key: string, { name }: { name?: string }) => {
      const added = await session.withApp((app) => app.addTenant({ key, name }))
      session.answer(added, () => [
        added.created ? texts.added(added.tenant, added.name) : texts.renamed(added.tenant, added.name),
        session.next(texts.next(added.tenant)),
      ])
    })
  addCommand(tenant, session, 'tenant list').action(async () => {
    const entries = await session.withApp((app) => app.tenants())
    const rows = entries.map((entry) => [entry.tenant, entry.name])
    session.answer(entries, () => [formatTable(texts.heads, rows, 60)])
  })
}
