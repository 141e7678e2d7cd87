import type { CompanyAsk } from './company.ts'

/** A misfortune to tell stories about: switches while it lasts, and how they stand once it is over. */
export type Misfortune = {
  name: string
  faults: Record<string, unknown>
  calm: Record<string, unknown>
  /** The end may stay in doubt: what the target shows cannot tell, so only a person may send again. */
  mayStayInDoubt?: boolean
  /** The platform refuses calls for a limit that somebody else used up: what it counts is not our doing. */
  isOthersLimit?: boolean
  style?: CompanyAsk['style']
}

const over = (name: string) => ({ [name]: false })

/** Every switch that may cost or double a punch, alone and in the combinations that hurt. */
export const misfortunes: readonly Misfortune[] = [
  { name: 'none but the crash', faults: {}, calm: {} },
  { name: 'answerLost', faults: { answerLost: 0.3 }, calm: over('answerLost') },
  {
    name: 'answerLost on writes',
    faults: { answerLost: { next: 3, api: 'add_checkin_record' } },
    calm: over('answerLost'),
  },
  { name: 'effectLost', faults: { effectLost: 0.5 }, calm: over('effectLost') },
  { name: 'busy before the effect', faults: { busy: 0.3 }, calm: over('busy') },
  { name: 'busy after the effect', faults: { busy: { probability: 0.3, after: true } }, calm: over('busy') },
  { name: 'http5xx', faults: { http5xx: { probability: 0.3, after: true } }, calm: over('http5xx') },
  {
    name: 'slow beyond the time-out',
    faults: { slow: { probability: 0.2, ms: 40_000, effect: 'after' } },
    calm: over('slow'),
  },
  { name: 'tokenRevokedEarly', faults: { tokenRevokedEarly: 0.3 }, calm: over('tokenRevokedEarly') },
  {
    name: 'htmlBan',
    faults: { htmlBan: { probability: 0.05, seconds: 120 } },
    calm: over('htmlBan'),
    isOthersLimit: true,
  },
  { name: 'garbage', faults: { garbage: 0.2 }, calm: over('garbage') },
  {
    name: 'visibilityDelay 5–90 s',
    faults: { visibilityDelay: { min: 5, max: 90 } },
    calm: { visibilityDelay: 0 },
  },
  {
    name: 'visibilityDelay to 40 min and answers lost',
    faults: {
      visibilityDelay: { min: 60, max: 2400 },
      answerLost: { probability: 0.5, api: 'add_checkin_record' },
    },
    calm: { answerLost: false },
  },
  {
    name: 'duplicates refused',
    faults: { duplicates: 'error', answerLost: 0.3 },
    calm: { answerLost: false },
  },
  {
    name: 'duplicates ignored',
    faults: { duplicates: 'ignore', answerLost: 0.3 },
    calm: { answerLost: false },
  },
  {
    name: 'shows winners only, effects lost',
    faults: { shows: 'winners', effectLost: 0.4 },
    calm: { effectLost: false },
    mayStayInDoubt: true,
  },
  {
    name: 'partial prefix, unknown member',
    faults: { partial: 'prefix', outOfScope: 'drop' },
    calm: {},
    style: 'sample',
  },
  { name: 'partial skipSilently', faults: { partial: 'skipSilently' }, calm: {}, style: 'sample' },
  { name: 'unknown user ids dropped', faults: { unknownUserid: 'drop' }, calm: {}, style: 'sample' },
  {
    name: 'late punches',
    faults: { latePunches: { probability: 0.5, delaySeconds: 3600 } },
    calm: { latePunches: false },
    style: 'sample',
  },
  {
    name: 'amended in place',
    faults: { amendedPunches: { probability: 0.5, delaySeconds: 1800, mode: 'inPlace' } },
    calm: { amendedPunches: false },
    style: 'sample',
  },
  {
    name: 'amended as a new row',
    faults: { amendedPunches: { probability: 0.5, delaySeconds: 1800, mode: 'newRow' } },
    calm: { amendedPunches: false },
    style: 'sample',
  },
  {
    name: 'amended under a new id, while deliveries are slow to show',
    faults: {
      amendedPunches: { probability: 0.5, delaySeconds: 1800, mode: 'newId' },
      visibilityDelay: { min: 60, max: 2400 },
    },
    calm: { amendedPunches: false },
  },
  {
    name: 'amended by approval',
    faults: { amendedPunches: { probability: 0.5, delaySeconds: 1800, mode: 'approve' } },
    calm: { amendedPunches: false },
    style: 'sample',
  },
  { name: 'rows not asked for', faults: { rowsOutsideWindow: true }, calm: {}, style: 'sample' },
  {
    name: 'numbers in quotes',
    faults: { stringNumbers: true, unknownEnums: true },
    calm: {},
    style: 'sample',
  },
  { name: 'lower-case echoes', faults: { lowercaseUserids: true }, calm: {}, style: 'sample' },
  { name: 'synthetic rows', faults: { notSignedRows: true }, calm: {}, style: 'sample' },
  {
    name: 'quota used up for a while',
    faults: { quotaExhausted: true },
    calm: { quotaExhausted: false },
    isOthersLimit: true,
  },
  {
    name: 'IP not trusted for a while',
    faults: { ipNotTrusted: { wecom: true } },
    calm: { ipNotTrusted: { wecom: false } },
  },
  {
    name: 'no check-in permission for a while',
    faults: { permissionMissing: { wecom: ['checkin'] } },
    calm: { permissionMissing: {} },
  },
  {
    name: 'everything at once',
    faults: {
      answerLost: 0.1,
      effectLost: 0.1,
      busy: { probability: 0.1, after: true },
      http5xx: 0.1,
      tokenRevokedEarly: 0.1,
      garbage: 0.05,
      visibilityDelay: { min: 0, max: 600 },
      rowsOutsideWindow: true,
      stringNumbers: true,
    },
    calm: {
      answerLost: false,
      effectLost: false,
      busy: false,
      http5xx: false,
      tokenRevokedEarly: false,
      garbage: false,
    },
    style: 'sample',
  },
]
