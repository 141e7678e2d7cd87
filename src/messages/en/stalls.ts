import { minuteOf } from '../written-time.ts'
import type { Messages } from '../zh.ts'

const steps: Record<string, string> = {
  sweep: 'reading punches',
  hinted: 'reading those whom events named',
  deliver: 'writing punches',
  readBack: 'reading back what was written',
  contacts: 'reading the contacts',
}

export const stalls: Messages['stalls'] = {
  steps,
  title: (step, tries, since) =>
    `“${steps[step] ?? step}” was tried ${tries} times since ${minuteOf(since)} and brought nothing; it now waits longer each time`,
  hint: (route) =>
    `All other steps go on, and nothing is lost. See in npx qintong runs and npx qintong calls --failed what the platform says, then try at once with npx qintong sync --route ${route}; it goes on by itself as soon as something changes. If it does not, report it with the log.`,
}
