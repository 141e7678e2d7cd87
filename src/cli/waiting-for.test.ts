import { expect, test } from 'vitest'
import { messagesIn } from '#messages/messages.ts'
import { systemClock } from '../this-machine.ts'
import type { Session } from './session.ts'
import { waitingFor } from './waiting-for.ts'

/** As much of a session as a bar needs, on a terminal that keeps what is drawn. */
function onTerminal(isTerminal: boolean) {
  const drawn: string[] = []
  const stderr = { isTerminal, write: (text: string) => void drawn.push(text) }
  const session = { outside: { clock: systemClock, stderr }, words: messagesIn('zh') } as unknown as Session
  return { drawn, session }
}
const work = () => systemClock.sleep(1_500).then(() => 'done')

test('what takes longer than a second says on a terminal that it goes on, and leaves the line empty', async () => {
  const { drawn, session } = onTerminal(true)
  expect(await waitingFor(session, 'import', work)).toBe('done')
  expect(drawn.join('')).toContain('导入对应表 … 已用 1')
  expect(drawn.at(-1)).toMatch(/^\r +\r$/)
})

test('nothing is drawn where nobody looks, and a failure comes through', async () => {
  const { drawn, session } = onTerminal(false)
  await expect(waitingFor(session, 'import', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(drawn).toEqual([])
})
