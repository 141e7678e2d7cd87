import { existsSync, readFileSync } from 'node:fs'

/** Counts what every stage of `npm test` found, and says it at the end. */
export class Tally {
  passed = 0
  /** @type {string[]} */
  failed = []
  /** @type {string[]} */
  skipped = []

  /**
   * A stage that is one check: a compiler, a linter, a missing part of the system.
   * @param {string} name
   * @param {boolean} isGood
   */
  check(name, isGood) {
    if (isGood) this.passed += 1
    else this.failed.push(name)
  }

  /**
   * A run of vitest: its JSON report counts, and a run that ended badly without a failed test counts as one.
   * @param {string} stage
   * @param {string} report path
   * @param {number} exitCode
   */
  vitest(stage, report, exitCode) {
    const before = this.failed.length
    for (const file of existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : []) {
      const wasRunning = this.failed.length
      for (const { fullName, status, meta } of file.assertionResults) {
        if (status === 'passed') this.passed += 1
        else if (status === 'failed') this.failed.push(`${stage}: ${fullName}`)
        else this.skipped.push(`${stage}: ${fullName}${meta?.reason ? ` (${meta.reason})` : ''}`)
      }
      if (file.status === 'failed' && this.failed.length === wasRunning)
        this.failed.push(`${stage}: ${file.name}`)
    }
    if (exitCode !== 0 && this.failed.length === before)
      this.failed.push(`${stage}: vitest ended with ${exitCode}`)
  }

  /** The end of the output: what was skipped and why, what failed, and the one plain line that scripts read. */
  toString() {
    return [
      ...this.skipped.map((what) => `skipped  ${what}`),
      ...this.failed.map((what) => `failed   ${what}`),
      `${this.passed} passed, ${this.failed.length} failed, ${this.skipped.length} skipped`,
    ].join('\n')
  }
}
