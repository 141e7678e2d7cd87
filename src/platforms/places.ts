/** A bounded number of places per key, given first come, first served. */
export interface Places {
  /** Runs `work` in a place of this key, waiting for one if all are taken. */
  hold<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** At most `atOnce` pieces of work under way per key. */
export function createPlaces(atOnce: number): Places {
  const taken = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()

  const enter = async (key: string): Promise<void> => {
    const now = taken.get(key) ?? 0
    if (now < atOnce) {
      taken.set(key, now + 1)
      return
    }
    const queue = waiting.get(key) ?? []
    waiting.set(key, queue)
    // whoever leaves hands its place over, so `taken` stays as it is
    await new Promise<void>((resolve) => queue.push(resolve))
  }
  const leave = (key: string): void => {
    const next = waiting.get(key)?.shift()
    if (next) next()
    else taken.set(key, (taken.get(key) ?? 1) - 1)
  }

  return {
    async hold(key, work) {
      await enter(key)
      try {
        return await work()
      } finally {
        leave(key)
      }
    },
  }
}
