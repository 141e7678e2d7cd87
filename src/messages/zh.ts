import { acts } from './zh/acts.ts'
import { alarms } from './zh/alarms.ts'
import * as checks from './zh/checks.ts'
import { cli } from './zh/cli.ts'
import { contacts } from './zh/contacts.ts'
import { failures, platformNames } from './zh/failures.ts'
import { freshness } from './zh/freshness.ts'
import * as identity from './zh/identity.ts'
import { links } from './zh/links.ts'
import { reports } from './zh/reports.ts'
import { setupPlace, setupProblem } from './zh/setup.ts'
import { sheetProblem } from './zh/sheets.ts'
import { stalls } from './zh/stalls.ts'

/** Every word people read, in Chinese: the source of the keys. */
export const zh = {
  platformNames,
  failures,
  setupProblem,
  setupPlace,
  reason: identity.reason,
  remedy: identity.remedy,
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
  editions: checks.editions,
  acts,
  alarms,
  cli,
  contacts,
  freshness,
  reports,
  links,
  sheetProblem,
  stalls,
}

/** What every language must have. */
export type Messages = typeof zh
