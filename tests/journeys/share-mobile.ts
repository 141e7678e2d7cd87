import type { Someone, Told } from './founder.ts'

/** Two people with one telephone, and nothing else of theirs by which both sides know them. */
export function shareMobile({ sandbox }: Told, one: Someone, other: Someone): void {
  const { mobile } = sandbox.view().dingtalk.people.find(({ userId }) => userId === one.dingtalk)!
  for (const who of [one, other])
    sandbox.staff({ act: 'change', dingtalk: who.dingtalk, mobile, jobNumber: null })
  sandbox.staff({ act: 'change', wecom: other.wecom, mobile: null, jobNumber: null })
  sandbox.staff({ act: 'change', wecom: one.wecom, jobNumber: null })
}
