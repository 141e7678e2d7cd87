import * as checks from './zh/checks.ts'
import { cli } from './zh/cli.ts'
import { failures, platformNames } from './zh/failures.ts'
import * as identity from './zh/identity.ts'
import { reports } from './zh/reports.ts'
import { setupPlace, setupProblem } from './zh/setup.ts'

/** Every word people read, in Chinese: the source of the keys. */
export const zh = {
  platformNames,
  failures,
  setupProblem,
  setupPlace,
  reason: identity.reason,
  linkStatus: identity.linkStatus,
  deliveryStates: identity.deliveryStates,
  deliveryReasons: identity.deliveryReasons,
  checkNames: checks.checkNames,
  checkWarnings: checks.checkWarnings,
  checkPassed: checks.passed,
  checkWarned: checks.warned,
  checkFailed: checks.failedCheck,
  place: checks.place,
  advice: checks.advice,
  cli,
  reports,
}

/** What every language must have. */
export type Messages = typeof zh
