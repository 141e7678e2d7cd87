import type { EventHint, PlatformEvent } from '#domain/platform-event.ts'
import { callbackBounds } from '#platforms/callback.ts'
import { userIdsIn } from '#platforms/hint-ids.ts'
import { child, childText, readXml } from './read-xml.ts'

const other: EventHint[] = [{ kind: 'other' }]

/**
 * What a WeCom event may mean; one that names nobody has no user ids and may concern anybody. There is no event about
 * punches. Never throws.
 * Source: contract 7.5; developer.work.weixin.qq.com/document/path/90970, 90971, 91815
 */
export function toWecomHints({ body }: Pick<PlatformEvent, 'body'>): EventHint[] {
  const read = readXml(body, callbackBounds)
  if (!read.ok || childText(read.root, 'MsgType') !== 'event') return other
  const name = childText(read.root, 'Event')
  return (Object.hasOwn(meanings, name) ? meanings[name]?.(read.root) : undefined) ?? other
}

type Root = Record<string, unknown>

const contacts = (...found: unknown[]): EventHint => ({ kind: 'contacts', userIds: userIdsIn(found.flat()) })
const listed = (root: Root, name: string): string[] => childText(root, name).split(',')

/** Who entered or left what a plain app sees: there `change_contact` never arrives. */
const visibility = (root: Root): EventHint[] => [contacts(childText(root, 'FromUserName'))]

const meanings: Record<string, (root: Root) => EventHint[]> = {
  subscribe: visibility,
  unsubscribe: visibility,
  change_contact: changeOf,
  batch_job_result: () => [contacts()],
  sys_approval_change: (root) => [
    {
      kind: 'approval',
      userIds: userIdsIn(childText(child(child(root, 'ApprovalInfo'), 'Applyer'), 'UserId')),
    },
  ],
}

const user = (root: Root): EventHint[] => [contacts(childText(root, 'UserID'))]

const changes: Record<string, (root: Root) => EventHint[]> = {
  create_user: user,
  delete_user: user,
  update_user: (root) => {
    const [from] = userIdsIn(childText(root, 'UserID'))
    const [to] = userIdsIn(childText(root, 'NewUserID'))
    if (!from || !to || from === to) return user(root)
    return [{ kind: 'userIdChanged', from, to }, contacts(to)]
  },
  update_tag: (root) => [contacts(listed(root, 'AddUserItems'), listed(root, 'DelUserItems'))],
}

function changeOf(root: Root): EventHint[] {
  const type = childText(root, 'ChangeType')
  // A department, or a change nobody told us about: anybody may be concerned.
  return (Object.hasOwn(changes, type) ? changes[type]?.(root) : undefined) ?? [contacts()]
}
