import { createSandbox } from '#sandbox/sandbox.ts'
import type { Told } from './founder.ts'

const addresses = { dingtalk: 'http://127.0.0.1:4011', wecom: 'http://127.0.0.1:4012' }

const applied = (company: Told, text: string): Promise<unknown> =>
  company.does((app) => app.apply({ text, file: 'setup.yaml', dryRun: false }))

/** A second subsidiary with corps of its own on both platforms, in the same group. */
export async function foundSubsidiary(company: Told, apply = applied) {
  const sandbox = createSandbox({
    ...{ seed: 901, people: 3, days: 1, style: 'plain', addresses },
    now: () => company.clock.now(),
    sleep: (ms) => company.clock.sleep(ms),
    faults: { duplicates: 'store' },
  })
  const theirs = company.sandbox.transport
  company.sandbox.transport = (request) =>
    request.url.startsWith(addresses.dingtalk) || request.url.startsWith(addresses.wecom)
      ? sandbox.transport(request)
      : theirs(request)
  const text = sandbox
    .ready()
    .setupYaml.replaceAll(/\bhq\b/g, 'sz')
    .replaceAll('总部', '苏州')
  await apply(company, text)
  return sandbox
}

export const inSuzhou = (company: Told) =>
  company.does((app) =>
    app.sync({ route: 'sz', waitMs: 90_000, signal: new AbortController().signal, onProgress: () => {} }),
  )
