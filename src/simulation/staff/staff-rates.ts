/**
 * Every corruption is a switch with a rate. The defaults are one plausible company of five thousand: it introduced
 * both platforms for different reasons, ten years apart, keeps DingTalk's roster for pay and WeCom's for chatting, and
 * has mostly, not always, typed job numbers into both. About one person in six has neither a mobile nor a job number
 * that both sides show; these rest on soft evidence alone, which is thinner for them than for others, because
 * whoever is not kept well is not kept well anywhere (`neglect`).
 *
 * Rates are shares of people unless a comment says otherwise.
 */
export const usualRates = {
  // Who is there
  /** One-sided people: machine-only workers without WeCom, board members without DingTalk. */
  onlyOnDingtalk: 0.03,
  onlyOnWecom: 0.02,
  /** Left within the years the rosters look back. */
  leaver: 0.08,
  /** Of leavers: still an active account on the WeCom side, which nobody told; not there at all; else a tombstone. */
  leaverStaysOnWecom: 0.35,
  leaverGoneFromWecom: 0.25,
  leaverGoneFromDingtalk: 0.15,
  /** Came back under a new user id. */
  rehired: 0.015,
  /** Of those: WeCom kept one account through both stays. */
  rehiredKeepsWecom: 0.3,
  /** Of people in a group of companies: accounts in a second subsidiary as well. */
  seconded: 0.04,
  /** Of leavers: the user id was given to a later joiner. */
  reusedUserId: 0.05,
  /** Accounts that came with an import and never signed in: no e-mail, title or superior. On either side. */
  neverActivated: 0.03,
  outsourced: 0.07,
  intern: 0.03,
  /** How much likelier a field is missing for outsourced people and interns. */
  neglect: 3,
  /** Given the name of a colleague in the same department, beyond what chance makes. */
  sameNameInDepartment: 0.005,

  // Mobile: apps made since June 2022 are not given them, older ones and members who consent are
  mobileHiddenOnWecom: 0.7,
  mobileHiddenOnDingtalk: 0.01,
  /** Another number on one side: people change theirs and tell one system. */
  mobileChanged: 0.03,
  /** A couple, or a team registered with its leader's telephone. On one side in two cases of three, else on both. */
  mobileShared: 0.008,
  /** Not a telephone number on one side: a digit too few, a letter, two numbers in one cell. */
  mobileMalformed: 0.005,
  /** Of numbers: blanks, hyphens, `+86`, `0086`. Harmless to whoever reads numbers properly. */
  mobileFormatted: 0.1,
  mobileHkMacau: 0.007,

  // Job number
  jobNumberMissingOnDingtalk: 0.04,
  jobNumberMissingOnWecom: 0.13,
  /** The agency's or a former employer's number on one side. */
  jobNumberOtherScheme: 0.015,
  /** On one side: a letter prefix more or less; zeros lost to a spreadsheet. */
  jobNumberPrefix: 0.06,
  jobNumberLostZeros: 0.08,
  /** Of leavers: their number was given to a later joiner. */
  jobNumberReused: 0.1,
  /** Of connections: the whole column has a prefix, or lost its zeros. */
  jobNumberPrefixEverywhere: 0.1,
  jobNumberLostZerosEverywhere: 0.1,
  /** Somebody else's number, by a slip in one row, on one side. */
  jobNumberDuplicate: 0.003,
  jobNumberPlaceholder: 0.01,

  // Name, on one side
  nameHomophone: 0.006,
  nameLookAlike: 0.003,
  nameTraditional: 0.004,
  /** Of names with a character that old systems cannot write. */
  nameStandIn: 0.4,
  /** Of leavers who are still there, outsourced people and interns. */
  nameSuffix: 0.45,
  nameNickname: 0.02,
  namePinyin: 0.01,
  nameBlank: 0.012,
  nameTypo: 0.004,
  /** Of names with a dot: another dot, a blank or nothing. Of foreign ones: surname first, or in capitals. */
  nameOtherDot: 0.3,
  nameOtherOrder: 0.3,
  /** Of namesakes in one department: `王伟2`, `小王伟`, as the administrator tells them apart on one side. */
  nameNumbered: 0.3,

  // Departments. The first three are shares of departments, as WeCom's tree has them
  departmentRenamed: 0.12,
  departmentMoved: 0.06,
  departmentOtherTree: 0.1,
  /** Moved on one side, not yet on the other. */
  departmentStale: 0.04,
  departmentSeveral: 0.05,

  // The rest
  hireDateMissingOnDingtalk: 0.05,
  hireDateMissingOnWecom: 0.4,
  /** Signed, started, or out of probation: a few days, sometimes months. */
  hireDateOff: 0.12,
  emailMissingOnDingtalk: 0.35,
  emailMissingOnWecom: 0.4,
  emailPersonal: 0.08,
  emailOtherDomain: 0.1,
  titleMissing: 0.3,
  titleOther: 0.15,
  managerMissingOnDingtalk: 0.15,
  managerMissingOnWecom: 0.35,
}

export type StaffRates = { [Name in keyof typeof usualRates]: number }

/** What `StaffPerson.corruptions` may hold. */
export type Corruption = keyof StaffRates

const noMobiles = { mobileHiddenOnWecom: 1, mobileHiddenOnDingtalk: 1 }
const noJobNumbers = { jobNumberMissingOnWecom: 1, jobNumberMissingOnDingtalk: 1 }

/** Companies that differ from the usual one in what matters most. */
export const staffPresets = {
  usual: {},
  'no-mobiles': { rates: noMobiles },
  'no-job-numbers': { rates: noJobNumbers },
  neither: { rates: { ...noMobiles, ...noJobNumbers } },
  /** WeCom as its interface gives it to a new app: no mobile, no e-mail, no hire date. */
  'new-wecom-app': {
    rates: { mobileHiddenOnWecom: 1, emailMissingOnWecom: 1, hireDateMissingOnWecom: 1 },
  },
  /** Nobody minds the rosters: slips, namesakes, strangers and shared telephones three times as often as usual. */
  'badly-kept': {
    rates: {
      onlyOnDingtalk: 0.08,
      onlyOnWecom: 0.06,
      sameNameInDepartment: 0.015,
      mobileShared: 0.025,
      mobileChanged: 0.08,
      jobNumberMissingOnWecom: 0.3,
      jobNumberDuplicate: 0.01,
      jobNumberOtherScheme: 0.05,
      jobNumberReused: 0.3,
      nameHomophone: 0.02,
      nameLookAlike: 0.01,
      nameTypo: 0.012,
      nameNickname: 0.06,
      departmentStale: 0.12,
      hireDateOff: 0.3,
    },
  },
  /** Two subsidiaries, four corps; each numbers its people from one. */
  group: { subsidiaries: 2 },
  'small-20': { people: 20 },
  'small-50': { people: 50 },
  'small-120': { people: 120 },
} as const satisfies Record<string, { people?: number; subsidiaries?: number; rates?: Partial<StaffRates> }>

export type StaffPreset = keyof typeof staffPresets
