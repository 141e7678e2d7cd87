const lookEveryMs = 50

/** Whether something becomes true within so many milliseconds of real time. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    if (await isTrue()) return true
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  return false
}
