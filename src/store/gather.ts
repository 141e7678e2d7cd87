/**
 * Turns many single writes into few: while one batch is being written the next one gathers, so a lone item waits for
 * nobody and a burst shares its commits. An item's promise settles as its batch's `write` does; `write` answers each
 * item in order. When a batch fails in a way that one bad item may have caused (`isOneToBlame`), each is tried alone.
 */
export function gather<Item, Answer>(ask: {
  write: (items: readonly Item[]) => Promise<Answer[]>
  most: number
  isOneToBlame: (error: unknown) => boolean
}): (item: Item) => Promise<Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, ask.most)
      waiting = waiting.slice(ask.most)
      await settle(batch)
    }
    isWriting = false
  }

  async function settle(batch: Waiting[]): Promise<void> {
    try {
      const answers = await ask.write(batch.map(({ item }) => item))
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i]!)
    } catch (error) {
      if (batch.length > 1 && ask.isOneToBlame(error)) for (const one of batch) await settle([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWriting) void writeAll()
    })
}
