/** Something a person has to hear before the product can start, in both languages, since none is chosen yet. */
export class LaunchError extends Error {
  /**
   * @param {string} zh
   * @param {string} en
   */
  constructor(zh, en) {
    super(`${zh}\n${en}`)
  }
}

/**
 * Says something on stderr: stdout belongs to the command.
 * @param {string} zh
 * @param {string} en
 */
export function say(zh, en) {
  process.stderr.write(`${zh}\n${en}\n`)
}
