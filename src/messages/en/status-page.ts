import type { statusPage as source } from '../zh/status-page.ts'

/** What the status page says. Times, numbers and names arrive already written out. */
export const statusPage: typeof source = {
  htmlLang: 'en',
  brand: 'Qintong',
  title: 'Sync status',
  tab: (verdict: string) => `${verdict} · Qintong`,
  skip: 'Skip to content',
  preferences: 'Page options',
  otherLanguage: '中文',
  stopRefresh: 'Stop refreshing',
  startRefresh: 'Refresh again',
  written: 'Page written ',
  refreshing: (seconds: number) => `refreshes every ${seconds} seconds`,
  notRefreshing: 'refreshing is stopped',
  verdict: {
    empty: 'No route is set up yet',
    never: 'Nothing has been synced yet',
    paused: (count: string) => (count === '1' ? '1 route is paused' : `${count} routes are paused`),
    failed: (count: string, route?: string) =>
      route
        ? `The last sync of route ${route} did not finish`
        : count === '1'
          ? 'The last sync did not finish'
          : `The last sync of ${count} routes did not finish`,
    alarms: (count) => (count === '1' ? '1 alarm needs attention' : `${count} alarms need attention`),
    stale: 'Nothing has been updated for more than a day',
    store: 'The database takes nothing just now',
    stalled: (count: string) => (count === '1' ? '1 step brings nothing' : `${count} steps bring nothing`),
    waiting: (count: string) =>
      count === '1' ? '1 punch waits for a person' : `${count} punches wait for a person`,
    checking: (count: string) =>
      count === '1'
        ? '1 punch is being verified; nobody is needed'
        : `${count} punches are being verified; nobody is needed`,
    people: (count: string) =>
      count === '1' ? '1 person waits to be identified' : `${count} people wait to be identified`,
    unknown: (count: string) =>
      count === '1'
        ? 'Not all punches of 1 person were read'
        : `Not all punches of ${count} people were read`,
    clear: 'All is well: nothing waits for a person',
  },
  empty: {
    lead: 'Qintong is running, and does not know yet which company to sync. Three steps to the first punches:',
    apply: 'Write setup.yaml and apply it',
    check: 'Check permissions and trusted IPs on both sides',
    sync: 'Rehearse, then sync (put the id of your route for hq)',
    demo: 'Only looking? Try it with the sample company in the sandbox; no real data is touched:',
  },
  route: (name: string) => `Route ${name}`,
  directions: {
    'dingtalk-to-wecom': (dingtalk: string, wecom: string) => [dingtalk, '→', wecom],
    'wecom-to-dingtalk': (dingtalk: string, wecom: string) => [wecom, '→', dingtalk],
    both: (dingtalk: string, wecom: string) => [dingtalk, '⇄', wecom],
  } as Record<string, (dingtalk: string, wecom: string) => [string, string, string]>,
  to: 'to',
  paused: 'Paused',
  pausedSince: 'This route is paused: nothing is read or written, and all data is kept.',
  freshness: {
    before: 'Up to ',
    all: (total: string) => `, the punches of all ${total} people are complete.`,
    some: (have: string, total: string) => `, the punches of ${have} of ${total} people are complete.`,
    none: (total: string) => `, the punches of none of the ${total} people are complete yet.`,
    nobody: '; but nobody is in scope yet.',
    never: 'Nothing has been synced yet, so nobody’s punches are known.',
  },
  ways: {
    colon: ': ',
    never: 'never read',
    have: (have, total) => ` for ${have} of ${total}`,
    standsStill: 'stands still, ',
    nextTry: (at) => ['It is tried again ', at, '.'],
  },
  lastRunFailed: 'The last sync did not finish',
  sandbox: {
    text: 'This is the demo: a sandbox on this machine plays both platforms. ',
    link: 'Open it to compare both sides, bring misfortune and push the clock',
  },
  waiting: {
    title: 'Punches not settled yet',
    none: 'None. Every punch read was delivered and verified, or never had to travel.',
    noneKnown: 'None so far; but the last sync did not finish, so some may not have been read.',
    noneYet: 'After the first sync, punches that need a person are listed here.',
    braked: 'stopped',
    brakedText:
      'This route wrote far more records than there were punches, so writing has stopped by itself; reading goes on and every punch is kept. When the cause is found, let it go on.',
    outOfCalls: 'waiting for calls',
    outOfCallsText:
      'Writing into DingTalk takes a metered call each, and what is left this month goes to reading every day. Every punch is kept and written when there are calls again. See what can be done:',
    owed: 'to be written',
    owedText: 'It is settled who they belong to; the next sync writes them, nobody is needed.',
    held: 'held',
    heldText: 'Read and kept. Once it is settled who they belong to, the next sync sends them; none is lost.',
    refused: 'refused',
    refusedText: 'The platform refused them. See its reason, put it right, then sync again.',
    inDoubt: 'in doubt',
    inDoubtText:
      'Sent, but not seen on the other side yet. The next sync looks before it decides; nothing is written twice.',
    reasons: {
      unlinked: 'no linked account on the other side',
      suggested: 'a person must confirm who it is',
      conflicting: 'the evidence conflicts',
      approvedSlot: 'an approval filled the slot; it is not overwritten',
      voidThere: 'the other platform has a void punch in this very second; please look there',
      amended: 'the source amended it after it was delivered: put it right in WeCom by hand',
    } as Record<string, string>,
    lastWindow: 'In the window of the latest sync: ',
    count: (count: string) => count,
    next: 'Next',
  },
  people: {
    title: 'People',
    bar: 'How far people are identified',
    count: (count: string) => count,
    none: 'Nobody has been read yet.',
    allLinked: 'Everybody is linked.',
    caption: 'People who are not identified yet',
    heads: { person: 'Person', status: 'Status', because: 'Because', next: 'Next' },
    maybe: 'Perhaps',
    more: (count: string) => `${count} more; see everybody:`,
    link: 'When it is the same person, run:',
    linkEither: 'Run the one that is right:',
    linkUnknown: 'Once you know the other account, run:',
  },
  quota: {
    title: 'Platform call quota',
    used: (used: string, quota: string) => `${used} of ${quota} calls used this month`,
    unmetered: 'Calls of this connection are not metered.',
    planned: (expected: string) => `As planned, ${expected} calls by the end of the month.`,
    least: (times: string, least: string) =>
      `So far ${times} times the fewest calls possible (${least}); the rest keeps things fresh between the peaks.`,
    early: 'The month has only begun; no trend to see yet.',
    events: (used, quota) => `${used} metered event deliveries this month, of ${quota}.`,
    eventsGone: (used, quota) =>
      `This month’s event deliveries are used up (${used}/${quota}); until the month ends punches are read as planned: later, and without loss.`,
    enough: (expected: string) => `At this month’s pace about ${expected} calls by its end: enough.`,
    tight: (expected: string) => `At this month’s pace about ${expected} calls by its end: little to spare.`,
    short: (day: string) =>
      `At this month’s pace it runs out about ${day}. Set a longer pollEvery in setup.yaml, or upgrade the edition.`,
    gone: (day: string) => `This month’s quota is used up. It goes on by itself on ${day}; no punch is lost.`,
  },
  runs: {
    title: 'Latest syncs',
    none: 'Nothing has been synced yet.',
    caption: 'The latest runs, newest first',
    heads: {
      at: 'Started',
      route: 'Route',
      window: 'Window',
      read: 'Read',
      written: 'Written',
      verified: 'Verified',
      open: 'Open',
      result: 'Result',
    },
    states: {
      queued: 'queued',
      running: 'running',
      done: 'done',
      open: 'done; some wait',
      failed: 'failed',
      withdrawn: 'withdrawn',
    } as Record<string, string>,
    until: ' to ',
    took: (text: string) => `took ${text}`,
    dash: '—',
  },
  footer: {
    about: 'About this server',
    version: (version: string) => `Qintong ${version}`,
    database: (kind: string) => (kind === 'embedded' ? 'embedded database' : 'external PostgreSQL'),
    api: 'Status JSON',
    metrics: 'Metrics',
    ready: 'Readiness',
  },
  time: {
    today: (clock: string) => `today ${clock}`,
    yesterday: (clock: string) => `yesterday ${clock}`,
    day: (month: number, day: number) =>
      `${day} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]}`,
    on: (day: string, clock: string) => `${day}, ${clock}`,
    offset: (offset: string) => ` (${offset})`,
    justNow: 'just now',
    minutes: (count: number) => `${count} min ago`,
    hours: (count: number) => `${count} h ago`,
    days: (count: number) => (count === 1 ? '1 day ago' : `${count} days ago`),
    seconds: (count: string) => `${count} s`,
    minutesLong: (minutes: number, seconds: number) =>
      seconds > 0 ? `${minutes} min ${seconds} s` : `${minutes} min`,
  },
  listSeparator: ', ',
  colon: ': ',
  sentenceBreak: ' ',
  problems: {
    'not-found': {
      title: 'There is no such address',
      hint: 'Check the address, or see the sync status at /.',
    },
    'method-not-allowed': {
      title: 'This address can only be read',
      hint: 'Use GET. To change something, use the command line: npx qintong --help.',
    },
    'no-body-accepted': {
      title: 'Requests with a body are not accepted',
      hint: 'Send the request again without a body.',
    },
    'body-too-large': {
      title: 'The callback is too large',
      hint: 'Callbacks of the platforms are far below 1 MiB; check who sends to this address.',
    },
    'callback-refused': {
      title: 'This callback is not accepted',
      hint: "Check that token, encryption key and corp (or app) in the platform's console are those of setup.yaml, and the clocks of both sides; /metrics counts the reasons under qintong_callbacks_total.",
    },
    'callback-unreadable': {
      title: 'The callback could not be understood',
      hint: "Check the callback address in the platform's console; /metrics counts the reasons under qintong_callbacks_total.",
    },
    'address-too-long': {
      title: 'The address is too long',
      hint: 'Shorten it, or see the sync status at /.',
    },
    'bad-request': {
      title: 'The request could not be understood',
      hint: 'Check the address and the headers; a usual cause is an incomplete % escape in the address.',
    },
    'wrong-host': {
      title: 'This host name does not belong to Qintong',
      hint: 'Open http://127.0.0.1 or http://localhost with the port; for the name the platforms call back, set QINTONG_PUBLIC_URL.',
    },
    'sign-in-needed': {
      title:
        'There is no sign-in yet, so only health checks and callbacks of the platforms are answered here',
      hint: 'Start with --host 127.0.0.1 and open http://127.0.0.1 with the port on the machine itself, past any proxy; from elsewhere use a tunnel: ssh -L 3000:127.0.0.1:3000 SERVER.',
    },
    'not-ready': {
      title: 'Not ready yet',
      hint: 'The database does not answer yet or is being upgraded; this usually takes seconds. If it stays so, run npx qintong status to see why.',
    },
  },
  storeGoesOn:
    'There is no need to restart the service: it goes on by itself afterwards, with all that was confirmed.',
  back: 'Back to the sync status',
  code: 'Code',
}
