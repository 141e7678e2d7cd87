import { acts } from './en/acts.ts'
import { alarms } from './en/alarms.ts'
import * as checks from './en/checks.ts'
import { cli } from './en/cli.ts'
import { contacts } from './en/contacts.ts'
import { failures, platformNames } from './en/failures.ts'
import { freshness } from './en/freshness.ts'
import * as identity from './en/identity.ts'
import { links } from './en/links.ts'
import { reports } from './en/reports.ts'
import { setupPlace, setupProblem } from './en/setup.ts'
import { sheetProblem } from './en/sheets.ts'
import { stalls } from './en/stalls.ts'
import type { Messages } from './zh.ts'

/** Every word people read, in English: the compiler holds it to the keys of zh.ts. */
export const en: Messages = {
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
