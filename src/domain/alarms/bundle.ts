/**
 * Parts of messages, in order, as few messages as hold them: many that come at once go together. A part that is too long
 * for a message of its own goes alone, and whoever writes it has to cut it.
 */
export function bundle<T>(parts: readonly T[], sizeOf: (part: T) => number, room: number): T[][] {
  const messages: T[][] = []
  let left = 0
  for (const part of parts) {
    const size = sizeOf(part)
    const last = messages.at(-1)
    if (last && size <= left) {
      last.push(part)
      left -= size
    } else {
      messages.push([part])
      left = room - size
    }
  }
  return messages
}
